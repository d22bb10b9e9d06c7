"""Somebody whose every protected value is a canary walks through the real pages."""

import time
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.models import State, User
from tests.accounts.people import newest_code
from tests.accounts.test_sign_in import set_up_app
from tests.canaries.search import Place
from tests.canaries.values import Canaries
from tests.canaries.visitor import Visitor

LONG_AGO = 3600.0  # seconds


class Walk:
    """One account from its sign-up on. Each method is one visit; a later one builds on `register`."""

    def __init__(self, canaries: Canaries) -> None:
        self.canaries = canaries
        self.notebook: list[Place] = []
        self.person = self.visitor()

    def visitor(self, **options: Any) -> Visitor:
        """Give somebody else a browser."""
        return Visitor(self.notebook, **options)

    @property
    def user(self) -> User:
        """The account, read anew."""
        return User.objects.get(pk=self.account_id)

    def register(self) -> None:
        """Sign up, mistype the code, confirm."""
        c = self.canaries
        form = {"password1": c["password"], "date_of_birth": c["date_of_birth"]}
        assert self.visitor().sign_up(email=c["stray_email"], **form).status_code == 302  # and never comes back
        self.person.sign_up(email=c["email"], password1="")
        self.person.sign_up(email=c["email"], **form)
        self.person.confirm("AAAA-AAAA")
        self.person.confirm()
        assert self.person.is_signed_in
        self.account_id, self.password = self.person.client.session["_auth_user_id"], c["password"]

    def err(self) -> None:
        """Sign in with a wrong password, sign up a second time, write to an address of the site."""
        c = self.canaries
        for email in (c["email"], c["new_email"]):
            assert not self.sign_in(self.visitor(), email, c["wrong_password"])
        self.visitor().sign_up(email=c["email"], password1=c["wrong_password"], date_of_birth=c["date_of_birth"])
        self.visitor().client.get(reverse("account_signup"), {"email": c["email"]})

    def sign_in(self, visitor: Visitor, email: str, password: str) -> bool:
        """Sign in; tell whether it worked."""
        visitor.sign_in(email, password)
        return visitor.is_signed_in

    def fill_in(self) -> None:
        """Give every field on its page, with a mistake first."""
        c = self.canaries
        home = {"country_code": "US", "country_area": "AK", "city": c["home_city"], "street_address": c["home_street"]}
        mailing = home | {"city": c["mailing_city"], "street_address": c["mailing_street"]}
        self.edit("real_name", real_name=c["real_name"])
        self.edit("id_number", id_type="other", id_number=c["id_number"])
        self.edit("home_address", **home)
        self.edit("mailing_address", **mailing, postal_code=c["mailing_code"])
        self.edit("postal_code", postal_code=c["postal_code"])
        question = {"choice": "own", "own_question": c["question"]}
        self.edit("recovery_question", **question, recovery_answer=c["answer"])
        c.add("answer's hash", self.user.profile.recovery_answer)

    def edit(self, field: str, **data: str) -> None:
        """Send the form of one field: unfinished, then whole."""
        address = reverse("edit_data", args=[field])
        self.person.client.post(address, {name: text for name, text in data.items() if name != "country_area"})
        answer = self.person.client.post(address, data)
        assert answer.status_code == 302, answer.context["form"].errors

    def look(self) -> None:
        """Open everything, see who did."""
        assert self.canaries["real_name"] in self.person.post("reveal_data", field="all").content.decode()
        self.person.get("my_openings")

    def be_asked_again(self) -> None:
        """Send a form long after the sign-in: it waits in the session while the password is asked for."""
        visitor = self.visitor()
        assert self.sign_in(visitor, self.canaries["email"], self.canaries["password"])
        session = visitor.client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time() - LONG_AGO}]
        session.save()
        asked = visitor.client.post(reverse("edit_data", args=["real_name"]), {"real_name": self.canaries["real_name"]})
        assert asked["Location"].startswith(reverse("account_reauthenticate"))

    def move(self) -> None:
        """Ask for another address in two browsers, and confirm it in one."""
        c, elsewhere = self.canaries, self.visitor()
        for visitor in (elsewhere, self.person):
            if visitor is elsewhere:
                assert self.sign_in(visitor, c["email"], c["password"])
            visitor.post("account_reauthenticate", password=c["password"])
            visitor.post("account_email", email=c["new_email"], action_add="")
        self.person.confirm()
        assert self.user.email == c.kept("new_email")

    def reset(self) -> None:
        """Ask for a new password in two browsers, and set it in one."""
        c = self.canaries
        for visitor in (self.visitor(), visiting := self.visitor()):
            visitor.post("account_reset_password", email=c["new_email"])
        visiting.post("account_confirm_password_reset_code", code=newest_code())
        passwords = {"password1": c["new_password"], "password2": c["new_password"]}
        visiting.post("account_complete_password_reset", **passwords)
        self.person = self.visitor()
        self.password = c["new_password"]
        assert self.sign_in(self.person, c["new_email"], self.password)

    def secure(self) -> None:
        """Turn on an authenticator app; its secret and the recovery codes are canaries from now on."""
        secret = set_up_app(self.person, self.password)
        codes = Authenticator.objects.get(user=self.user, type=Authenticator.Type.RECOVERY_CODES).wrap()
        self.codes: list[str] = codes.get_unused_codes()
        self.canaries.add("authenticator", secret)
        seed = get_adapter().decrypt(codes.instance.data["seed"])
        self.canaries.add("recovery codes", seed, seed, *self.codes)

    def leave(self) -> None:
        """Ask for the account to be cancelled, after a recovery code."""
        self.person.post("mfa_reauthenticate", code=self.codes[0])
        self.person.post("request_cancellation", confirmation="cancel my account")
        assert self.user.state == State.CANCELLING
