"""A house that is lived in, and the table of its pages: what is tested for every page is tested for these."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import State, User
from accounts.services import correct_profile, erase_account, open_fields, request_cancellation
from accounts.services.register import AGREEMENT
from agreements import statements
from agreements.services import accept_agreement, text_in_force
from disclosures.models import DisclosureRequest
from disclosures.states import State as Step
from tests.accounts.owner import DATA
from tests.browser.hands import fill_in, press
from tests.disclosures.path import request_in
from tests.factories import make_user

AGREEMENT_TEXT = f"/agreements/{AGREEMENT}/"
NOT_PAGES = {"healthz", "readyz", "set_language", "notices_read", "agreement_bytes", "mfa_download_recovery_codes"}
REDIRECTS = {"request_cancellation", "undo_cancellation", "reveal_data", "account_set_password", "mfa_login_webauthn"}
ONLY_ON_THE_WAY = {  # pages of a sign-in, a reset or a second factor that has begun; the stories go through them
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
}
PUBLIC = [
    "home",
    "account_signup",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_password_reset_completed",
    "agreements",
    "mailbox",
]
ACCOUNT = [
    "my_data",
    "my_openings",
    "my_disclosures",
    "notices",
    "my_agreements",
    "my_security",
    "my_cancel",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
]
WITH_ARGUMENTS = {"agreement", "agreement_version", "edit_data"}  # their addresses are in the functions below
FIELDS = ["real_name", "id_number", "home_address", "mailing_address", "postal_code", "recovery_question"]
STEPS = ["add-account", "pass", "release"]
SEEN_IN = [
    Step.DRAFT,
    Step.SECOND_REVIEW,
    Step.CLOSED,
    Step.REFUSED,
]  # together they have all that a request's page has


@dataclass(frozen=True)
class Scene:
    """A page, and what is done on it before it is looked at."""

    path: str
    act: Callable[[Page], Any] | None = None
    status: int = 200

    def show(self, page: Page) -> None:
        """Go there."""
        answer = page.goto(self.path)
        assert answer is not None
        assert answer.status == self.status, f"{self.path}: {answer.status}"
        if self.act:
            self.act(page)


def public_scenes() -> list[Scene]:
    """Give the pages that need no account."""
    texts = [AGREEMENT_TEXT, f"{AGREEMENT_TEXT}?language=zh-hans", f"{AGREEMENT_TEXT}1/en/"]
    wrong = Scene(reverse("account_signup"), sign_up_wrongly)
    return [*of(map(reverse, PUBLIC)), *of(texts), wrong, Scene("/no-such-page/", status=404)]


def account_scenes() -> list[Scene]:
    """Give the pages of a person's own account."""
    edits = [reverse("edit_data", args=[field]) for field in FIELDS]
    revealed = Scene(reverse("my_data"), partial(press, name="Reveal all of it"))
    wrong = Scene(reverse("edit_data", args=["id_number"]), give_a_wrong_number)
    return [*of(map(reverse, ACCOUNT)), *of(edits), revealed, wrong, Scene("/admin/", status=403)]


def staff_scenes() -> list[Scene]:
    """Give the pages of staff: every list and, of each, one row's page; whatever is registered later as well."""
    lists, rows = [], []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        lists.append(reverse(f"{name}_changelist"))
        rows += [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()[:1]]
    requests = [request.get_absolute_url() for request in DisclosureRequest.objects.order_by("created_at")]
    steps = [reverse("admin:disclosures_disclosurerequest_step", args=[pk, step]) for pk, step in open_steps()]
    user = User.objects.filter(state=State.ACTIVE).first()
    forms = ["admin:accounts_user_find", "admin:disclosures_disclosurerequest_add", "admin:index"]
    roles = reverse("admin:accounts_user_roles", args=[user.pk]) if user else ""
    return of(dict.fromkeys([*map(reverse, forms), *lists, *rows, *requests, *steps, roles]))


def open_steps() -> list[tuple[Any, str]]:
    """Pair each step's form with a request."""
    pk = DisclosureRequest.objects.filter(state=Step.SECOND_REVIEW).values_list("pk", flat=True)[0]
    return [(pk, step) for step in STEPS]


def of(paths: Iterable[str]) -> list[Scene]:
    """Make a scene of each path."""
    return [Scene(path) for path in paths]


def sign_up_wrongly(page: Page) -> None:
    """Send the sign-up form with a bad password and a birthday to come."""
    fill_in(page, email="new@example.com", password1="password", date_of_birth="2990-01-01")
    page.locator("#id_agree").check()
    press(page, "Create my account")


def give_a_wrong_number(page: Page) -> None:
    """Send an ID number whose check digit doesn't fit."""
    page.locator("#id_id_type").select_option("cn_ric")
    fill_in(page, id_number="110105194912310021")
    press(page, "Save")


def live_in() -> tuple[User, User]:
    """Let things have happened: give somebody who has given everything, and somebody who administers."""
    owner, boss = make_user(email="ada@example.com"), make_boss()
    correct_profile(user=owner, changes=DATA)
    statement = statements.make(text_in_force(AGREEMENT, "en"))
    accept_agreement(user=owner, statement=statement, surface="sign_up", control_label="I have read and agree")
    open_fields(user=owner, fields=["real_name"], actor=owner)
    for state in SEEN_IN:
        request_in(state, person=owner)
    leave()
    return owner, boss


def make_boss() -> User:
    """Make somebody to whom every page is open."""
    return make_user(email="boss@example.com", is_staff=True, is_superuser=True, department="Privacy")


def leave() -> None:
    """Have one account be cancelled, and one be erased."""
    request_cancellation(user=make_user(email="leaving@example.com"))
    gone = request_cancellation(user=make_user(email="gone@example.com"))
    User.objects.filter(pk=gone.pk).update(erase_at=gone.joined_at)
    erase_account(account_id=gone.pk)
