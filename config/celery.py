"""The Celery application: `celery -A config worker`, `celery -A config beat`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.db import connections

from config.start import refuse_bad_configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pledge")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def check_first(**kwargs: Any) -> None:
    """Let neither a worker nor beat start on a bad configuration."""
    refuse_bad_configuration()
    for connection in connections.all(initialized_only=True):
        connection.close()  # Celery closes its sockets unasked; the pool would hand out a dead one
