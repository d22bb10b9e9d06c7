"""The steps that staff can take: who sees the button, which form it opens, which service it calls."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.fresh_sign_in import fresh_sign_in_required
from accounts.models import User
from accounts.two_factor import signed_in_with_two_factors
from disclosures import forms, services
from disclosures.admin import material
from disclosures.exceptions import DisclosureError
from disclosures.models import DisclosureRequest
from disclosures.sign_in import SignIn
from disclosures.states import TRANSITIONS, State

Outcome: TypeAlias = "DisclosureRequest | HttpResponse | dict[str, Any]"  # where to go next, an answer, or a form
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Step:
    """One step. `person` is the service's argument for who takes it; `after` is None where a draft stays a draft."""

    name: str
    label: str | Promise
    explanation: str | Promise
    permissions: tuple[str, ...]
    person: str
    service: Callable[..., Any]
    form: type[forms.StepForm] = forms.StepForm
    after: State | None = None
    danger: bool = False

    def leads_on_from(self, state: str) -> bool:
        """Tell whether the step can be taken in a state."""
        return self.after in TRANSITIONS[State(state)] if self.after else state == State.DRAFT

    def is_open_to(self, person: User, disclosure: DisclosureRequest) -> bool:
        """Tell whether a person may take the step now; the service has the last word."""
        if not self.leads_on_from(disclosure.state) or not any(map(person.has_perm, self.permissions)):
            return False
        if self.person == "author":
            return disclosure.author_id == person.pk
        return self._is_no_party(person, disclosure)

    def _is_no_party(self, person: User, disclosure: DisclosureRequest) -> bool:
        if self.person == "officer":
            return not disclosure.subjects.filter(account=person).exists()
        try:
            (disclosure.check_outsider if self.danger else disclosure.check_reviewer)(person)
        except DisclosureError:
            return False
        return True

    def take(self, disclosure: DisclosureRequest, person: User, sign_in: SignIn, arguments: dict[str, Any]) -> Any:
        """Call the service."""
        how = {"sign_in": sign_in} if self.after else {}
        return self.service(request_id=disclosure.pk, **{self.person: person}, **how, **arguments)


FILE, REVIEW, APPROVE, RELEASE = (
    f"disclosures.{action}_request" for action in ("file", "review", "approve", "release")
)
STEPS = (
    Step(
        "submit",
        _("Submit"),
        _("Legal reviewers are told. From here on nobody can change the facts or the accounts concerned."),
        (FILE,),
        "author",
        services.submit_request,
        after=State.SUBMITTED,
    ),
    Step(
        "take-up",
        _("Take up for legal review"),
        _("The request is in legal review from now on."),
        (REVIEW,),
        "reviewer",
        services.start_review,
        after=State.LEGAL_REVIEW,
    ),
    Step(
        "pass",
        _("Approve after legal review"),
        _("This is the first approval. Another person must give the second one."),
        (REVIEW,),
        "reviewer",
        services.pass_legal_review,
        forms.ReviewForm,
        State.SECOND_REVIEW,
    ),
    Step(
        "approve",
        _("Approve"),
        _("This is the second approval. The fields that you tick can be released after it."),
        (APPROVE,),
        "reviewer",
        services.approve_request,
        forms.ReviewForm,
        State.APPROVED,
    ),
    Step(
        "release",
        _("Release"),
        _(
            "The granted fields are opened now and given to you as one file, which is kept nowhere. Each person "
            "concerned is told. The file downloads once; then go back to the request to close it."
        ),
        (RELEASE,),
        "officer",
        services.release_package,
        forms.ReleaseForm,
        State.RELEASED,
    ),
    Step(
        "close",
        _("Close"),
        _("The requester has what was granted, and nothing is left to do."),
        (RELEASE,),
        "officer",
        services.close_request,
        after=State.CLOSED,
    ),
    Step(
        "add-account",
        _("Add an account"),
        _("Name one account by exact data and the fields asked for."),
        (FILE,),
        "author",
        services.add_subject,
        forms.SubjectForm,
    ),
    Step(
        "remove-account",
        _("Remove an account"),
        _("The account and the fields asked for leave the draft."),
        (FILE,),
        "author",
        services.remove_subject,
        forms.RemovalForm,
    ),
    Step(
        "correct",
        _("Correct"),
        _("Write the facts of the draft anew."),
        (FILE,),
        "author",
        services.correct_draft,
        forms.RequestForm,
    ),
    Step(
        "refuse",
        _("Refuse"),
        _("The request ends here and its author is told. This can't be undone."),
        (REVIEW, APPROVE),
        "reviewer",
        services.refuse_request,
        forms.ReasonForm,
        State.REFUSED,
        danger=True,
    ),
    Step(
        "withdraw",
        _("Withdraw"),
        _("The request ends here. This can't be undone."),
        (FILE,),
        "author",
        services.withdraw_request,
        forms.ReasonForm,
        State.WITHDRAWN,
        danger=True,
    ),
)


