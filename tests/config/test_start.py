"""No process starts on a bad key configuration; each says which key and what to do."""

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

WEB = [sys.executable, "-c", "import config.wsgi"]
WORKER = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo"]
BEAT = [sys.executable, "-m", "celery", "-A", "config", "beat"]


@pytest.mark.slow
@pytest.mark.parametrize("process", [WEB, WORKER, BEAT], ids=["web", "worker", "beat"])
def test_no_process_starts_with_another_root_key(process: list[str], tmp_path: Path) -> None:
    wrong = b64encode(os.urandom(32)).decode()
    environment = dict(os.environ) | {"ROOT_KEY": wrong, "VAR_DIR": str(tmp_path), "C_FORCE_ROOT": "1"}
    ended = subprocess.run(process, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "vault.E001" in ended.stderr
    assert "ROOT_KEY is another one" in ended.stderr
    assert wrong not in ended.stderr + ended.stdout
