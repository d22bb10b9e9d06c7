"""`manage.py demo`: people to play with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import Player, find_players, make_players
from disclosures.models import DisclosureRequest


class Command(BaseCommand):
    """Adds a user, three people for the disclosure path and an auditor, and prints how each signs in, once."""

    help = "Add people to play with and a disclosure request in review; print their passwords once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse elsewhere than on one person's machine; say what exists, or make it."""
        if not settings.LOCAL:
            raise CommandError("`demo` is for one person's machine, where LOCAL=1.")
        if find_players():
            self.print_present()
            return
        players, request = make_players()
        for player in players:
            self.print_player(player)
        self.stdout.write(
            f"\n{request.reference} waits in legal review for legal@example.com, then for approver@example.com;\n"
            f"intake@example.com releases it. Start at {settings.SITE_URL}/accounts/login/,\n"
            "with a code from an authenticator app (the secret or the otpauth address above) or a recovery code.\n"
            "None of these secrets is printed again."
        )

    def print_player(self, player: Player) -> None:
        """Print one person's lines."""
        self.stdout.write(f"\n{player.part.email}: {player.part.does}\n  password        {player.password}")
        if player.otpauth:
            self.stdout.write(f"  secret          {player.totp_secret}\n  {player.otpauth}")
            self.stdout.write(f"  recovery codes  {'  '.join(player.recovery_codes)}")

    def print_present(self) -> None:
        """Print who and what is there already."""
        self.stdout.write("These people are there already; their passwords were printed when they were made:")
        for part in find_players():
            self.stdout.write(f"  {part.email:<24}{part.does}")
        states = DisclosureRequest.objects.filter(author__email="intake@example.com").order_by("reference")
        for request in states:
            self.stdout.write(f"  {request.reference:<24}{request.get_state_display()}")
        self.stdout.write(
            "A lost password is reset at /accounts/password/reset/; the code is at /mailbox/. "
            "To start afresh, end the site and remove the folder var/."
        )
