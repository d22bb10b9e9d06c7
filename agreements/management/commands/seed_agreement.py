"""`manage.py seed_agreement`: puts the default service agreement in force on a site that has none."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from agreements import services
from agreements.models import Text

SLUG = "service-agreement"
TEXTS = Path(__file__).resolve().parents[2] / "texts"


class Command(BaseCommand):
    """Publish the files in `agreements/texts/`, once. It never replaces what is in force: that takes a new version."""

    help = "Publish the default service agreement when nothing is in force."

    def handle(self, *args: Any, **options: Any) -> None:
        texts = read_texts()
        version = services.seed_agreement(slug=SLUG, texts=texts, actor="system:seed_agreement")
        if version:
            self.stdout.write(f"{SLUG}: version {version.number} is in force, in {', '.join(texts)}.")
        elif changed := changed_languages(texts):
            self.stderr.write(
                f"{SLUG}: the files for {', '.join(changed)} differ from the text in force. Nothing was changed: "
                "what people accepted stays as it is, and a new wording is a new version."
            )
        else:
            self.stdout.write(f"{SLUG}: already in force.")


def read_texts() -> dict[str, str]:
    """Give the default texts by language, byte for byte."""
    files = sorted(TEXTS.glob(f"{SLUG}.*.md"))
    return {file.name.split(".")[-2]: file.read_bytes().decode() for file in files}


def changed_languages(texts: dict[str, str]) -> list[str]:
    """Give the languages whose file isn't what is in force."""
    in_force = dict(Text.objects.in_force().filter(version__agreement__slug=SLUG).values_list("language", "body"))
    return [
        language for language in sorted(texts.keys() | in_force.keys()) if texts.get(language) != in_force.get(language)
    ]
