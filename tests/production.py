"""Settings as in production, with made-up values: `python -m tests.production` runs Django's deployment checks on them.

No server is asked; the checks read settings alone.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOCAL": "",
    "SECRET_KEY": "an-example-of-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "accounts.example.org",
    "SITE_URL": "https://accounts.example.org",
    "DATABASE_URL": "postgres://pledge@database.example.org/pledge",
    "KEYS_DATABASE_URL": "postgres://pledge@keys.example.org/pledge_keys",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "EMAIL_URL": "smtp+tls://pledge:password@mail.example.org:587",
}


def manage(*arguments: str, folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py on production settings whose keys lie in `folder`, with some variables changed."""
    paths = {
        "VAR_DIR": str(folder),
        "KEYRING_PATH": str(folder / "keyring.json"),
        "ROOT_KEY_PATH": str(folder / "root_key"),
        "KEYRING": "",
        "ROOT_KEY": "",
    }
    command = [sys.executable, "manage.py", *arguments]
    environment = os.environ | ENVIRONMENT | paths | changes
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # a browser test in this process may have set it
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)


def check_production(folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the deployment checks with the keys in `folder`, made if missing; any warning makes the exit code 1."""
    made = manage("make_keyring", folder=folder)
    return made if made.returncode else manage("check", "--deploy", "--fail-level", "WARNING", folder=folder, **changes)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        result = check_production(Path(folder))
    print(result.stdout + result.stderr)
    sys.exit(result.returncode)
