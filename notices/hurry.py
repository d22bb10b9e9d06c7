"""Asks the workers to deliver a notice now. If the broker is away nothing is lost: the sweep finds the row."""

import logging
from time import monotonic
from uuid import UUID

from celery import current_app

logger = logging.getLogger(__name__)

DELIVER = "notices.tasks.deliver_notice"
REST = 30.0  # seconds: a broker that was away isn't asked again for so long, so that a request waits for it once


class Broker:
    """The way to the workers, with a memory of when it last failed."""

    def __init__(self) -> None:
        self.rest_until = 0.0

    def hurry(self, notice_id: UUID, expires: float | None = None) -> bool:
        """Ask for the delivery of one notice in `expires` seconds; tell whether the broker took it. Never raises."""
        if monotonic() < self.rest_until:
            return False
        try:
            current_app.signature(DELIVER, args=[str(notice_id)], options={"expires": expires}).apply_async(retry=False)
        except Exception as error:  # noqa: BLE001 - the change is committed: no ailment of the broker may turn it into an error
            self.rest_until = monotonic() + REST
            logger.warning("The broker is away (%s); notices wait for the sweep", type(error).__name__)
            return False
        return True


broker = Broker()
