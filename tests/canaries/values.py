"""Canaries: values made up for one test, so that any trace of one can be told from everything else."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.encoding import punycode
from django.utils.formats import date_format

CONSONANTS = "bcdfghjklmnpqrstvwxz"  # no word is spelled without vowels
ACCENTS = "äñøžłé漢"  # what each encoding writes in its own way
DAYS = ["Y-m-d", "d/m/Y", "m/d/Y", "j F Y", "F j, Y", "j M Y", "M j, Y"]

chance = random.SystemRandom()


@dataclass(frozen=True)
class Canary:
    """A value as it is typed and as it is kept, and its marks: the parts that nothing but this canary has."""

    name: str
    typed: str
    kept: str
    marks: tuple[str, ...]


class Canaries:
    """One canary for every protected field (clause 1.2) and the date of birth; read by name: `canaries["email"]`."""

    def __init__(self) -> None:
        self.made: dict[str, Canary] = {}
        for name in ("real_name", "home_street", "home_city", "mailing_street", "mailing_city", "question", "answer"):
            self.add(name, f"Zoë {(mark := letters())} 7", mark)
        for name in ("password", "wrong_password", "new_password"):
            self.add(name, f"Pa55 {(mark := letters())}", mark)
        for name in ("email", "new_email", "stray_email"):
            self._add_email(name)
        self._add_numbers()

    def __getitem__(self, name: str) -> str:
        return self.made[name].typed

    def kept(self, name: str) -> str:
        """Give one as it is kept: an address with its domain in ASCII."""
        return self.made[name].kept

    def __iter__(self) -> Iterator[Canary]:
        return iter(self.made.values())

    def add(self, name: str, typed: str, *marks: str, kept: str = "") -> None:
        """Add one; without marks, the whole of it is the mark."""
        self.made[name] = Canary(name, typed, kept or typed, marks or (typed,))

    def _add_email(self, name: str) -> None:
        local, domain = plain_letters(), letters()
        ascii_domain = punycode(domain)  # as mail servers write it
        kept = f"{local}@{ascii_domain}.example"
        self.add(name, f"{local}@{domain}.example", local, domain, ascii_domain, kept=kept)

    def _add_numbers(self) -> None:
        self.add("id_number", f"{plain_letters().upper()}{chance.randrange(10**6, 10**7)}")
        for name in ("postal_code", "mailing_code"):
            self.add(name, f"99{chance.randrange(500, 1000)}-{chance.randrange(1000, 10000)}")  # Alaska's
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(50 * 365))
        self.add("date_of_birth", born.isoformat(), *(date_format(born, form) for form in DAYS))


def letters() -> str:
    """Make up ten letters, two of them with accents or Chinese."""
    accents = chance.sample(ACCENTS, 2)
    return f"{plain_letters(4)}{accents[0]}{plain_letters(3)}{accents[1]}{plain_letters(1)}"


def plain_letters(count: int = 10) -> str:
    """Make up letters without accents."""
    return "".join(chance.choices(CONSONANTS, k=count))
