"""What can go wrong with a sealed value or its keys. No message holds a value, a key or a token."""

from django.core.exceptions import FieldError, ImproperlyConfigured


class SealError(Exception):
    """A sealed value can't be opened. The account's other values, and all other accounts, are untouched."""


class SealBroken(SealError):
    """The stored value was changed, cut short, moved from another row, field or account, or never sealed."""


class KeyMissing(SealError):
    """The account has no data key: it was erased, or the row and the key database don't belong together."""


class SealedWrite(TypeError):
    """A value was about to be written to a sealed field unsealed; nothing was written."""


class SealedLookup(FieldError):
    """A sealed field was searched in a way that only plain text allows."""


class KeyringError(ImproperlyConfigured):
    """The keyring is missing, doesn't open under the root key, or lacks a version that is still in use."""
