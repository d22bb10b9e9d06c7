"""The last question before a process serves: is the configuration sound? If not, it doesn't start and says why."""

from django.conf import settings
from django.core.checks import run_checks


def refuse_bad_configuration() -> None:
    """End the process where a system check finds an error, naming each with its id and what to do about it.

    Raises:
        SystemExit: something must be mended first: a key that is missing, wrong or retired, a setting, a database.
    """
    found = run_checks(include_deployment_checks=not settings.LOCAL, databases=list(settings.DATABASES))
    if errors := [str(message) for message in found if message.is_serious()]:
        raise SystemExit("\n".join(["Not started:", *errors]))
