"""`manage.py clauses`: the table clause → tests."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.clauses import CLAUSES, Kept, Proofs, collect_proofs, faults, page


class Command(BaseCommand):
    """Prints which tests prove which clause, and writes the same as docs/clauses.md."""

    help = "Print and write the table of clauses and their tests; fail where a promise that is kept has no test."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true", help="print faults alone; fail if the page isn't current")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Collect, print, write or check, and fail on faults."""
        proofs = collect_proofs(settings.BASE_DIR / "tests")
        target = settings.BASE_DIR / "docs" / "clauses.md"
        wrong = faults(proofs)
        if not check:
            self.print_table(proofs)
            target.write_text(page(proofs))
        elif not target.exists() or target.read_text() != page(proofs):
            wrong.append("docs/clauses.md isn't current: run `make clauses`.")
        if wrong:
            raise CommandError("\n".join(wrong))

    def print_table(self, proofs: Proofs) -> None:
        """Print each clause with its tests, and last those that no code keeps yet."""
        for clause in CLAUSES:
            if clause.kept is not Kept.NOT_YET or clause.id in proofs:
                self.stdout.write(f"{clause.id:<6} {clause.promise} ({clause.kept.value})")
                self.stdout.writelines(f"         {test}\n" for test in proofs.get(clause.id, []))
        later = ", ".join(clause.id for clause in CLAUSES if clause.kept is Kept.NOT_YET)
        self.stdout.write(f"\nNot there yet: {later}")
