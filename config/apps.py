"""The project itself as an app: it holds the management commands that set it up and run it."""

from django.apps import AppConfig
from django.core import checks

from config import checks as project_checks


class PlatformConfig(AppConfig):
    """Registers the system checks that name missing production settings."""

    name = "config"

    def ready(self) -> None:
        """Register the checks once every app is loaded."""
        checks.register(project_checks.check_required_settings, checks.Tags.security, deploy=True)
        checks.register(project_checks.check_databases_apart, checks.Tags.database, deploy=True)
