"""Every write to the agreements, and the one look-up that all pages share: the text in force."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements import rendering, statements
from agreements.exceptions import InvalidTransition, NoTextInForce, TextSuperseded, TitleMissing
from agreements.models import Agreement, Basis, Engagement, Kind, State, Text, Version, sha256_of
from audit import services as audit
from audit.events import Event

Actor: TypeAlias = AbstractBaseUser | str  # a person, or `system:<command or task>`


def text_in_force(slug: str, language: str) -> Text:
    """Give the text in force in `language`, else in a sibling of it, else in the site's language, else in any.

    Always asked of the database, so that two web processes never give two answers.

    Raises:
        NoTextInForce: nothing was published under this name.
    """
    texts = Text.objects.in_force().filter(version__agreement__slug=slug).select_related("version__agreement")
    if not texts:
        raise NoTextInForce
    return _nearest(texts, language)


def texts_in_force(language: str) -> list[Text]:
    """Give one text per agreement that has a version in force, in the language that serves the reader best."""
    texts = Text.objects.in_force().select_related("version__agreement").defer("body")
    return pick_per_version(texts.order_by("version__agreement__slug"), language)


def pick_per_version(texts: Iterable[Text], language: str) -> list[Text]:
    """Give one of `texts` for each version among them, in their order, in the language that serves a reader best."""
    by_version: dict[int, list[Text]] = {}
    for text in texts:
        by_version.setdefault(text.version_id, []).append(text)
    return [_nearest(siblings, language) for siblings in by_version.values()]


@transaction.atomic
def draft_version(*, slug: str, texts: Mapping[str, str], editor: Actor, material: bool = False) -> Version:
    """Write down the next version of an agreement, as a draft: `texts` maps a language code to its Markdown.

    An agreement that doesn't exist yet is made, not required at sign-up.

    Raises:
        TitleMissing: a text, or all of them, has no first-level heading.
    """
    agreement = _lock_agreement(slug)
    last = agreement.versions.aggregate(last=Max("number"))["last"] or 0
    version = agreement.versions.create(number=last + 1, material=material)
    if not texts:
        raise TitleMissing
    for language, body in texts.items():
        _write_text(version, language.lower(), body)
    _record(Event.AGREEMENT_DRAFTED, version, editor)
    return version


@transaction.atomic
def announce_version(*, version_id: int, publisher: Actor, effective_at: datetime | None = None) -> Version:
    """Show a draft to the public; from here on its texts are frozen. It comes into force at `effective_at`, else now.

    Raises:
        InvalidTransition: it isn't a draft.
    """
    version = _lock_version(version_id)
    version.move_to(State.ANNOUNCED)
    version.announced_at = timezone.now()
    version.effective_at = max(effective_at or version.announced_at, version.announced_at)
    version.save(update_fields=["state", "announced_at", "effective_at"])
    _record(Event.AGREEMENT_ANNOUNCED, version, publisher)
    return version


@transaction.atomic
def enforce_version(*, version_id: int, actor: Actor) -> Version:
    """Bring an announced version into force; the one that was in force is superseded in the same moment.

    The lock on the agreement lets one successor in at a time.

    Raises:
        InvalidTransition: it isn't announced, or its day hasn't come.
    """
    agreement = Agreement.objects.select_for_update(no_key=True).get(versions=version_id)
    version = _lock_version(version_id)
    if version.effective_at and version.effective_at > timezone.now():
        raise InvalidTransition(version.effective_at.isoformat())
    _supersede(agreement)
    version.move_to(State.IN_FORCE)
    version.save(update_fields=["state"])
    _record(Event.AGREEMENT_ENFORCED, version, actor)
    return version


@transaction.atomic
def publish_version(
    *, slug: str, texts: Mapping[str, str], editor: Actor, publisher: Actor, material: bool = False
) -> Version:
    """Draft, announce and bring into force in one step: what a first version needs, which surprises nobody.

    Raises:
        TitleMissing: as `draft_version`.
    """
    version = draft_version(slug=slug, texts=texts, editor=editor, material=material)
    announce_version(version_id=version.pk, publisher=publisher)
    return enforce_version(version_id=version.pk, actor=publisher)


@transaction.atomic
def seed_agreement(*, slug: str, texts: Mapping[str, str], actor: Actor) -> Version | None:
    """Publish `texts`, required at sign-up, when nothing was ever published under `slug`; else change nothing: None."""
    agreement = _lock_agreement(slug)
    if agreement.versions.published().exists():
        return None
    agreement.required_at_sign_up = True
    agreement.save(update_fields=["required_at_sign_up"])
    return publish_version(slug=slug, texts=texts, editor=actor, publisher=actor)


@transaction.atomic
def accept_agreement(
    *,
    user: AbstractBaseUser,
    statement: str,
    surface: str,
    control_label: str,
    control_state: str = "checked",
    network_prefix: str = "",
    user_agent_sha256: str = "",
) -> Engagement:
    """Record that `user` agreed to the very text they were shown, once per version (clause P2).

    The lock on the version holds off a successor until the acceptance is written. A repeated click gives the first
    acceptance back.

    Raises:
        StatementMissing, StatementForged, StatementExpired: see `statements.decode`.
        TextSuperseded: another version has come into force since the text was shown.
    """
    shown = statements.decode(statement)
    text = statements.find(shown)
    version = _lock_version(text.version_id)
    if version.state != State.IN_FORCE:
        raise TextSuperseded
    earlier = version.engagements.accepted().of(user.pk).filter(basis=Basis.EXPLICIT).first()
    if earlier:
        return earlier
    acceptance = version.engagements.create(
        user_id=user.pk,
        text=text,
        kind=Kind.ACCEPTED,
        basis=Basis.EXPLICIT,
        language=text.language,
        text_sha256=shown.text_sha256,
        page_sha256=shown.page_sha256,
        surface=surface,
        control_label=control_label,
        control_state=control_state,
        shown_at=shown.at,
        network_prefix=network_prefix,
        user_agent_sha256=user_agent_sha256,
    )
    audit.record(
        Event.AGREEMENT_ACCEPTED,
        actor=user,
        subject=user,
        target=acceptance,
        clause="P2",
        agreement=version.agreement.slug,
        version=version.number,
        language=text.language,
        text_sha256=text.sha256,
        basis=Basis.EXPLICIT.value,
        surface=surface,
    )
    return acceptance


def _nearest(texts: Iterable[Text], language: str) -> Text:
    wanted = language.lower()
    base = wanted.partition("-")[0]

    def distance(text: Text) -> int:
        matches = (
            text.language == wanted,
            text.language.partition("-")[0] == base,
            text.language == settings.LANGUAGE_CODE,
        )
        return matches.index(True) if True in matches else len(matches)

    return min(texts, key=distance)


def _lock_agreement(slug: str) -> Agreement:
    agreement, _ = Agreement.objects.get_or_create(slug=slug)
    return Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)


def _lock_version(version_id: int) -> Version:
    # Not the key: rows that refer to the version may still be written while it is held.
    locked = Version.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("agreement").get(pk=version_id)


def _supersede(agreement: Agreement) -> None:
    for version in agreement.versions.in_force().select_for_update(no_key=True):
        version.move_to(State.SUPERSEDED)
        version.save(update_fields=["state"])


def _write_text(version: Version, language: str, body: str) -> Text:
    title = rendering.title_of(body)
    if not title:
        raise TitleMissing(language)
    return version.texts.create(language=language, title=title, body=body, sha256=sha256_of(body))


def _record(event: Event, version: Version, actor: Actor) -> None:
    audit.record(
        event,
        actor=actor,
        target=version,
        clause="P4",
        agreement=version.agreement.slug,
        version=version.number,
        texts=[f"{text.language}:{text.sha256}" for text in version.texts.defer("body")],
    )
