"""The states of a disclosure request, and which may follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from disclosures.exceptions import InvalidTransition


class State(TextChoices):
    """Where a request is on its way from draft to closed."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    LEGAL_REVIEW = "legal_review", _("legal review")
    SECOND_REVIEW = "second_review", _("second review")
    APPROVED = "approved", _("approved")
    RELEASED = "released", _("released")
    CLOSED = "closed", _("closed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.LEGAL_REVIEW, State.REFUSED, State.WITHDRAWN}),
    State.LEGAL_REVIEW: frozenset({State.SECOND_REVIEW, State.REFUSED, State.WITHDRAWN}),
    State.SECOND_REVIEW: frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.RELEASED, State.REFUSED, State.WITHDRAWN}),
    State.RELEASED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}

PATH = (  # the way of a request that is granted, for the stepper
    State.DRAFT,
    State.SUBMITTED,
    State.LEGAL_REVIEW,
    State.SECOND_REVIEW,
    State.APPROVED,
    State.RELEASED,
    State.CLOSED,
)
OPEN = PATH[:5]  # something is still to be decided or released, and the clock runs
DECIDED = frozenset(State) - frozenset(PATH[:4])


def check_step(present: str, wanted: State) -> None:
    """Refuse a step that `TRANSITIONS` doesn't have.

    Raises:
        InvalidTransition: `wanted` doesn't follow `present`.
    """
    if wanted not in TRANSITIONS[State(present)]:
        raise InvalidTransition


def drawing() -> str:
    """Draw `TRANSITIONS` for the documentation, as a Mermaid state diagram."""
    steps = [
        f"    {state.value} --> {after.value}" for state in State for after in State if after in TRANSITIONS[state]
    ]
    ends = [f"    {state.value} --> [*]" for state in State if not TRANSITIONS[state]]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.DRAFT.value}", *steps, *ends])
