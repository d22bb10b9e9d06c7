"""What the workers run. Arguments are ids; running one twice does no harm."""

from uuid import UUID

from celery import shared_task

from notices import services


@shared_task
def deliver_notice(notice_id: str) -> None:
    """E-mail one notice, if that is still to be done."""
    services.deliver(notice_id=UUID(notice_id))


@shared_task
def sweep_deliveries() -> None:
    """Ask again for every delivery that the broker lost, a worker was killed over, or is due once more."""
    services.hurry_waiting()
