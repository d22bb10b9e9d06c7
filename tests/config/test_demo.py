"""`manage.py demo`: people who can really sign in, with two factors where they are staff."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from agreements.models import Engagement
from config.demo import PARTS
from disclosures.models import DisclosureRequest
from disclosures.roles import seed_roles
from disclosures.states import State

pytestmark = pytest.mark.django_db


def run_demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


@pytest.fixture
def printed() -> str:
    """What the first run prints."""
    seed_roles()
    call_command("seed_agreement", verbosity=0)
    return run_demo()


def lines_of(printed: str, email: str) -> dict[str, str]:
    block = re.search(rf"^{re.escape(email)}: .*?(?=\n\n)", printed, re.DOTALL | re.MULTILINE)
    assert block
    return dict(re.findall(r"^  (password|secret|recovery codes) +(.*)$", block[0], re.MULTILINE))


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("code", ["app", "recovery code"])
def test_staff_sign_in_with_two_factors_by_what_is_printed(printed: str, code: str) -> None:
    client, lines = Client(), lines_of(printed, "legal@example.com")
    client.post(reverse("account_login"), {"login": "legal@example.com", "password": lines["password"]})
    second = current_code(lines["secret"]) if code == "app" else lines["recovery codes"].split()[0]
    client.post(reverse("mfa_authenticate"), {"code": second})
    request = DisclosureRequest.objects.get()
    page = client.get(request.get_absolute_url())
    assert page.status_code == 200
    assert "Approve after legal review" in page.content.decode()


def test_the_user_signs_in_with_the_password_alone(printed: str) -> None:
    client, lines = Client(), lines_of(printed, "wang.fang@example.com")
    answer = client.post(reverse("account_login"), {"login": "wang.fang@example.com", "password": lines["password"]})
    assert answer["Location"] == reverse("my_data")
    assert "secret" not in lines


def test_everybody_agreed_in_the_words_of_the_box(printed: str) -> None:
    labels = Engagement.objects.values_list("control_label", flat=True)
    assert len(labels) == len(PARTS)
    assert all(label.startswith("I have read and agree to “") for label in labels)


def test_a_request_is_in_review(printed: str) -> None:
    request = DisclosureRequest.objects.get()
    assert request.state == State.LEGAL_REVIEW
    assert request.reference in printed


def test_a_second_run_makes_nothing_and_says_what_is_there(printed: str) -> None:
    again = run_demo()
    assert User.objects.count() == len(PARTS)
    assert DisclosureRequest.objects.get().reference in again
    assert all(part.email in again for part in PARTS)
    assert "password  " not in again


def test_it_refuses_to_run_elsewhere_than_on_one_persons_machine(settings: Any) -> None:
    settings.LOCAL = False
    with pytest.raises(CommandError, match="LOCAL"):
        run_demo()
    assert not User.objects.exists()
