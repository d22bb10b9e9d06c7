from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements import services
from agreements.exceptions import InvalidTransition, NoTextInForce, TitleMissing
from agreements.models import TRANSITIONS, Agreement, State, Text, Version, sha256_of
from audit.events import Event
from audit.models import Entry
from tests.agreements.conftest import CHINESE, ENGLISH, SLUG, at_once

EDITOR, PUBLISHER = "system:editor", "system:publisher"


@pytest.mark.clause("P1")
def test_a_published_text_is_in_force_in_every_language(publish):
    version = publish()

    for language, body in {"en": ENGLISH, "zh-hans": CHINESE}.items():
        text = services.text_in_force(SLUG, language)
        assert (text.version, text.language, text.body) == (version, language, body)
        assert text.sha256 == sha256_of(body)
    assert services.text_in_force(SLUG, "zh-hans").title == "条款"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("en", "en"),
        ("EN", "en"),
        ("en-gb", "en"),
        ("zh-hans", "zh-hans"),
        ("zh-hant", "zh-hans"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_a_reader_gets_the_nearest_language(publish, wanted, given):
    publish()

    assert services.text_in_force(SLUG, wanted).language == given


def test_a_text_in_no_language_of_the_site_is_given_all_the_same(publish):
    publish(ar="# شروط\n\nكن لطيفا.\n")

    assert services.text_in_force(SLUG, "en").language == "ar"


@pytest.mark.django_db
def test_nothing_published_means_nothing_in_force():
    services.draft_version(slug=SLUG, texts={"en": ENGLISH}, editor=EDITOR)

    with pytest.raises(NoTextInForce):
        services.text_in_force(SLUG, "en")


@pytest.mark.clause("P4")
def test_a_new_version_supersedes_the_one_in_force(publish):
    first, second = publish(), publish()

    first.refresh_from_db()
    assert (first.number, first.state) == (1, State.SUPERSEDED)
    assert (second.number, second.state) == (2, State.IN_FORCE)


@pytest.mark.clause("P4")
def test_the_database_refuses_two_versions_in_force(publish):
    first, second = publish(), publish()

    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=first.pk).update(state=State.IN_FORCE)
    assert services.text_in_force(SLUG, "en").version == second


def test_two_agreements_can_be_in_force_together(publish):
    publish()
    publish(slug="privacy-notice")

    assert [text.version.agreement.slug for text in services.texts_in_force("en")] == ["privacy-notice", SLUG]


def version_in(state):
    agreement = Agreement.objects.create(slug=SLUG)
    now = timezone.now()
    return Version.objects.create(agreement=agreement, number=1, state=state, announced_at=now, effective_at=now)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in State if State.ANNOUNCED not in TRANSITIONS[state]])
def test_only_a_draft_can_be_announced(state):
    with pytest.raises(InvalidTransition):
        services.announce_version(version_id=version_in(state).pk, publisher=PUBLISHER)


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in State if State.IN_FORCE not in TRANSITIONS[state]])
def test_only_an_announced_version_comes_into_force(state):
    with pytest.raises(InvalidTransition):
        services.enforce_version(version_id=version_in(state).pk, actor=PUBLISHER)


@pytest.mark.django_db
def test_no_version_comes_into_force_before_its_day():
    draft = services.draft_version(slug=SLUG, texts={"en": ENGLISH}, editor=EDITOR, material=True)
    next_month = timezone.now() + timedelta(days=30)
    services.announce_version(version_id=draft.pk, publisher=PUBLISHER, effective_at=next_month)

    with pytest.raises(InvalidTransition):
        services.enforce_version(version_id=draft.pk, actor="system:enforce")

    draft.refresh_from_db()
    assert (draft.state, draft.material, draft.effective_at) == (State.ANNOUNCED, True, next_month)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "texts", [{}, {"en": ""}, {"en": "No title"}, {"en": "## Second level"}, {"en": ENGLISH, "fr": "#"}]
)
def test_a_text_without_a_title_is_refused(texts):
    with pytest.raises(TitleMissing):
        services.draft_version(slug=SLUG, texts=texts, editor=EDITOR)

    assert not Text.objects.exists()


@pytest.mark.django_db
def test_every_state_has_its_row_in_the_transitions():
    assert TRANSITIONS.keys() == set(State)


@pytest.mark.clause("P4")
def test_editor_and_publisher_are_both_in_the_audit_log(publish):
    version = publish()

    entries = Entry.objects.filter(target_type="agreements.version", target_id=str(version.pk)).order_by("pk")
    assert [(entry.event, entry.actor) for entry in entries] == [
        (Event.AGREEMENT_DRAFTED, EDITOR),
        (Event.AGREEMENT_ANNOUNCED, PUBLISHER),
        (Event.AGREEMENT_ENFORCED, PUBLISHER),
    ]
    assert f"en:{sha256_of(ENGLISH)}" in entries[0].details["texts"]


@pytest.mark.django_db(transaction=True)
def test_two_publishers_at_once_leave_one_version_in_force(publish):
    at_once(publish, 3)

    assert sorted(Version.objects.values_list("number", "state")) == [
        (1, State.SUPERSEDED),
        (2, State.SUPERSEDED),
        (3, State.IN_FORCE),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_versions_coming_into_force_at_once_wait_for_each_other(publish):
    publish()
    drafts = [services.draft_version(slug=SLUG, texts={"en": ENGLISH}, editor=EDITOR).pk for _ in range(2)]
    for draft in drafts:
        services.announce_version(version_id=draft, publisher=PUBLISHER)
    waiting = iter(drafts)

    at_once(lambda: services.enforce_version(version_id=next(waiting), actor=PUBLISHER), 2)

    assert Version.objects.in_force().count() == 1
