"""The rules of disclosures that can be broken. The name is the rule; `message` says it, without personal data."""

from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DisclosureError(Exception):
    """A rule of disclosures refuses what was asked."""

    message: str | Promise = _("This can't be done.")

    def __str__(self) -> str:
        return str(self.message)


class InvalidTransition(DisclosureError):
    """The request isn't in a state from which this step leads on."""

    message = _("The request has moved on meanwhile: this step isn't open any more.")


class RoleMissing(DisclosureError):
    """The person's roles don't include this step, or the request is somebody else's."""

    message = _("Your role doesn't include this step.")


class OneFactorSignIn(DisclosureError):
    """The person signed in with one factor."""

    message = _("Sign in with two factors to do this.")


class StaleSignIn(DisclosureError):
    """The person proved who they are more than five minutes ago."""

    message = _("Your sign-in is more than five minutes old. Confirm who you are, then try again.")


class SelfReview(DisclosureError):
    """The reviewer filed the request, approved it before, or is its subject."""

    message = _("Somebody else must do this: you filed the request, approved it already, or it concerns you.")


class SameDepartment(DisclosureError):
    """The platform judges its own case: an approver comes from another department than the author (clause 1.3.4)."""

    message = _("On this ground approvers must come from another department than the author.")


class FieldNotGrantable(DisclosureError):
    """The field can't be asked for on this ground, or was withheld before: a scope only gets narrower."""

    message = _("A field isn't open to this request: the ground doesn't allow it, or it was withheld before.")


class NothingGranted(DisclosureError):
    """No field is left in the scope."""

    message = _("No field is left to disclose. If nothing may be disclosed, refuse the request.")


class SubjectNotFound(DisclosureError):
    """No account matches exactly."""

    message = _("Not found: no account matches exactly.")


class SubjectAmbiguous(DisclosureError):
    """More than one account has this ID number."""

    message = _("More than one account matches. Use the e-mail address or the account id.")


class SubjectTwice(DisclosureError):
    """The account is among the subjects already."""

    message = _("This account is in the request already.")


class MinorConcerned(DisclosureError):
    """A subject is under 18, which takes a third approver (clause 1.0)."""

    message = _("A person under 18 is concerned. That takes a third approver, which can't be recorded here yet.")


class AccountErased(DisclosureError):
    """A subject's account is being erased or is gone: there is nothing to open."""

    message = _("An account in this request was erased. Its data can't be disclosed.")


class SafeguardMissing(DisclosureError):
    """The ground's own safeguard can't be met here yet, so nothing is released on it."""

    message = _("Nothing can be released on this ground yet: its own safeguard can't be met here.")


class ValueUnreadable(DisclosureError):
    """A granted field's stored value was changed or its key is gone: `field` of the account `account_id`."""

    message = _("A sealed value can't be opened, so nothing was released. The incident is in the audit log.")

    def __init__(self, account_id: UUID, field: str) -> None:
        super().__init__(account_id, field)
        self.account_id, self.field = account_id, field


class RequestIncomplete(DisclosureError):
    """Something that every request needs is missing."""

    message = _("Something is missing: name the requester, the legal basis, the purpose and at least one person.")


class ReasonOwed(DisclosureError):
    """A decision without its reason."""

    message = _("Give the reason.")
