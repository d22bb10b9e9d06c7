"""Fetches django-allauth's source, whose tests its installed package lacks, and what those tests need besides."""

import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import version
from pathlib import Path

EXTRAS = "headless,headless-spec,idp-oidc,mfa,openid,socialaccount,steam"
NEEDED = (
    "djangorestframework",
    "django-ninja",
    "pytest-asyncio",
    "Pillow",
    "oauthlib==4.0.0",
)  # 4.0.1 breaks 18 of its tests
ALLAUTH = version("django-allauth")


def fetch_source(folder: Path) -> Path:
    """Download and unpack the source of the version that this project uses, and add this package to its tests."""
    requirement = f"django-allauth=={ALLAUTH}"
    pip("download", "--no-binary", "django-allauth", "--no-deps", "--dest", str(folder), requirement)
    shutil.unpack_archive(next(folder.glob("*.tar.gz")), folder, filter="data")
    source = next(path for path in folder.iterdir() if (path / "pytest.ini").exists())
    shutil.copytree(Path(__file__).parent, source / "tests/allauth_suite")
    return source


def make_environment(folder: Path) -> Path:
    """Make a Python that sees the packages of this one, add what the tests need, and give its path."""
    venv.create(folder, symlinks=True)
    python = folder / "bin/python"
    here = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=here))
    (packages / "project.pth").write_text(sysconfig.get_path("purelib"))
    pip("--python", str(python), "install", f"django-allauth[{EXTRAS}]=={ALLAUTH}", *NEEDED)
    return python


def pip(*arguments: str) -> None:
    """Run pip, which prints only what goes wrong."""
    command = [sys.executable, "-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)
