"""Sign-up: what it makes, what it refuses and how, and that it tells nobody who has an account."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connections
from django.utils import timezone

from accounts.hashers import Argon2idHasher
from accounts.models import Profile, User
from accounts.services import sweep_unverified
from accounts.services.register import AGREEMENT
from accounts.validation import stored_address
from agreements import services as agreements
from agreements import statements
from agreements.models import Engagement, Text
from audit.events import Event
from audit.models import Entry
from notices.models import Notice
from tests.accounts.people import ADDRESS, Person, newest_code, words
from tests.factories import PASSWORD, make_user
from vault.models import DataKey

CODE_PAGE = "/accounts/confirm-email/"


def years_ago(years: int, *, days: int = 0) -> str:
    """Give the day that many years and days before today, as a form sends it."""
    today = timezone.localdate()
    day = today if (today.month, today.day) != (2, 29) else today - timedelta(days=1)
    return (day.replace(year=day.year - years) - timedelta(days=days)).isoformat()


def supersede() -> Text:
    """Bring a second version of the agreement into force."""
    texts = {"en": "# Service agreement\n\nNew words.\n", "zh-hans": "# 服务协议\n\n新的文字。\n"}
    agreements.publish_version(slug=AGREEMENT, texts=texts, editor="system:editor", publisher="system:publisher")
    return agreements.text_in_force(AGREEMENT, "en")


# What it makes


@pytest.mark.clause("P2")
def test_somebody_registers_confirms_their_address_and_is_signed_in(person: Person) -> None:
    answer = person.sign_up()
    assert (answer.status_code, answer["Location"]) == (302, CODE_PAGE)
    assert not person.is_signed_in
    assert person.confirm().status_code == 302
    assert person.is_signed_in
    assert EmailAddress.objects.get().verified
    assert Entry.objects.get(event=Event.ACCOUNT_SIGNED_IN).details == {"methods": ["password"]}


def test_the_account_holds_what_was_typed(person: Person) -> None:
    person.sign_up(email="  Li.Wei@Example.COM ")
    user = User.objects.get()
    assert user.email == ADDRESS
    assert user.check_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert user.profile.date_of_birth == date(1990, 5, 17)
    assert user.language == "en"


def test_the_account_speaks_the_language_of_the_page(person: Person) -> None:
    person.client.cookies["django_language"] = "zh-hans"
    person.sign_up()
    assert User.objects.get().language == "zh-hans"
    assert Engagement.objects.get().language == "zh-hans"


@pytest.mark.clause("P2")
def test_the_acceptance_says_what_was_shown_and_how(person: Person) -> None:
    person.sign_up()
    acceptance, text = Engagement.objects.get(), agreements.text_in_force(AGREEMENT, "en")
    assert acceptance.user_id == User.objects.get().pk
    assert (acceptance.text, acceptance.text_sha256, acceptance.page_sha256) == (text, text.sha256, text.page_sha256)
    assert (acceptance.surface, acceptance.basis, acceptance.control_state) == ("sign_up", "explicit", "checked")
    assert acceptance.control_label == f"I have read and agree to “{text.title}”, version 1"
    assert acceptance.network_prefix == "127.0.0.0/24"


def test_it_is_written_in_the_audit_log_without_anything_typed(person: Person) -> None:
    person.sign_up()
    user = User.objects.get()
    events = set(Entry.objects.about(user).values_list("event", flat=True))
    assert {Event.ACCOUNT_REGISTERED, Event.AGREEMENT_ACCEPTED} <= events
    assert ADDRESS not in str(list(Entry.objects.values()))


def test_the_welcome_comes_once_the_address_is_confirmed(person: Person) -> None:
    person.sign_up()
    assert len(mail.outbox) == 1
    assert not Notice.objects.exists()
    person.confirm()
    assert [notice.kind for notice in Notice.objects.all()] == ["account_registered"]


@pytest.mark.clause("P2")
@pytest.mark.clause("P1")
def test_the_whole_text_stands_above_an_unticked_box_that_names_it(person: Person) -> None:
    page, text = words(person.get("account_signup")), agreements.text_in_force(AGREEMENT, "en")
    assert text.html in page
    assert page.index(text.html) < page.index('name="agree"')
    assert "checked" not in page
    assert f"I have read and agree to “{text.title}”, version 1" in page


def test_registration_is_closed_while_there_is_no_agreement(db: None) -> None:
    answer = Person().get("account_signup")
    assert "Registration is closed" in words(answer)


# What was shown


@pytest.mark.clause("P2")
@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (None, "didn’t say which text it showed|didn&#x27;t say which text it showed"),
        ("", "say which text it showed"),
        ("eyJ0ZXh0IjoxfQ:forged", "isn&#x27;t ours"),
    ],
)
def test_a_missing_or_forged_statement_is_answered_with_the_text(
    person: Person, statement: str | None, why: str
) -> None:
    answer = person.sign_up(statement=statement)
    assert answer.status_code == 200
    assert any(part in words(answer) for part in why.split("|"))
    assert_asked_anew(words(answer))


@pytest.mark.clause("P2")
def test_an_old_statement_is_answered_with_the_text(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agreements.statements.MAX_AGE", timedelta(seconds=-1))
    assert_asked_anew(words(person.sign_up()))


@pytest.mark.clause("P2")
def test_a_superseded_text_is_answered_with_the_new_one_and_what_was_typed(person: Person) -> None:
    statement = person.get("account_signup").context["form"]["statement"].value()
    supersede()
    page = words(person.sign_up(statement=statement))
    assert "New words." in page
    assert "version 2" in page
    assert "The text has changed since you opened the form." in page
    assert_asked_anew(page)


@pytest.mark.clause("P2")
def test_the_page_that_shows_the_text_anew_can_be_sent_at_once(person: Person) -> None:
    statement = person.get("account_signup").context["form"]["statement"].value()
    text = supersede()
    anew = person.sign_up(statement=statement).context["form"]["statement"].value()
    person.sign_up(statement=anew)
    assert Engagement.objects.get().text == text


@pytest.mark.clause("P2")
def test_a_text_superseded_while_the_form_is_handled_is_shown_anew(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = person.get("account_signup").context["form"]
    read = statements.read

    def read_and_supersede(statement: str) -> Text:
        text = read(statement)
        monkeypatch.undo()
        supersede()
        return text

    monkeypatch.setattr("agreements.statements.read", read_and_supersede)
    page = words(person.sign_up(statement=values["statement"].value()))
    assert "The text has changed since you opened the form." in page
    assert_asked_anew(page)


@pytest.mark.clause("P2")
def test_a_box_that_is_not_ticked_makes_no_account(person: Person) -> None:
    page = words(person.sign_up(agree=None))
    assert "We can only make your account if you agree. Please tick the box." in page
    assert_asked_anew(page)


def assert_asked_anew(page: str) -> None:
    """Assert that the form is back with the input kept and the box unticked, and that nothing was made."""
    assert f'value="{ADDRESS}"' in page
    assert 'value="1990-05-17"' in page
    assert PASSWORD not in page
    assert "checked" not in page
    assert not User.objects.exists()


# Who


@pytest.mark.clause("1.0")
@pytest.mark.parametrize("born", [years_ago(13), years_ago(14, days=-1), years_ago(0)])
def test_somebody_too_young_is_refused_and_nothing_is_kept(person: Person, born: str) -> None:
    answer = person.sign_up(date_of_birth=born)
    assert answer.status_code == 403
    assert "you must be 14 or older" in words(answer)
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()
    assert not DataKey.objects.exists()
    assert not mail.outbox
    entry = Entry.objects.get(event=Event.SIGN_UP_REFUSED)
    assert (entry.actor, entry.subject, entry.clause) == ("anonymous", None, "1.0")
    assert entry.details == {"reason": "below_self_consent_age"}


@pytest.mark.clause("1.0")
def test_somebody_may_register_on_the_day_they_are_old_enough(person: Person) -> None:
    person.sign_up(date_of_birth=years_ago(14))
    assert User.objects.count() == 1


@pytest.mark.clause("1.0")
def test_a_child_cannot_type_another_year_in_the_same_browser(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    values = person.get("account_signup").context["form"]["statement"].value()
    person.sign_up(date_of_birth=years_ago(10))
    assert person.get("account_signup").status_code == 403
    again = person.post("account_signup", email=ADDRESS, password1=PASSWORD, date_of_birth="1990-05-17", agree="on",
                        statement=values)  # fmt: skip
    assert again.status_code == 403
    assert not User.objects.exists()
    monkeypatch.setattr("accounts.entrance.REFUSED_FOR", 0)
    assert person.sign_up().status_code == 302


@pytest.mark.clause("1.0")
def test_the_refusal_does_not_tell_whether_there_is_an_account(person: Person) -> None:
    make_user(email=ADDRESS)
    known = person.sign_up(date_of_birth=years_ago(10))
    unknown = Person().sign_up(date_of_birth=years_ago(10), email="nobody@example.com")
    assert without_tokens(words(known)) == without_tokens(words(unknown))


@pytest.mark.parametrize(
    ("born", "why"),
    [
        ((timezone.localdate() + timedelta(days=1)).isoformat(), "This day is still to come."),
        (years_ago(151), "This is more than 150 years ago."),
        ("0001-01-01", "This is more than 150 years ago."),
        ("1990-02-30", "year-month-day"),
        ("17/05/1990", "year-month-day"),
        ("", "This field is required."),
    ],
)
def test_a_date_on_which_nobody_alive_was_born_is_explained_and_kept(person: Person, born: str, why: str) -> None:
    page = words(person.sign_up(date_of_birth=born))
    assert why in page
    assert f'value="{born}"' in page or not born
    assert not User.objects.exists()


# The address


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("a" * 243 + "@example.com", "at most 254 characters; this one has 255"),
        ("a" * 300 + "@example.com", "this one has 312"),
        ("ли.вей@example.com", "letters without accents"),
        ("lі.wei@example.com", "letters without accents"),
        ("li.wei@", "valid email address"),
        ("li wei@example.com", "valid email address"),
        ("", "This field is required."),
    ],
)
def test_an_address_that_cannot_be_is_explained_and_kept(person: Person, typed: str, why: str) -> None:
    page = words(person.sign_up(email=typed))
    assert why in page
    assert f'value="{typed}"' in page or not typed
    assert not User.objects.exists()


NO_DOMAINS = ["a@" + "ü" * 60 + ".com", "a@。com.de", "a@\u200d.com", "a@ex\uff20ample.com", "a@ex℀mple.com"]


@pytest.mark.parametrize("typed", NO_DOMAINS)
@pytest.mark.parametrize(
    ("form", "field"), [("account_signup", "email"), ("account_login", "login"), ("account_reset_password", "email")]
)
def test_a_domain_that_mail_servers_do_not_know_is_no_address(
    person: Person, form: str, field: str, typed: str
) -> None:
    answer = person.post(form, **{field: typed, "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert stored_address(typed)  # a look-up of such an address finds nothing, and is no error


def test_an_address_with_a_domain_in_other_letters_is_one_with_its_ascii_form(person: Person) -> None:
    person.sign_up(email="li.wei@bücher.example")
    assert User.objects.get().email == "li.wei@xn--bcher-kva.example"
    person.confirm()
    other = Person()
    other.sign_in("li.wei@BÜCHER.example")
    assert other.is_signed_in


@pytest.mark.parametrize("lookalike", ["li.wei@exаmple.com", "li.wei@examp1e.com", "li.wei@exämple.com"])
def test_a_look_alike_address_is_somebody_else(person: Person, lookalike: str) -> None:
    owner = make_user(email=ADDRESS)
    person.sign_up(email=lookalike)
    assert User.objects.exclude(pk=owner.pk).count() == 1
    other = Person()
    other.sign_in(lookalike)
    assert not other.is_signed_in
    assert User.objects.filter(email=lookalike).exclude(pk=owner.pk).count() == User.objects.filter(
        email=lookalike
    ).count()  # fmt: skip


@pytest.mark.parametrize("lookalike", ["mi\u212ae@example.com", "mıke@example.com", "ｍike@example.com"])
def test_a_letter_that_becomes_another_in_lower_case_reaches_nobody(person: Person, lookalike: str) -> None:
    make_user(email="mike@example.com")
    for name, field in [("account_login", "login"), ("account_reset_password", "email")]:
        page = words(person.post(name, **{field: lookalike, "password": PASSWORD}))
        assert "letters without accents" in page
    assert not mail.outbox


# Sent twice, or by somebody else


@pytest.mark.clause("1.1")
def test_an_address_that_has_an_account_gets_the_same_answer(person: Person) -> None:
    make_user(email=ADDRESS)
    known = person.sign_up()
    stranger = Person()
    unknown = stranger.sign_up(email="nobody@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    pages = [words(p.get("account_email_verification_sent")) for p in (person, stranger)]
    assert without_tokens(pages[0]) == without_tokens(pages[1].replace("nobody@example.com", ADDRESS))
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert "already" in mail.outbox[0].body


def without_tokens(page: str) -> str:
    """Take the form tokens out of a page; they differ on every request."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.clause("1.1")
