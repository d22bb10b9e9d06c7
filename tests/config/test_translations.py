"""Translations are compiled without the system's gettext, and only when they changed."""

import os
import re
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import trans_real
from pytest_django.fixtures import Settings

from config.translations import compile_translations

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "seal"
msgstr "封"

#, fuzzy
msgid "open"
msgstr "不确定"
"""


def write(folder: Path) -> Path:
    source = folder / "zh_Hans" / "LC_MESSAGES" / "pages.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)
    return source


def test_django_reads_what_was_compiled(tmp_path: Path, settings: Settings) -> None:
    write(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    compile_translations()
    catalogue = trans_real.DjangoTranslation("zh-hans", domain="pages", localedirs=[str(tmp_path)])
    assert catalogue.gettext("seal") == "封"
    assert catalogue.gettext("open") != "不确定"


def test_what_did_not_change_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    source = write(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    assert compile_translations() == [source.with_suffix(".mo")]
    assert compile_translations() == []
    os.utime(source, (source.stat().st_mtime + 5,) * 2)
    assert compile_translations() == [source.with_suffix(".mo")]


def test_every_string_is_translated_with_its_placeholders() -> None:
    catalogue = polib.pofile(str(settings.LOCALE_PATHS[0] / "zh_Hans/LC_MESSAGES/django.po"))
    for entry in catalogue:
        translated = entry.msgstr or entry.msgstr_plural.get(0, "")
        assert translated, entry.msgid
        assert not entry.fuzzy, entry.msgid
        named = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        assert placeholders(translated) == named, entry.msgid


def placeholders(text: str) -> set[str]:
    """Find what is filled in at run time."""
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))
