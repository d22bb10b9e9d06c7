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
