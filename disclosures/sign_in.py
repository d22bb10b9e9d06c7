"""How the person who decides had signed in."""

from dataclasses import dataclass
from datetime import timedelta

from disclosures.exceptions import OneFactorSignIn, StaleSignIn

FRESH = timedelta(minutes=5)


@dataclass(frozen=True)
class SignIn:
    """With how many factors a person signed in, and how long ago they last proved who they are."""

    two_factor: bool
    age: timedelta

    def check(self) -> None:
        """Let pass only two factors, at most five minutes old.

        Raises:
            OneFactorSignIn, StaleSignIn: it isn't so.
        """
        if not self.two_factor:
            raise OneFactorSignIn
        if not timedelta(0) <= self.age <= FRESH:
            raise StaleSignIn
