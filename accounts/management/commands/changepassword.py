"""Django's command, with the entry and the notice that a password changed anywhere else has."""

from typing import Any

from django.contrib.auth.management.commands import changepassword

from accounts.models import User
from accounts.services.staff import report_password_change


class Command(changepassword.Command):
    """Sets the password of the account with this e-mail address."""

    def handle(self, *args: Any, **options: Any) -> str:
        """Change it, then record it: while somebody types, no transaction may stay open."""
        said = str(super().handle(*args, **options))
        report_password_change(user=User.objects.get_by_natural_key(options["username"]), actor="system:changepassword")
        return said
