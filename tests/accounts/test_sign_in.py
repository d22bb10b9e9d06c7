"""Sign-in and everything about it: out, reset, change of address, second factors, sessions, and what staff need."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse

from accounts.hashers import Argon2idHasher
from accounts.models import User
from accounts.services import request_cancellation
from audit.events import Event
from audit.models import Entry
from notices.models import Notice
from tests.accounts.people import ADDRESS, Answer, Person, newest_code, words
from tests.factories import PASSWORD, make_user
from tests.sign_in import sign_in_with_two_factors

NEW_PASSWORD = "another horse battery"
NEW_ADDRESS = "wei.li@example.com"


@pytest.fixture
def li(person: Person) -> User:
    """Somebody with an account."""
    return make_user(email=ADDRESS)


def events(user: User) -> list[str]:
    """List what the audit log says about an account, oldest first."""
    return list(Entry.objects.about(user).order_by("id").values_list("event", flat=True))


def totp(secret: str) -> str:
    """Give the code that an authenticator app shows, with a second left to type it."""
    if time.time() % 30 > 29:
        time.sleep(1)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up_app(person: Person, password: str = PASSWORD) -> str:
    """Turn on an authenticator app after typing the password again; give its secret."""
    person.post("account_reauthenticate", password=password)
    secret: str = person.get("mfa_activate_totp").context["form"].secret
    person.post("mfa_activate_totp", code=totp(secret))
    return secret


# In and out


def test_somebody_signs_in_and_out(person: Person, li: User) -> None:
    person.sign_in("  Li.Wei@Example.com")
    assert person.is_signed_in
    person.post("account_logout")
    assert not person.is_signed_in
    assert events(li) == [Event.ACCOUNT_SIGNED_IN, Event.ACCOUNT_SIGNED_OUT]
    assert Entry.objects.get(event=Event.ACCOUNT_SIGNED_IN).details == {"methods": ["password"]}


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(person: Person, li: User) -> None:
    wrong = person.sign_in(password=NEW_PASSWORD)
    unknown = Person().sign_in("nobody@example.com", NEW_PASSWORD)
    assert not person.is_signed_in
    assert errors_of(wrong) == errors_of(unknown) != []
    assert ADDRESS in words(wrong)


def errors_of(answer: Answer) -> list[str]:
    """List what a form has against its input."""
    return [error for errors in answer.context["form"].errors.values() for error in errors]


@pytest.mark.clause("1.1")
@pytest.mark.parametrize("email", [ADDRESS, "nobody@example.com"])
def test_one_password_is_hashed_whether_or_not_there_is_an_account(
    person: Person, li: User, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []
    encode, verify = Argon2idHasher.encode, Argon2idHasher.verify
    monkeypatch.setattr(Argon2idHasher, "encode", lambda *args: runs.append("encode") or encode(*args))
    monkeypatch.setattr(Argon2idHasher, "verify", lambda *args: runs.append("verify") or verify(*args))
    person.sign_in(email, NEW_PASSWORD)
    assert len(runs) == 1


@pytest.mark.clause("1.1")
def test_a_failed_attempt_is_recorded_without_what_was_typed(person: Person, li: User) -> None:
    person.sign_in(password=NEW_PASSWORD)
    person.sign_in("  LI.WEI@example.com", NEW_PASSWORD)
    person.sign_in("nobody@example.com", NEW_PASSWORD)
    mine, again, nobodys = Entry.objects.filter(event=Event.ACCOUNT_SIGN_IN_FAILED).order_by("id")
    assert (mine.actor, mine.subject, nobodys.subject) == ("anonymous", li.pk, None)
    assert mine.details == again.details != nobodys.details
    assert "@" not in str([mine.details, nobodys.details])


def test_too_many_attempts_are_held_off(person: Person, li: User) -> None:
    for _ in range(5):
        person.sign_in(password=NEW_PASSWORD)
    assert "Too many failed login attempts" in words(person.sign_in())
    assert not person.is_signed_in


def test_a_suspended_account_cannot_be_signed_in_to(person: Person, li: User) -> None:
    User.objects.update(is_active=False)
    assert person.sign_in()["Location"] == reverse("account_inactive")
    assert not person.is_signed_in


def test_an_account_that_is_being_cancelled_can_still_be_signed_in_to(person: Person, li: User) -> None:
    request_cancellation(user=li)
    person.sign_in()
    assert person.is_signed_in


def test_an_unconfirmed_address_is_confirmed_at_sign_in(person: Person) -> None:
    person.sign_up()
    later = Person()
    assert later.sign_in()["Location"] == reverse("account_email_verification_sent")
    later.confirm()
    assert later.is_signed_in


def test_a_new_code_can_be_asked_for(person: Person) -> None:
    person.sign_up()
    first = newest_code()
    person.post("account_email_verification_sent", action="resend")
    assert newest_code() != first
    assert "Incorrect code" in words(person.confirm(first))
    person.confirm()
    assert person.is_signed_in


# The password


def test_a_forgotten_password_is_reset_by_code(person: Person, li: User) -> None:
    person.post("account_reset_password", email=ADDRESS)
    assert newest_code() not in mail.outbox[0].subject
    person.post("account_confirm_password_reset_code", code=newest_code())
    person.post("account_complete_password_reset", password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    person.sign_in(password=NEW_PASSWORD)
    assert person.is_signed_in
    assert Event.ACCOUNT_PASSWORD_RESET in events(li)
    assert Notice.objects.get().kind == "password_changed"


def test_a_reset_does_not_tell_whether_there_is_an_account(person: Person, li: User) -> None:
    known = person.post("account_reset_password", email=ADDRESS)
    unknown = Person().post("account_reset_password", email="nobody@example.com")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[ADDRESS], ["nobody@example.com"]]


def test_a_changed_password_ends_other_sessions_and_is_told(person: Person, li: User) -> None:
    elsewhere = Person()
    elsewhere.sign_in()
    person.sign_in()
    person.post("account_change_password", oldpassword=PASSWORD, password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    assert Event.ACCOUNT_PASSWORD_CHANGED in events(li)
    assert Notice.objects.get().kind == "password_changed"
    assert elsewhere.get("account_change_password").status_code == 302
    assert person.get("account_change_password").status_code == 200


# The address


def ask_for_change(person: Person, email: str = NEW_ADDRESS) -> None:
    """Sign in, type the password again, and ask for another address."""
    person.sign_in()
    person.post("account_reauthenticate", password=PASSWORD)
    person.post("account_email", email=email, action_add="")


def test_a_change_of_address_is_confirmed_by_the_new_one_and_told_to_both(person: Person, li: User) -> None:
    ask_for_change(person, " Wei.Li@example.com ")
    assert User.objects.get().email == ADDRESS
    person.confirm()
    assert User.objects.get().email == NEW_ADDRESS
    assert [(row.email, row.verified, row.primary) for row in EmailAddress.objects.all()] == [(NEW_ADDRESS, True, True)]
    assert {Event.ACCOUNT_EMAIL_VERIFIED, Event.ACCOUNT_EMAIL_CHANGED} <= set(events(li))
    assert sorted((notice.kind, notice.one_off) for notice in Notice.objects.all()) == [
        ("email_changed", False),
        ("email_changed", True),
    ]
    assert ADDRESS not in str(list(Notice.objects.values()))


def test_a_change_of_address_needs_a_fresh_sign_in(person: Person, li: User) -> None:
    person.sign_in()
    answer = person.post("account_email", email=NEW_ADDRESS, action_add="")
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not mail.outbox


def test_an_unconfirmed_sign_up_cannot_keep_an_address_from_its_owner(person: Person, li: User) -> None:
    Person().sign_up(email=NEW_ADDRESS)
    ask_for_change(person)
    person.confirm()
    assert User.objects.get() == li
    assert User.objects.get().email == NEW_ADDRESS


@pytest.mark.parametrize("confirmed", [True, False])
def test_an_address_taken_meanwhile_stays_with_its_account(person: Person, li: User, confirmed: bool) -> None:
    ask_for_change(person)
    if confirmed:
        make_user(email=NEW_ADDRESS)
    else:
        User.objects.create_superuser(NEW_ADDRESS, PASSWORD)
    assert person.confirm().status_code == 302
    li.refresh_from_db()
    assert li.email == ADDRESS
    assert "can’t be confirmed" in words(person.get("account_email"))


def test_asking_for_the_address_of_another_account_tells_nothing(person: Person, li: User) -> None:
    make_user(email=NEW_ADDRESS)
    ask_for_change(person)
    assert person.get("account_email_verification_sent").status_code == 200


# Second factors


def test_an_authenticator_app_is_asked_for_at_the_next_sign_in(person: Person, li: User) -> None:
    person.sign_in()
    secret = set_up_app(person)
    later = Person()
    assert later.sign_in()["Location"] == reverse("mfa_authenticate")
    assert not later.is_signed_in
    later.post("mfa_authenticate", code="000000")
    assert not later.is_signed_in
    later.post("mfa_authenticate", code=totp(secret))
    assert later.is_signed_in
    assert Entry.objects.filter(event=Event.ACCOUNT_SIGNED_IN).first().details == {"methods": ["password", "totp"]}
    assert {Event.ACCOUNT_AUTHENTICATOR_ADDED, Event.ACCOUNT_RECOVERY_CODES_GENERATED} <= set(events(li))
    assert [notice.details for notice in Notice.objects.all()] == [{"change": "authenticator_added"}]


def test_a_recovery_code_stands_in_once(person: Person, li: User) -> None:
    person.sign_in()
    set_up_app(person)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for signed_in in [True, False]:
        later = Person()
        later.sign_in()
        later.post("mfa_authenticate", code=codes[0])
        assert later.is_signed_in is signed_in


def test_turning_the_app_off_is_recorded_and_told(person: Person, li: User) -> None:
    person.sign_in()
    set_up_app(person)
    person.post("mfa_deactivate_totp")
    assert not Authenticator.objects.exists()
    assert events(li).count(Event.ACCOUNT_AUTHENTICATOR_REMOVED) == 2
    assert Notice.objects.filter(details={"change": "authenticator_removed"}).count() == 1


def test_who_has_a_second_factor_is_asked_for_that_one(person: Person, li: User) -> None:
    person.sign_in()
    set_up_app(person)
    answer = person.get("account_reauthenticate")
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))


def test_security_pages_need_a_fresh_sign_in(person: Person, li: User) -> None:
    person.sign_in()
    for name in ["mfa_activate_totp", "mfa_add_webauthn"]:
        assert person.get(name)["Location"].startswith(reverse("account_reauthenticate"))


def test_a_passkey_is_asked_for_without_the_persons_address(person: Person, li: User) -> None:
    person.sign_in()
    person.post("account_reauthenticate", password=PASSWORD)
    page = person.get("mfa_add_webauthn")
    assert page.status_code == 200
    assert ADDRESS not in words(page)
    assert str(li) in words(page)


# Sessions


def test_sessions_are_listed_and_ended(person: Person, li: User) -> None:
    elsewhere = Person(headers={"User-Agent": "Another browser"})
    elsewhere.sign_in()
    person.sign_in()
    assert "Another browser" in words(person.get("usersessions_list"))
    person.post("usersessions_list")
    assert not elsewhere.is_signed_in
    assert person.is_signed_in
    assert UserSession.objects.count() == 1
    assert Event.SESSION_ENDED in events(li)


# Staff


@pytest.fixture
def staff(person: Person) -> User:
    """Somebody who may open the staff pages."""
    return make_user(email=ADDRESS, is_staff=True, is_superuser=True)


def test_staff_without_a_second_factor_are_sent_to_set_one_up(person: Person, staff: User) -> None:
    person.sign_in()
    answer = person.get("admin:index", follow=True)
    assert answer.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "Staff pages open with a second factor only." in words(answer)


def test_staff_pages_open_once_two_factors_are_proven(person: Person, staff: User) -> None:
    person.sign_in()
    secret = set_up_app(person)
    answer = person.get("admin:index")
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    person.post("mfa_reauthenticate", code=totp(secret), next=reverse("admin:index"))
    assert person.get("admin:index").status_code == 200


def test_a_sign_in_with_the_second_factor_opens_staff_pages_at_once(person: Person, staff: User) -> None:
    person.sign_in()
    secret = set_up_app(person)
    later = Person()
    later.sign_in()
    later.post("mfa_authenticate", code=totp(secret))
    assert later.get("admin:index").status_code == 200


def test_staff_pages_ask_others_to_sign_in_or_refuse_them(person: Person, li: User) -> None:
    assert person.get("admin:index").status_code == 302
    person.sign_in()
    assert person.get("admin:index").status_code == 302


def test_staff_find_an_account_by_address_without_it_standing_in_a_url(person: Person, staff: User) -> None:
    sign_in_with_two_factors(person.client, staff)
    found = make_user(email=NEW_ADDRESS)
    answer = person.post("admin:accounts_user_find", email="WEI.LI@example.com")
    assert answer["Location"] == reverse("admin:accounts_user_change", args=[found.pk])
    page = words(person.client.get(answer["Location"]))
    assert str(found) in page
    assert NEW_ADDRESS not in page
    assert "No account has this address." in words(person.post("admin:accounts_user_find", email="x@example.com"))


def test_staff_can_look_at_accounts_and_change_none(person: Person, staff: User) -> None:
    sign_in_with_two_factors(person.client, staff)
    for model in ["accounts_user", "account_emailaddress", "mfa_authenticator", "usersessions_usersession"]:
        page = person.get(f"admin:{model}_changelist")
        assert page.status_code == 200
        assert ADDRESS not in words(page)
        assert person.get(f"admin:{model}_add").status_code == 403
    assert person.client.post(f"/admin/accounts/user/{staff.pk}/change/", {"is_superuser": ""}).status_code == 403
    assert person.client.post(f"/admin/accounts/user/{staff.pk}/delete/", {"post": "yes"}).status_code == 403


def test_roles_are_set_by_a_superuser_and_recorded(person: Person, staff: User) -> None:
    sign_in_with_two_factors(person.client, staff)
    new, role = make_user(), Group.objects.get_or_create(name="legal reviewer")[0]
    page = f"/admin/accounts/user/{new.pk}/roles/"
    assert person.client.get(page).status_code == 200
    person.client.post(page, {"is_staff": "on", "department": "Legal", "roles": [role.pk]})
    new.refresh_from_db()
    assert (new.is_staff, new.department, new.groups.get().name) == (True, "Legal", "legal reviewer")
    granted = Entry.objects.get(event=Event.STAFF_ROLE_GRANTED)
    assert (granted.actor, granted.details) == (str(staff.pk), {"roles": ["legal_reviewer", "staff"]})
    person.client.post(page, {"department": ""})
    assert Entry.objects.get(event=Event.STAFF_ROLE_REVOKED).details == {"roles": ["legal_reviewer", "staff"]}


def test_the_last_superuser_cannot_be_taken_away(person: Person, staff: User) -> None:
    sign_in_with_two_factors(person.client, staff)
    answer = person.client.post(f"/admin/accounts/user/{staff.pk}/roles/", {"department": ""}, follow=True)
    assert "this is the last who can" in words(answer)
    staff.refresh_from_db()
    assert staff.is_superuser
