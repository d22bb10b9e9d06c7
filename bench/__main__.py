"""`make bench`: measure everything, print the table, write bench/results.json."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.services import find_servers

RESULTS = Path(__file__).parent / "results.json"
PACKAGES = ("Django", "django-allauth", "cryptography", "psycopg", "django-cryptography-5")


def main() -> None:
    """Measure on SQLite, then on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="pledge-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        environment = local_environment(folder)
        run("manage.py", "make_keyring", environment=environment)
        rows = measure(environment)
        with find_servers(folder) as servers:
            rows += measure(environment | servers)
    show(rows)
    RESULTS.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1, ensure_ascii=False) + "\n")


def local_environment(folder: Path) -> dict[str, str]:
    """Give an environment with keys and SQLite files of its own."""
    empty = dict.fromkeys(("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "KEYRING", "ROOT_KEY"), "")
    own = {"VAR_DIR": str(folder), "LOCAL": "1", "SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    return dict(os.environ) | empty | own


def measure(environment: dict[str, str]) -> list[dict[str, Any]]:
    """Run the measurements in a process of their own and give its rows."""
    rows: list[dict[str, Any]] = json.loads(run("manage.py", "bench_storage", environment=environment))
    return rows


def run(*arguments: str, environment: dict[str, str]) -> str:
    """Run Python and give what it printed."""
    return subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def machine() -> dict[str, Any]:
    """Describe what the figures were measured on."""
    versions = {package: version(package) for package in PACKAGES}
    return {"python": platform.python_version(), "cores": os.cpu_count(), "cpu": cpu_model(), "versions": versions}


def cpu_model() -> str:
    """Name the processor, where the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def show(rows: list[dict[str, Any]]) -> None:
    """Print the table."""
    for row in rows:
        sign, mark = ("≥" if row["at_least"] else "≤"), ("met" if row["met"] else "MISSED")
        print(f"{row['name']:58} {row['value']:8.2f} {row['unit']:24} {sign} {row['goal']:<6} {mark}")


if __name__ == "__main__":
    main()
