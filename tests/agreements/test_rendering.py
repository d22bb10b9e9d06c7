import re
import time

import pytest

from agreements import rendering
from agreements.models import sha256_of


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<p style="position:fixed">over everything</p>',
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "![x](https://tracker.example/pixel.png)",
        "![x](data:image/svg+xml;base64,AAAA)",
        "# <svg onload=alert(1)>",
        '# x" onmouseover="alert(1)',
        "<iframe src=//evil.example></iframe>",
        "```html\n<script>alert(1)</script>\n```",
        "`<script>`",
        "| a |\n|:-:|\n| <script>x</script> |",
        "[x]: javascript:alert(1)\n\n[x]",
        '<https://example.org/"onclick=alert(1)>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_in_a_text_can_run_or_load(markdown):
    html = rendering.render(markdown)

    tags = re.findall(r"<\s*([a-z0-9]+)([^>]*)>", html, re.IGNORECASE)
    assert {tag for tag, _ in tags} <= rendering.ALLOWED_TAGS
    for _, attributes in tags:
        names = re.findall(r"([a-z-]+)=\"", attributes)
        assert set(names) <= {"href", "title", "id", "start", "rel"}
        assert not re.search(r"href=\"(?!https?:|mailto:|#|/)", attributes)


def test_tables_lists_and_emphasis_are_kept():
    html = rendering.render("| a | b |\n|---|:-:|\n| *c* | **d** |\n\n3. three\n4. four\n")

    assert "<table>" in html
    assert "<td><em>c</em></td>" in html
    assert '<ol start="3">' in html
    assert "style" not in html


@pytest.mark.clause("3.4")
def test_headings_get_anchors_and_nothing_else():
    html = rendering.render("# Terms\n\n## The end\n\n## The end\n\n## 终止\n\n## !!!\n")

    assert re.findall(r"<h(\d)( [^>]*)>", html) == [
        ("1", ' id="section-terms"'),
        ("2", ' id="section-the-end"'),
        ("2", ' id="section-the-end-2"'),
        ("2", ' id="section-终止"'),
        ("2", ' id="section-"'),
    ]


@pytest.mark.clause("3.4")
def test_a_text_means_the_same_under_other_headings():
    def without_headings(markdown):
        return re.sub(r"<h2.*?</h2>", "", rendering.render(markdown))

    assert without_headings("# T\n\n## Liability\n\nBe kind.\n") == without_headings("# T\n\n## Kindness\n\nBe kind.\n")


def test_contents_name_the_sections_by_their_anchors():
    assert rendering.contents("# T\n\n## 1. One *day*\n\n### Deep\n\n## 2. `Two`\n") == (
        ("section-1-one-day", "1. One day"),
        ("section-2-two", "2. Two"),
    )


def test_the_same_text_gives_the_same_fragment():
    body = "# Terms\n\n- one\n- two\n"
    first = rendering.render(body)
    rendering.render.cache_clear()

    assert sha256_of(first) == sha256_of(rendering.render(body))


def test_arabic_and_chinese_come_through():
    html = rendering.render("# شروط الخدمة\n\nكن لطيفا.\n\n## 您的责任\n\n与人为善。\n")

    assert "كن لطيفا" in html
    assert 'id="section-شروط-الخدمة"' in html
    assert "与人为善。" in html


@pytest.mark.slow
def test_two_megabytes_render_in_a_few_seconds():
    body = "# Long\n\n" + "## Section\n\nA *plain* paragraph with [a link](https://example.org) in it.\n\n" * 27_000
    assert len(body.encode()) > 2_000_000

    started = time.monotonic()
    html = rendering.render(body)

    assert time.monotonic() - started < 30
    assert html.count("<h2 ") == 27_000
