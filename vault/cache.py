"""Cache keys without content: a rate limit's key would otherwise be an unkeyed hash of an e-mail address."""

from vault.secrets import fingerprint


def blind_key(key: str, key_prefix: str, version: int) -> str:
    """Make the key under which the cache stores `key`; for `KEY_FUNCTION` of Django's CACHES."""
    return f"{key_prefix}:{version}:{fingerprint(key, 'cache')}"
