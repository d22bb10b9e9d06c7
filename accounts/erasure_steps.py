"""The checklist of an erasure (clause 3.2): what is done for an account, in this order, before it counts as erased.

An upper floor adds its own in `AppConfig.ready`: `register("requests", "disclosures.services.erase_from_requests")`.
A step is a function that takes `user`. It runs in a transaction of its own with the account locked, does no harm when
run twice, and raises where it can't confirm that it is done; it is then tried again.
"""

from collections.abc import Callable
from typing import TypeAlias

from django.utils.module_loading import import_string

Step: TypeAlias = Callable[..., object]  # called with `user=`, the account

HERE = "accounts.services.checklist"
FIRST: dict[str, Step | str] = {
    "sessions": f"{HERE}.end_all_sessions",
    "authenticators": f"{HERE}.remove_authenticators",
    "profile": f"{HERE}.remove_profile",
    "inbox": f"{HERE}.empty_inbox",
    "cache": f"{HERE}.clear_counters",
}
LAST: dict[str, Step | str] = {
    "addresses": f"{HERE}.remove_addresses",
    "data_key": f"{HERE}.destroy_key",
    "last_notice": f"{HERE}.write_last_notice",
    "outbox": f"{HERE}.await_last_notice",
}
_added: dict[str, Step | str] = {}


def register(name: str, step: Step | str) -> None:
    """Add a step, as a function or its dotted path, to be done while the account's values can still be opened."""
    _added[name] = step


def unregister(name: str) -> None:
    """Take a step that was added out of the checklist again."""
    _added.pop(name, None)


def checklist() -> dict[str, Step]:
    """Give every step by its name, in order."""
    steps = FIRST | _added | LAST
    return {name: import_string(step) if isinstance(step, str) else step for name, step in steps.items()}
