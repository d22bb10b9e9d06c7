"""The rules of delivery that can be broken."""


class NoticeError(Exception):
    """Something that can't be done with a notice."""


class InvalidTransition(NoticeError):
    """The delivery can't go from the state it is in to the one asked for."""


class AddressGone(NoticeError):
    """The notice went to an address of its own, which is forgotten when its delivery ends."""


class NoAddress(NoticeError):
    """The account has no address any more, so no mail is owed to it."""
