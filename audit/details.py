"""What may be said about an event besides who and what: codes, never a person's data."""

import re
from typing import TypeAlias

from audit.exceptions import PersonalDataInDetails

Detail: TypeAlias = str | int | bool | list[str]
Details: TypeAlias = dict[str, Detail]

# Letters without accents, no space and no @: an address, a sentence or most names can't pass for a code.
CODE = re.compile(r"[A-Za-z0-9_.:,/+=-]{0,200}")


def checked(details: Details) -> Details:
    """Give the details back as plain JSON values, in which an enum's member has become its value.

    Raises:
        PersonalDataInDetails: a text isn't a code, or a value is something else than text, int, bool or a list of text.
    """
    return {name: _checked_value(name, value) for name, value in details.items()}


def _checked_value(name: str, value: Detail) -> Detail:
    if isinstance(value, str):
        return _code(name, value)
    if isinstance(value, list):
        return [_code(name, item) for item in value]
    if isinstance(value, int):
        return value
    raise PersonalDataInDetails(f"{name} is neither text, int, bool nor a list of text")


def _code(name: str, text: str) -> str:
    if isinstance(text, str) and CODE.fullmatch(text):
        return str.__str__(text)
    raise PersonalDataInDetails(f"{name} isn't a code")
