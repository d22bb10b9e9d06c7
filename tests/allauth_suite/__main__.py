"""`make allauth-suite`: run both variants, print one table and the tests that differ, fail where any does."""

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.allauth_suite.results import Run, differences, show
from tests.allauth_suite.workshop import fetch_source, make_environment
from tests.services import postgres

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = ("plain", "sealed")


def main() -> int:
    """Run what the command line asks for; give 1 where a test's outcome depends on the variant."""
    asked = read_arguments()
    with tempfile.TemporaryDirectory(prefix="allauth-suite-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        folder = Path(name)
        source, python = fetch_source(folder), make_environment(folder / "environment")
        databases = stack.enter_context(postgres(folder)) if asked.postgres else {}
        command = [str(python), "-m", "pytest", *pytest_options(asked)]
        runs = [run(command, source, variant, databases, asked.project) for variant in VARIANTS]
    show(runs)
    found = differences(*runs)
    print(*(found or ["No test differs."]), sep="\n")
    return int(bool(found))


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.allauth_suite", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL: at DATABASE_URL, else started for it")
    parser.add_argument("--project", default="regular", help="which of allauth's test projects (default: regular)")
    parser.add_argument("--jobs", default="2", help="processes to run at once (default: 2)")
    parser.add_argument("--only", default="tests", help="a folder or file of allauth's tests")
    return parser.parse_args()


def pytest_options(asked: argparse.Namespace) -> list[str]:
    """Give pytest's options; allauth's conftest.py reads --ds, so the settings are named there too."""
    plugins = ["-p", "tests.allauth_suite.plugin", "-p", "no:cacheprovider"]
    settings = ["--ds", settings_of(asked.project), "--nomigrations"]
    return [*plugins, *settings, "-n", asked.jobs, "-q", "--disable-warnings", "--tb=short", asked.only]


def settings_of(project: str) -> str:
    """Name the settings of one of allauth's test projects."""
    return f"tests.projects.{project}.settings"


def run(command: list[str], source: Path, variant: str, databases: dict[str, str], project: str) -> Run:
    """Run the suite in allauth's source and read what the plugin noted; its own output goes to standard error."""
    folder = source.parent / variant
    folder.mkdir()
    environment = os.environ | dict.fromkeys(("DATABASE_URL", "KEYS_DATABASE_URL"), "") | databases
    environment |= {"ALLAUTH_SUITE_VARIANT": variant, "ALLAUTH_SUITE_FOLDER": str(folder)}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": settings_of(project)}
    subprocess.run(command, cwd=source, env=environment, stdout=sys.stderr, check=False)
    return Run.read(project, variant, folder / "results.json")


if __name__ == "__main__":
    sys.exit(main())
