"""Random sequences of steps by random people: what happens is what an independent model of the rules expects."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import User
from audit.models import Entry
from disclosures import services
from disclosures.exceptions import DisclosureError
from disclosures.models import DisclosureRequest, Package
from disclosures.roles import APPROVER, INTAKE, LEGAL_REVIEWER
from disclosures.scope import DisclosableField
from disclosures.sign_in import SignIn
from disclosures.states import State
from tests.disclosures.path import draft_about, everything, make_officer, make_person

pytestmark = pytest.mark.django_db

CAST = {  # name: roles
    "author": (INTAKE,),
    "author of all roles": (INTAKE, LEGAL_REVIEWER, APPROVER),
    "intake": (INTAKE,),
    "legal": (LEGAL_REVIEWER,),
    "approver": (APPROVER,),
    "both": (LEGAL_REVIEWER, APPROVER),
    "concerned": (INTAKE, LEGAL_REVIEWER, APPROVER),
    "nobody": (),
}
# action: (roles of which one is needed, states it starts from, state it leads to)
RULES: dict[str, tuple[set[str], set[State], State]] = {
    "submit": ({INTAKE}, {State.DRAFT}, State.SUBMITTED),
    "start": ({LEGAL_REVIEWER}, {State.SUBMITTED}, State.LEGAL_REVIEW),
    "pass": ({LEGAL_REVIEWER}, {State.LEGAL_REVIEW}, State.SECOND_REVIEW),
    "approve": ({APPROVER}, {State.SECOND_REVIEW}, State.APPROVED),
    "release": ({INTAKE}, {State.APPROVED}, State.RELEASED),
    "close": ({INTAKE}, {State.RELEASED}, State.CLOSED),
    "refuse": (
        {LEGAL_REVIEWER, APPROVER},
        {State.SUBMITTED, State.LEGAL_REVIEW, State.SECOND_REVIEW, State.APPROVED},
        State.REFUSED,
    ),
    "withdraw": (
        {INTAKE},
        {State.DRAFT, State.SUBMITTED, State.LEGAL_REVIEW, State.SECOND_REVIEW, State.APPROVED},
        State.WITHDRAWN,
    ),
}
GOOD = SignIn(two_factor=True, age=timedelta(seconds=299))
BAD = [SignIn(two_factor=False, age=timedelta(0)), SignIn(two_factor=True, age=timedelta(seconds=301))]
SIGN_INS = st.sampled_from([GOOD] * 8 + BAD)
WORDS = st.sampled_from(["Because."] * 8 + [" "])


@dataclass
class Model:
    """What the rules make of a request, without looking at the database."""

    author: str
    state: State = State.DRAFT
    approvers: list[str] = field(default_factory=list)
    granted: list[int] = field(default_factory=list)

    def allows(self, action: str, who: str, sign_in: SignIn, words: str, kept: int) -> bool:
        """Tell whether a step must succeed."""
        roles, states, _after = RULES[action]
        return (
            bool(roles & set(CAST[who]))
            and sign_in == GOOD
            and self.state in states
            and self._may(action, who)
            and (action not in ("pass", "approve", "refuse", "withdraw") or words != " ")
            and (action not in ("pass", "approve") or kept > 0)
        )

    def _may(self, action: str, who: str) -> bool:
        if action in ("submit", "withdraw"):
            return who == self.author
        if action in ("start", "pass", "approve"):
            return who not in (self.author, "concerned", *self.approvers)
        if action == "refuse":
            return who not in (self.author, "concerned")
        return action == "close" or who != "concerned"

    def take(self, action: str, who: str, kept: list[int]) -> None:
        """Take a step."""
        self.state = RULES[action][2]
        if action in ("pass", "approve"):
            self.approvers.append(who)
            self.granted = kept


class Sequences(RuleBasedStateMachine):
    """One request, and a cast that does anything in any order."""

    people: dict[str, User]

    @initialize(author=st.sampled_from(["author", "author of all roles"]))
    def file(self, author: str) -> None:
        self.model = Model(author)
        fields = (DisclosableField.REAL_NAME, DisclosableField.POSTAL_CODE)
        self.request = draft_about(self.people["concerned"], *fields, author=self.people[author])
        self.model.granted = everything(self.request)
        self.entries = self.count_entries()
        self.checked = False

    @rule(
        action=st.sampled_from(list(RULES)),
        who=st.sampled_from(list(CAST)),
        sign_in=SIGN_INS,
        words=WORDS,
        dropped=st.sampled_from([0, 0, 0, 1, 2]),
    )
    def anybody_does_anything(self, action: str, who: str, sign_in: SignIn, words: str, dropped: int) -> None:
        self.do(action, who, sign_in, words, dropped)

    @rule(who=st.sampled_from(list(CAST)))
    def the_next_step_is_tried(self, who: str) -> None:
        """Go on along the path more often than chance alone would."""
        ahead = {rule[1].copy().pop(): name for name, rule in RULES.items() if len(rule[1]) == 1}
        if self.model.state in ahead:
            self.do(ahead[self.model.state], who, GOOD, "Because.", 0)

    def do(self, action: str, who: str, sign_in: SignIn, words: str, dropped: int) -> None:
        """Try a step; it must succeed or be refused as the model says, and leave a trace or none."""
        kept = self.model.granted[dropped:]
        allowed = self.model.allows(action, who, sign_in, words, len(kept))
        try:
            self.call(action, self.people[who], sign_in, words, kept)
        except DisclosureError:
            assert not allowed, (action, who, self.model)
            assert self.count_entries() == self.entries
            assert DisclosureRequest.objects.filter(pk=self.request.pk, state=self.model.state).exists()
            return
        assert allowed, (action, who, self.model)
        self.model.take(action, who, kept)
        newest, before = self.about().first(), self.entries
        self.entries, self.checked = self.count_entries(), False
        assert newest is not None
        assert newest.actor == str(self.people[who].pk)
        assert self.entries > before

    def call(self, action: str, person: User, sign_in: SignIn, words: str, kept: list[int]) -> None:
        """Call the service of a step."""
        services_of: dict[str, tuple[Any, str, dict[str, Any]]] = {
            "submit": (services.submit_request, "author", {}),
            "start": (services.start_review, "reviewer", {}),
            "pass": (services.pass_legal_review, "reviewer", {"rationale": words, "granted": kept}),
            "approve": (services.approve_request, "reviewer", {"rationale": words, "granted": kept}),
            "release": (services.release_package, "officer", {}),
            "close": (services.close_request, "officer", {}),
            "refuse": (services.refuse_request, "reviewer", {"reason": words}),
            "withdraw": (services.withdraw_request, "author", {"reason": words}),
        }
        service, role, more = services_of[action]
        service(request_id=self.request.pk, sign_in=sign_in, **{role: person}, **more)

    def about(self) -> Any:
        """Find the entries about the request."""
        return Entry.objects.filter(target_id=str(self.request.pk))

    def count_entries(self) -> int:
        """Count the entries about the request."""
        return int(self.about().count())

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        if self.checked:
            return
        self.checked = True
        request = DisclosureRequest.objects.get(pk=self.request.pk)
        approvals = list(request.approvals.all())
        assert request.state == self.model.state
        assert [approval.reviewer_id for approval in approvals] == [self.people[w].pk for w in self.model.approvers]
        assert everything(request) == self.model.granted
        assert Package.objects.filter(request=request).exists() == (request.state in (State.RELEASED, State.CLOSED))
        if request.state in (State.APPROVED, State.RELEASED, State.CLOSED):
            parties = {request.author_id, self.people["concerned"].pk}
            assert len({approval.reviewer_id for approval in approvals} - parties) == 2


def run(*, sequences: int, steps: int) -> None:
    cast = {name: make_officer(*roles) if name != "concerned" else make_person() for name, roles in CAST.items()}
    cast["concerned"].groups.set(make_officer(*CAST["concerned"]).groups.all())
    machine = type("Cast", (Sequences,), {"people": cast})
    chosen = settings(
        max_examples=sequences,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=sequences < 100,  # the quick loop finds the same today and tomorrow
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.clause("1.3")
def test_no_sequence_of_steps_breaks_a_rule() -> None:
    run(sequences=90, steps=30)


@pytest.mark.slow
@pytest.mark.clause("1.3")
@pytest.mark.timeout(900)
def test_no_sequence_out_of_very_many_breaks_a_rule() -> None:
    run(sequences=200, steps=30)
