"""Compiles translations in pure Python, so that no machine needs the system's gettext to run the site."""

from pathlib import Path

import polib
from django.conf import settings


def compile_translations() -> list[Path]:
    """Write each .mo file that is missing or older than its .po file; give the files written."""
    stale = [
        (source, target)
        for folder in settings.LOCALE_PATHS
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))
        if is_stale(source, target := source.with_suffix(".mo"))
    ]
    for source, target in stale:
        polib.pofile(str(source)).save_as_mofile(str(target))
    return [target for _, target in stale]


def is_stale(source: Path, target: Path) -> bool:
    """Tell whether the compiled file is missing or older than its source."""
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime
