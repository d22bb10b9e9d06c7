"""Runs the web process and the worker side by side, for `manage.py dev`: one Ctrl-C, and neither outlives the other."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

GRACE = 10  # seconds for a child to end by itself


@dataclass
class Child:
    """One process of the two, in a session of its own so that the terminal's Ctrl-C reaches only the supervisor."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[str] = field(init=False)
    printer: threading.Thread = field(init=False)

    def start(self, ended: "queue.SimpleQueue[Child | None]") -> None:
        """Start it, print its lines with its name before each, and put it on `ended` when it is over."""
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._await_end, args=(ended,), daemon=True).start()
        self.printer = threading.Thread(target=print_lines, args=(self.name, self.process.stdout), daemon=True)
        self.printer.start()

    def _await_end(self, ended: "queue.SimpleQueue[Child | None]") -> None:
        self.process.wait()
        ended.put(self)

    def stop(self) -> None:
        """Ask it to end; after the grace period end it and all its own children."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.printer.join(GRACE)  # its last lines


def print_lines(name: str, lines: IO[str] | None) -> None:
    """Print each line with the name of the process that wrote it."""
    for line in lines or ():
        sys.stdout.write(f"{name:<6} | {line}")
        sys.stdout.flush()


def supervise(children: Sequence[Child]) -> int:
    """Run the children until one ends or a signal comes, then end all; give the exit code: 0 if it was a signal."""
    ended: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.put(None))
    for child in children:
        child.start(ended)
    first = ended.get()
    if first:
        print(f"\n{first.name} ended by itself with exit code {first.process.returncode}: ending the other, too.")
    else:
        print("\nEnding …")
    for child in children:
        child.stop()
        print(f"{child.name}: exit code {child.process.returncode}", flush=True)
    return (first.process.returncode or 1) if first else 0
