"""`manage.py dev`: the web process and the worker together, on one person's machine."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from config.supervisor import Child, supervise

HOST = "127.0.0.1"
NAME = "localhost"  # what people type: a passkey needs a host name, an address won't do
ACCESS_LOG = "%(method)s %(path)s %(status)d %(dt_ms).0f ms"  # no query string, no address of the reader


class Command(BaseCommand):
    """Serves the site and runs its jobs until Ctrl-C."""

    help = "Set up what is missing, then serve the site and run its background jobs, as two processes, until Ctrl-C."
    requires_system_checks: list[str] = []  # they run below: before set-up there are no keys to check

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Check the port, set up, check, print the address, run both children."""
        if not settings.LOCAL:
            raise CommandError("`dev` is for one person's machine: set LOCAL=1. In production, see README.md.")
        refuse_taken_port(port)
        call_command("setup", stdout=self.stdout)
        self.check(databases=list(connections))
        address = f"http://{NAME}:{port}"
        environment = {**os.environ, "SITE_URL": address, "PYTHONUNBUFFERED": "1"}
        self.stdout.write(
            f"\n  {settings.SITE_NAME} is at {address}\n  Its mail is at {address}/mailbox/\n  Ctrl-C ends it.\n\n"
        )
        self.stdout.flush()
        children = [Child("web", web_command(port), environment), Child("worker", worker_command(), environment)]
        sys.exit(supervise(children))


def refuse_taken_port(port: int) -> None:
    """Raise CommandError where something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            hint = f"make run PORT={port + 1}"
            raise CommandError(f"Port {port} can't be used ({error.strerror}). Try another: {hint}") from error


def web_command(port: int) -> list[str]:
    """Give the command of the web process."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    log = ["--log-level", "warning", "--access-log", "--access-log-fmt", ACCESS_LOG]
    return [*granian, "--blocking-threads", "4", *log, "config.wsgi:application"]


def worker_command() -> list[str]:
    """Give the command of the worker: one task at a time, the clock (beat) inside, no talk with other workers."""
    python = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges"]  # as in a container
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker = ["worker", "--pool", "solo", "--beat", *alone, "--loglevel", "warning"]
    return [*python, "-m", "celery", "--quiet", "--app", "config", *worker]
