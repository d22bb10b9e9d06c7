"""What the variants' runs gave, side by side."""

import json
from dataclasses import dataclass
from pathlib import Path

OUTCOMES = ("passed", "failed", "skipped", "error")


@dataclass(frozen=True)
class Run:
    """One run of the suite: the tests of each outcome, by name. A test whose clean-up fails has two outcomes."""

    project: str
    variant: str
    tests: dict[str, list[str]]

    @classmethod
    def read(cls, project: str, variant: str, path: Path) -> "Run":
        """Read what the plugin wrote."""
        return cls(project, variant, json.loads(path.read_text()))

    def outcomes(self) -> set[tuple[str, str]]:
        """Give every test with its outcome."""
        return {(test, outcome) for outcome, tests in self.tests.items() for test in tests}


def show(runs: list[Run]) -> None:
    """Print the table."""
    print(f"{'project':20} {'variant':8}", *(f"{outcome:>8}" for outcome in OUTCOMES))
    for run in runs:
        print(f"{run.project:20} {run.variant:8}", *(f"{len(run.tests[outcome]):8}" for outcome in OUTCOMES))


def differences(plain: Run, sealed: Run) -> list[str]:
    """List the tests whose outcome depends on the variant."""
    ours = sealed.outcomes() - plain.outcomes()
    theirs = plain.outcomes() - sealed.outcomes()
    return [f"sealed {outcome}: {test}" for test, outcome in sorted(ours)] + [
        f"plain {outcome}: {test}" for test, outcome in sorted(theirs)
    ]
