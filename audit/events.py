"""Everything that the audit log can say, in one list.

The grammar of a value is `noun.past_verb`; the label is the sentence that a person reads.
Keep the list sorted. A value is never renamed or used again: entries are for ever.
"""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    """What happened. Who, to whom and when are the entry's other fields."""

    ACCOUNT_AUTHENTICATOR_ADDED = "account.authenticator_added", _("An authenticator was added")
    ACCOUNT_AUTHENTICATOR_REMOVED = "account.authenticator_removed", _("An authenticator was removed")
    ACCOUNT_EMAIL_CHANGED = "account.email_changed", _("The e-mail address was changed")
    ACCOUNT_EMAIL_VERIFIED = "account.email_verified", _("The e-mail address was verified")
    ACCOUNT_EXPIRED = "account.expired", _("A sign-up that was never confirmed was removed")
    ACCOUNT_PASSWORD_CHANGED = "account.password_changed", _("The password was changed")
    ACCOUNT_PASSWORD_RESET = "account.password_reset", _("The password was reset")
    ACCOUNT_RECOVERY_CODES_GENERATED = "account.recovery_codes_generated", _("New recovery codes were made")
    ACCOUNT_REGISTERED = "account.registered", _("The account was registered")
    ACCOUNT_SIGNED_IN = "account.signed_in", _("Someone signed in")
    ACCOUNT_SIGNED_OUT = "account.signed_out", _("Someone signed out")
    ACCOUNT_SIGN_IN_FAILED = "account.sign_in_failed", _("A sign-in failed")
    ACCOUNT_SOUGHT = "account.sought", _("Staff looked for an account by its e-mail address")
    AGREEMENT_ACCEPTED = "agreement.accepted", _("An agreement was accepted")
    AGREEMENT_ANNOUNCED = "agreement.announced", _("A version of an agreement was announced")
    AGREEMENT_DRAFTED = "agreement.drafted", _("A version of an agreement was drafted")
    AGREEMENT_ENFORCED = "agreement.enforced", _("A version of an agreement came into force")
    CANCELLATION_REQUESTED = "cancellation.requested", _("The cancellation of the account was requested")
    CANCELLATION_UNDONE = "cancellation.undone", _("The cancellation was undone")
    DISCLOSURE_APPROVED = "disclosure.approved", _("A disclosure was approved")
    DISCLOSURE_CLOSED = "disclosure.closed", _("A disclosure request was closed")
    DISCLOSURE_CORRECTED = "disclosure.corrected", _("The draft of a disclosure request was corrected")
    DISCLOSURE_DRAFTED = "disclosure.drafted", _("A disclosure request was drafted")
    DISCLOSURE_NARROWED = "disclosure.narrowed", _("The scope of a disclosure request was narrowed")
    DISCLOSURE_REFUSED = "disclosure.refused", _("A disclosure was refused")
    DISCLOSURE_RELEASED = "disclosure.released", _("A disclosure was released")
    DISCLOSURE_REVIEWED = "disclosure.reviewed", _("A disclosure request was reviewed")
    DISCLOSURE_SUBJECT_ADDED = "disclosure.subject_added", _("An account was added to a disclosure request")
    DISCLOSURE_SUBJECT_REMOVED = "disclosure.subject_removed", _("An account was taken out of a disclosure request")
    DISCLOSURE_SUBJECT_SOUGHT = "disclosure.subject_sought", _("An account was searched for by its exact data")
    DISCLOSURE_SUBMITTED = "disclosure.submitted", _("A disclosure request was submitted")
    DISCLOSURE_TAKEN_UP = "disclosure.taken_up", _("A disclosure request was taken up for review")
    DISCLOSURE_WITHDRAWN = "disclosure.withdrawn", _("A disclosure request was withdrawn")
    ERASURE_COMPLETED = "erasure.completed", _("The erasure of the account was completed")
    ERASURE_STARTED = "erasure.started", _("The erasure of the account was started")
    ERASURE_STEP_DONE = "erasure.step_done", _("A step of the erasure was done")
    FIELD_OPENED = "field.opened", _("A protected field was opened by staff or for a disclosure")
    KEY_CREATED = "key.created", _("A data key was created")
    KEY_DESTROYED = "key.destroyed", _("A data key was destroyed")
    KEY_REWRAPPED = "key.rewrapped", _("Data keys were rewrapped")
    KEY_SWEPT = "key.swept", _("Data keys without an account were removed")
    NOTICE_DELIVERED = "notice.delivered", _("A notice was e-mailed")
    NOTICE_FAILED = "notice.failed", _("A notice could not be e-mailed")
    NOTICE_RETRIED = "notice.retried", _("A failed notice was put back in the queue")
    NOTICE_SENT = "notice.sent", _("A notice was put in the inbox")
    PROFILE_CORRECTED = "profile.corrected", _("Personal data were corrected")
    PROFILE_OPENED = "profile.opened", _("Personal data were opened by their owner")
    SESSION_ENDED = "session.ended", _("A session was ended")
    SIGN_UP_REFUSED = "sign_up.refused", _("A sign-up was refused")
    STAFF_ROLE_GRANTED = "staff.role_granted", _("A staff role was granted")
    STAFF_ROLE_REVOKED = "staff.role_revoked", _("A staff role was revoked")
    VALUE_BROKEN = "value.broken", _("A sealed value could not be opened")


def choices() -> list[tuple[str, Any]]:
    """Give the events to the model as a function, so that a new event needs no migration."""
    return Event.choices
