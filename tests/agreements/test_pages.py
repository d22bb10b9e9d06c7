import hashlib
import re

import pytest
from django.urls import reverse

from agreements import services
from agreements.models import Text
from tests.agreements.conftest import ENGLISH, SLUG, accept
from tests.factories import make_user


@pytest.mark.clause("P1")
def test_anyone_can_read_the_agreement_in_force(client, text):
    page = client.get(f"/agreements/{SLUG}/")

    assert page.status_code == 200
    assert text.html in page.text
    assert text.sha256 in page.text
    assert text.exact_url in page.text


@pytest.mark.clause("P1")
@pytest.mark.parametrize(
    ("headers", "query", "words"),
    [
        ({"Accept-Language": "zh-CN,zh;q=0.9"}, "", "与人为善"),
        ({"Accept-Language": "en"}, "", "Be <em>kind</em>"),
        ({"Accept-Language": "en"}, "?language=zh-hans", "与人为善"),
        ({"Accept-Language": "zh-CN"}, "?language=EN", "Be <em>kind</em>"),
        ({}, "?language=%00%F0%9F%99%82", "Be <em>kind</em>"),
    ],
)
def test_the_reader_chooses_the_language(client, text, headers, query, words):
    assert words in client.get(f"/agreements/{SLUG}/{query}", headers=headers).text


def test_another_language_than_the_one_asked_for_is_named(client, publish):
    publish(en=ENGLISH)

    assert "in English" in client.get(f"/agreements/{SLUG}/?language=fr").text


@pytest.mark.clause("P1")
def test_the_languages_are_linked_in_their_own_words(client, text):
    page = client.get(f"/agreements/{SLUG}/").text

    assert re.search(rf'href="/agreements/{SLUG}/1/zh-hans/"[^>]*>简体中文<', page)


@pytest.mark.clause("P1")
@pytest.mark.parametrize(
    "body",
    [
        ENGLISH,
        "# Terms\r\n\r\nLines of a typewriter.\r\n",
        "\ufeff# Terms",
        "# Terms\n\n\n   no end of line",
        "# 条款\n\n与人为善 🙂\n",
        "# شروط\n\nكن لطيفا.\n",
        "# e\u0301 is not \u00e9\n",
    ],
    ids=["plain", "CRLF", "byte order mark", "loose ends", "Chinese", "Arabic", "not normalised"],
)
def test_the_bytes_served_are_the_bytes_hashed(client, publish, body):
    if body.startswith("\ufeff"):
        body = "# Terms\n\n\ufeff"
    publish(en=body)

    response = client.get(f"/agreements/{SLUG}/1/en/text.md")

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.content == body.encode()
    assert hashlib.sha256(response.content).hexdigest() == Text.objects.get().sha256


@pytest.mark.slow
def test_two_megabytes_are_served_and_hashed_whole(client, publish):
    publish(en="# Long\n\n" + "Be kind, and then be kind again.\n\n" * 62_000)

    response = client.get(f"/agreements/{SLUG}/1/en/text.md")

    assert len(response.content) > 2_000_000
    assert hashlib.sha256(response.content).hexdigest() == Text.objects.get().sha256


@pytest.mark.clause("P4")
def test_an_earlier_version_stays_open_to_read(client, text, publish):
    publish(en="# Terms\n\nBe *very* kind.\n")

    page = client.get(f"/agreements/{SLUG}/1/en/").text

    assert text.html in page
    assert "no longer in force" in page
    assert "Be <em>very</em> kind" in client.get(f"/agreements/{SLUG}/").text


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        f"{SLUG}/2/en/",
        f"{SLUG}/2/en/text.md",
        f"{SLUG}/1/fr/",
        f"{SLUG}/1/e%00n/",
        f"{SLUG}/99999999999999999999999999/en/",
    ],
)
def test_what_was_never_published_is_not_found(client, text, path):
    services.draft_version(slug=SLUG, texts={"en": "# Secret plans\n"}, editor="system:editor")

    assert client.get(f"/agreements/{path}").status_code == 404


def test_an_arabic_text_runs_from_right_to_left(client, publish):
    publish(ar="# شروط\n\nكن لطيفا.\n")

    assert 'lang="ar" dir="rtl"' in client.get(f"/agreements/{SLUG}/").text


def test_a_hostile_text_reaches_the_page_harmless(client, publish):
    publish(en="# Terms <script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n")

    for path in ("", f"{SLUG}/", f"{SLUG}/1/en/"):
        page = client.get(f"/agreements/{path}").text
        assert "<script>alert" not in page
        assert "<img" not in page


def test_the_list_names_what_is_in_force(client, text):
    page = client.get("/agreements/").text

    assert f'href="/agreements/{SLUG}/"' in page
    assert ">Terms<" in page


@pytest.mark.django_db
def test_the_empty_list_says_what_will_appear(client):
    assert "No agreement is in force yet" in client.get("/agreements/").text


@pytest.mark.clause("P3")
def test_a_person_sees_what_they_accepted(client, text, publish):
    user = make_user()
    accept(user, text, control_label="I have read it and agree")
    publish(en="# New terms\n")
    client.force_login(user)

    page = client.get(reverse("my_agreements")).text

    assert text.sha256 in page
    assert text.get_absolute_url() in page
    assert "I have read it and agree" in page
    assert "New terms" not in page


def test_a_person_sees_only_their_own_acceptances(client, text):
    accept(make_user(), text)
    client.force_login(make_user())

    page = client.get(reverse("my_agreements")).text

    assert text.sha256 not in page
    assert "accepted an agreement yet" in page


@pytest.mark.django_db
def test_acceptances_need_a_sign_in(client):
    assert client.get(reverse("my_agreements")).status_code == 302


@pytest.mark.parametrize("path", ["", f"{SLUG}/", f"{SLUG}/1/en/", f"{SLUG}/1/en/text.md"])
def test_the_pages_only_read(client, text, path):
    assert client.post(f"/agreements/{path}").status_code == 405