def find(name: str) -> Step:
    """Give a step by its name in the address.

    Raises:
        Http404: there is none.
    """
    for step in STEPS:
        if step.name == name:
            return step
    raise Http404


def open_steps(person: User, disclosure: DisclosureRequest) -> list[Step]:
    """Give the steps that a person may take now, the one that leads on first."""
    return [step for step in STEPS if step.is_open_to(person, disclosure)]


def guard(step: Step, view: View) -> View:
    """Ask who it is again before every step that leaves the draft, unless that was proven within five minutes."""
    return fresh_sign_in_required(view) if step.after else view


def sign_in_of(request: HttpRequest) -> SignIn:
    """Tell how the person behind a request signed in; the age is that of the latest second factor."""
    records = [r for r in get_authentication_records(request, request.user) if r["method"] == "mfa"]
    age = time.time() - records[-1]["at"] if records else timedelta.max.total_seconds()
    return SignIn(two_factor=signed_in_with_two_factors(request), age=timedelta(seconds=max(age, 0)))


def take(request: HttpRequest, disclosure: DisclosureRequest, name: str) -> Outcome:
    """Show a step's form, or take the step: give the request, the file to download, or the form again."""
    step, person = find(name), request.user
    form = step.form(_sent(request), disclosure=disclosure)
    if form.is_valid():
        try:
            result = step.take(disclosure, person, sign_in_of(request), form.arguments())  # type: ignore[arg-type] # staff
        except DisclosureError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, disclosure, step, result)
    shown = material.context(disclosure) if step.after else {}
    return form_context(form, step.label, disclosure) | shown | {"step": step}


def file_draft(request: HttpRequest) -> Outcome:
    """Show the form of a new request, or file it."""
    form = forms.RequestForm(_sent(request))
    if form.is_valid():
        try:
            return services.draft_request(author=request.user, **form.arguments())  # type: ignore[arg-type] # staff
        except DisclosureError as refusal:
            form.add_error(None, str(refusal))
    return form_context(form, _("New disclosure request"))


def form_context(
    form: forms.StepForm, title: str | Promise, disclosure: DisclosureRequest | None = None
) -> dict[str, Any]:
    """Give the template of a form what it shows."""
    queue = reverse("admin:disclosures_disclosurerequest_changelist")
    back = disclosure.get_absolute_url() if disclosure else queue
    return {"form": form, "title": title, "disclosure": disclosure, "back": back, "queue": queue}


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(request: HttpRequest, disclosure: DisclosureRequest, step: Step, result: Any) -> Outcome:
    if isinstance(result, services.Release):
        return _download(result)
    messages.success(request, _("Done: %(step)s.") % {"step": step.label})
    return disclosure


def _download(release: services.Release) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{release.file_name}"', "Cache-Control": "no-store"}
    return HttpResponse(release.content, content_type="application/json", headers=headers)
