"""A disclosure, as the three members of staff do it who must, and as the person concerned sees it afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.services import correct_profile
from disclosures.roles import APPROVER, INTAKE, LEGAL_REVIEWER, seed_roles
from tests.browser.conftest import Visit
from tests.browser.hands import code_of, expect_page, fill_in, follow, press, sign_in, subjects_sent_to
from tests.factories import make_staff, make_user
from tests.live import Live

PERSON = "wang.fang@example.com"
FACTS = {
    "organisation": "District Court of Springfield",
    "contact": "Clerk Jane Roe, +1 555 0100",
    "legal_basis": "Data Retention Act, article 7",
    "purpose": "Identify the holder of one account",
}


@pytest.mark.timeout(300)
@pytest.mark.clause("1.3")
@pytest.mark.clause("1.3.2")
def test_three_people_disclose_what_two_of_them_granted(live: Live, visit: Visit, tmp_path: Path) -> None:
    person = make_user(email=PERSON)
    correct_profile(user=person, changes={"real_name": "Wang Fang", "id_type": "passport", "id_number": "E12345678"})
    seed_roles()
    intake = visit().page
    comes_to_the_desk(intake, INTAKE)
    reference = files_a_request(intake)

    legal = visit().page
    comes_to_the_desk(legal, LEGAL_REVIEWER)
    opens_from_the_queue(legal, reference)
    takes(legal, "Take up for legal review")
    follow(legal, "Approve after legal review")
    expect(legal.get_by_text(FACTS["legal_basis"])).to_be_visible()
    expect(legal.get_by_role("checkbox", checked=True)).to_have_count(0)  # each grant is deliberate
    legal.get_by_role("checkbox", name="real name").check()
    fill_in(legal, rationale="The article covers the name, not the document.")
    press(legal, "Approve after legal review")
    expect(legal.get_by_role("link", name="Approve", exact=True)).to_have_count(0)  # one person, one approval

    approver = visit().page
    comes_to_the_desk(approver, APPROVER)
    opens_from_the_queue(approver, reference)
    follow(approver, "Approve")
    expect(approver.get_by_role("checkbox", name="ID number")).to_have_count(0)  # what is withheld once stays withheld
    expect(approver.get_by_text("The article covers the name")).to_be_visible()
    approver.get_by_role("checkbox", name="real name").check()
    approver.get_by_role("checkbox", name="real name").check()
    fill_in(approver, rationale="Agreed.")
    press(approver, "Approve")
    expect(approver.locator(".pill", has_text="approved").first).to_be_visible()

    assert releases(intake, tmp_path) == {"real_name": "Wang Fang"}
    for page in (intake, legal, approver):
        assert "Wang Fang" not in page.content()
        assert PERSON not in page.content()
    sees_it(live.page, reference)


def comes_to_the_desk(page: Page, role: str) -> User:
    """Sign in with password and authenticator app, on the way to the staff pages."""
    user, secret = make_staff(email=f"{role.replace(' ', '.')}@example.com"), generate_totp_secret()
    user.groups.add(Group.objects.get(name=role))
    TOTP.activate(user, secret)
    page.goto("/admin/")
    expect_page(page, "Sign in")
    fill_in(page, login=user.email, password="correct horse battery")
    press(page, "Sign in")
    expect_page(page, "One more step")
    fill_in(page, code=code_of(secret))
    press(page, "Sign in")
    expect_page(page, "Staff desk")
    return user


def files_a_request(page: Page) -> str:
    page.goto("/admin/disclosures/disclosurerequest/")
    follow(page, "New request")
    page.locator("input[name=ground][value=statute]").check()
    fill_in(page, **FACTS)
    press(page, "File as a draft")
    reference = page.get_by_role("heading", level=1).inner_text()
    follow(page, "Add an account")
    fill_in(page, identifier="nobody@example.com")
    for field in ("real name", "ID number"):
        page.get_by_role("checkbox", name=field, exact=True).check()
    press(page, "Add an account")
    expect(page.get_by_role("alert")).to_contain_text("Not found")
    fill_in(page, identifier=PERSON)
    press(page, "Add an account")
    takes(page, "Submit")
    return reference


def takes(page: Page, step: str) -> None:
    """Follow the link of a step that asks for nothing, and confirm it."""
    follow(page, step)
    press(page, step)
    expect(page.get_by_text(f"Done: {step}.")).to_be_visible()


def opens_from_the_queue(page: Page, reference: str) -> None:
    """Find the request among what waits for this person."""
    expect(page.get_by_role("navigation", name="Saved views")).to_contain_text("Waiting for me 1")
    follow(page, reference)


def releases(page: Page, folder: Path) -> dict[str, Any]:
    """Fetch the file, once; give the fields in it."""
    page.reload()
    follow(page, "Release")
    page.locator("#id_confirmed").check()
    with page.expect_download() as started:
        page.get_by_role("button", name="Release", exact=True).click()
    started.value.save_as(folder / "package.json")
    page.goto(page.url.replace("release/", ""))
    takes(page, "Close")
    expect(page.get_by_role("link", name="Release", exact=True)).to_have_count(0)
    [account] = json.loads((folder / "package.json").read_text())["accounts"]
    return dict(account["fields"])


def sees_it(page: Page, reference: str) -> None:
    """Be told, and find who got what, on which ground, and who opened it."""
    assert subjects_sent_to(PERSON)
    sign_in(page, PERSON)
    page.goto("/my/disclosures/")
    article = page.get_by_role("article").filter(has_text=reference)
    expect(article).to_contain_text("A law or regulation requires it")
    expect(article).to_contain_text("District Court of Springfield")
    page.goto("/my/openings/")
    opened = page.get_by_role("listitem").filter(has_text=reference)
    expect(opened).to_contain_text("real name")
    expect(opened).not_to_contain_text("ID number")
