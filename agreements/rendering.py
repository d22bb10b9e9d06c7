"""Markdown becomes HTML that is safe to show: CommonMark and tables, no raw HTML, then an allow list."""

import re
from functools import lru_cache
from itertools import pairwise

import nh3
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

# No images: a picture in a contract would load from elsewhere, and tell who reads it.
ALLOWED_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "strong", "em", "code", "pre", "blockquote"}
ALLOWED_TAGS |= {"ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"}
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}} | {f"h{level}": {"id"} for level in range(1, 7)}
ALLOWED_SCHEMES = {"http", "https", "mailto"}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=8)
def render(body: str) -> str:
    """Give the HTML fragment of a Markdown text; each heading gets an anchor, which carries no logic (clause 3.4).

    The same text gives the same fragment, byte for byte, so its SHA-256 can stand in an acceptance.
    """
    tokens = _markdown.parse(body)
    _anchor_headings(tokens)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(html, tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, url_schemes=ALLOWED_SCHEMES)


def title_of(body: str) -> str:
    """Give the words of the first first-level heading, or an empty string when there is none."""
    return next((words for heading, words in _headings(_markdown.parse(body)) if heading.tag == "h1"), "")


@lru_cache(maxsize=8)
def contents(body: str) -> tuple[tuple[str, str], ...]:
    """Give the anchor and the words of each second-level heading: a table of contents."""
    tokens = _markdown.parse(body)
    _anchor_headings(tokens)
    return tuple((str(heading.attrGet("id")), words) for heading, words in _headings(tokens) if heading.tag == "h2")


def _headings(tokens: list[Token]) -> list[tuple[Token, str]]:
    pairs = pairwise(tokens)
    return [(token, _words(inline)) for token, inline in pairs if token.type == "heading_open"]


def _words(inline: Token) -> str:
    text = "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline"})
    return re.sub(r"\s+", " ", text).strip()


def _anchor_headings(tokens: list[Token]) -> None:
    # The prefix keeps an anchor from taking the id of a form's field on the same page.
    taken: dict[str, int] = {}
    for heading, words in _headings(tokens):
        anchor = f"section-{slugify(words, allow_unicode=True)}"
        taken[anchor] = taken.get(anchor, 0) + 1
        heading.attrSet("id", anchor if taken[anchor] == 1 else f"{anchor}-{taken[anchor]}")
