"""The rules of accounts that can be broken. The name is the rule; no message holds personal data."""


class AccountsError(Exception):
    """A rule of accounts refuses what was asked."""


class BelowSelfConsentAge(AccountsError):
    """Somebody this young needs a guardian's consent, which can't be given here yet (clause 1.0)."""


class AddressTaken(AccountsError):
    """There is an account with this e-mail address."""


class InvalidTransition(AccountsError):
    """The account's state doesn't allow this step."""


class LastSuperuser(AccountsError):
    """The platform would be left without anybody who can administer it."""


class StillDelivering(AccountsError):
    """The last notice hasn't left yet, and what carries it still holds the address; the next run looks again."""


class StepMissing(AccountsError):
    """A step of the checklist isn't known to this version of the platform."""


class TooManyOrphans(AccountsError):
    """So many data keys without an account point to a wrong or restored database, not to sign-ups that failed."""


class CoolingOff(AccountsError):
    """The person can still change their mind, so nothing is erased yet (clause 3.2)."""


class NotActive(AccountsError):
    """The account is being cancelled or erased, so nothing of it is changed."""


class NotCorrectable(AccountsError):
    """The field isn't one that a person corrects on the page of their data."""


class FieldRequired(AccountsError):
    """The operator asks for this field at registration, so it can be replaced but not removed."""


class NeverOpened(AccountsError):
    """The password and the answer are hashes that nobody may see, on any ground (clause 1.2)."""
