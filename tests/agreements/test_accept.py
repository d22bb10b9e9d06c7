import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements import services, statements
from agreements.exceptions import StatementForged, TextSuperseded
from agreements.models import Basis, Engagement, Kind
from audit.events import Event
from audit.models import Entry
from tests.agreements.conftest import SLUG, accept, at_once
from tests.factories import make_user


@pytest.mark.clause("P2")
def test_an_acceptance_records_the_text_that_was_shown(text):
    user = make_user()

    acceptance = accept(
        user,
        text,
        control_label="I have read it and agree",
        network_prefix="203.0.113.0/24",
        user_agent_sha256="a" * 64,
    )

    acceptance.refresh_from_db()
    assert acceptance.user_id == user.pk
    assert (acceptance.kind, acceptance.basis) == (Kind.ACCEPTED, Basis.EXPLICIT)
    assert (acceptance.version, acceptance.text, acceptance.language) == (text.version, text, "en")
    assert (acceptance.text_sha256, acceptance.page_sha256) == (text.sha256, text.page_sha256)
    assert (acceptance.surface, acceptance.control_label) == ("sign_up", "I have read it and agree")
    assert acceptance.control_state == "checked"
    assert (acceptance.network_prefix, acceptance.user_agent_sha256) == ("203.0.113.0/24", "a" * 64)
    assert acceptance.shown_at
    assert acceptance.shown_at <= acceptance.at <= timezone.now()


@pytest.mark.clause("P2")
def test_the_language_accepted_is_the_language_shown(text):
    chinese = services.text_in_force(SLUG, "zh-hans")

    assert accept(make_user(), chinese).language == "zh-hans"


@pytest.mark.clause("P2")
def test_an_acceptance_is_in_the_audit_log(text):
    user = make_user()

    acceptance = accept(user, text)

    entry = Entry.objects.get(event=Event.AGREEMENT_ACCEPTED)
    assert (entry.actor, entry.subject, entry.target_id) == (str(user.pk), user.pk, str(acceptance.pk))
    assert entry.clause == "P2"
    assert entry.details["text_sha256"] == text.sha256


@pytest.mark.clause("P2")
def test_a_superseded_text_can_not_be_accepted(text, publish):
    user, statement = make_user(), statements.make(text)
    publish(en="# Terms\n\nBe *very* kind.\n")

    with pytest.raises(TextSuperseded):
        accept(user, text, statement=statement)

    assert not Engagement.objects.exists()
    assert not Entry.objects.filter(event=Event.AGREEMENT_ACCEPTED).exists()


def test_a_forged_statement_records_nothing(text):
    with pytest.raises(StatementForged):
        accept(make_user(), text, statement=statements.make(text)[:-2])

    assert not Engagement.objects.exists()


def test_a_second_click_gives_the_first_acceptance(text):
    user = make_user()

    assert accept(user, text) == accept(user, text)
    assert Engagement.objects.count() == 1


def test_each_version_is_accepted_anew(text, publish):
    user = make_user()
    accept(user, text)
    publish()

    accept(user, services.text_in_force(SLUG, "en"))

    assert Engagement.objects.of(user.pk).accepted().count() == 2


@pytest.mark.clause("P3")
def test_an_acceptance_outlives_the_account(text):
    user = make_user()
    acceptance = accept(user, text)
    account_id = user.pk

    user.delete()

    assert Engagement.objects.get(pk=acceptance.pk).user_id == account_id


@pytest.mark.parametrize(
    ("kind", "basis"), [("accepted", ""), ("shown", "explicit"), ("accepted", "magic"), ("lost", "")]
)
def test_an_acceptance_has_a_basis_and_nothing_else_has_one(text, kind, basis):
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.create(user_id=make_user().pk, version=text.version, text=text, kind=kind, basis=basis)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_from_two_connections_gives_one_acceptance(text):
    user, statement = make_user(), statements.make(text)

    accepted = at_once(lambda: accept(user, text, statement=statement).pk, 4)

    assert len(set(accepted)) == 1
    assert Engagement.objects.count() == 1