@pytest.mark.parametrize("case", ["unknown", "confirmed", "unconfirmed", "sent twice"])
def test_the_same_number_of_passwords_is_hashed_whatever_is_found(
    person: Person, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case == "confirmed":
        make_user(email=ADDRESS)
    elif case != "unknown":
        Person().sign_up(password1=PASSWORD if case == "sent twice" else "quite another one")
    runs = count_hashes(monkeypatch)
    person.sign_up()
    assert runs() == 2


def count_hashes(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count how often Argon2id is run from here on."""
    runs: list[str] = []
    encode, verify = Argon2idHasher.encode, Argon2idHasher.verify
    monkeypatch.setattr(Argon2idHasher, "encode", lambda *args: runs.append("encode") or encode(*args))
    monkeypatch.setattr(Argon2idHasher, "verify", lambda *args: runs.append("verify") or verify(*args))
    assert isinstance(get_hasher(), Argon2idHasher)
    return lambda: len(runs)


def test_a_form_sent_twice_makes_one_account_and_goes_on(person: Person) -> None:
    assert person.sign_up().status_code == 302
    again = Person()
    assert again.sign_up()["Location"] == CODE_PAGE
    assert User.objects.count() == 1
    again.confirm()
    assert again.is_signed_in


def test_an_unconfirmed_sign_up_gives_way_to_the_next_one(person: Person) -> None:
    person.sign_up(password1="somebody who only", date_of_birth="1980-01-01")
    squatter, code = User.objects.get(), newest_code()
    owner = Person()
    owner.sign_up()
    assert User.objects.get().pk != squatter.pk
    assert not DataKey.objects.filter(account_id=squatter.pk).exists()
    assert "Incorrect code" in words(person.confirm(code))
    owner.confirm(newest_code())
    assert owner.is_signed_in
    assert Entry.objects.about(squatter.pk).filter(event=Event.ACCOUNT_EXPIRED).exists()


def test_a_confirmed_account_never_gives_way(person: Person) -> None:
    owner = make_user(email=ADDRESS)
    person.sign_up(password1="somebody who only")
    assert User.objects.get() == owner
    assert User.objects.get().check_password(PASSWORD)


def test_a_sign_up_that_nobody_confirms_is_removed_after_three_days(person: Person) -> None:
    person.sign_up()
    kept, staff = make_user(), make_user(is_staff=True)
    late = User.objects.exclude(pk__in=[kept.pk, staff.pk]).get()
    assert sweep_unverified() == 0
    User.objects.update(joined_at=timezone.now() - timedelta(days=3, minutes=1))
    assert sweep_unverified() == 1
    assert set(User.objects.all()) == {kept, staff}
    assert not Profile.objects.filter(user_id=late.pk).exists()
    assert Engagement.objects.filter(user_id=late.pk).count() == 1
    assert Entry.objects.about(late.pk).filter(event=Event.ACCOUNT_EXPIRED).count() == 1


def test_the_same_address_signed_up_six_times_at_once_gives_one_account(
    transactional_db: None, agreement: None
) -> None:
    people = [Person() for _ in range(6)]
    forms = [p.get("account_signup").context["form"]["statement"].value() for p in people]
    answers, start = [0] * len(people), Barrier(len(people))

    def sign_up(number: int) -> None:
        start.wait()
        data = {"email": ADDRESS, "password1": f"{PASSWORD} {number}", "date_of_birth": "1990-05-17", "agree": "on"}
        response = people[number].client.post("/accounts/signup/", data | {"statement": forms[number]})
        answers[number] = response.status_code
        connections.close_all()

    threads = [Thread(target=sign_up, args=[number]) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * len(people)
    assert User.objects.count() == 1
    assert EmailAddress.objects.count() == 1


def test_the_mail_server_being_down_loses_nothing_but_time(
    transactional_db: None, agreement: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    person = Person()

    def refuse(*args: object) -> None:
        raise ConnectionRefusedError(ADDRESS)

    with monkeypatch.context() as down:
        down.setattr("django.core.mail.EmailMessage.send", refuse)
        data = {"email": ADDRESS, "password1": PASSWORD, "date_of_birth": "1990-05-17", "agree": "on"}
        statement = person.get("account_signup").context["form"]["statement"].value()
        assert person.client.post("/accounts/signup/", data | {"statement": statement}).status_code == 302
    assert ADDRESS not in caplog.text
    page = words(person.get("account_email_verification_sent"))
    assert "couldn’t send" in page
    assert "We have sent" not in page
    person.client.post(CODE_PAGE, {"action": "resend"})
    assert "We have sent" in words(person.get("account_email_verification_sent"))
    person.client.post(CODE_PAGE, {"code": newest_code()})
    assert person.is_signed_in
