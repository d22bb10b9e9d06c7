"""The policy, clause by clause: what it promises, what keeps the promise, and which tests prove it.

A test names its clause with `@pytest.mark.clause("1.2")`. `manage.py clauses` puts the two together.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple


class Kept(Enum):
    """How far the code keeps a clause. What it keeps, even in part, must have a test."""

    WHOLE = "yes"
    PART = "in part"
    NOT_YET = "not yet"


class Clause(NamedTuple):
    """One promise of the policy."""

    id: str
    promise: str
    mechanism: str
    kept: Kept


CLAUSES = (
    Clause(
        "P1",
        "An agreement to read before registering",
        "The text in force is public, in each language, on screen and as the exact bytes that were hashed",
        Kept.WHOLE,
    ),
    Clause(
        "P2",
        "“Agree” accepts it",
        "A required box, unticked; what is recorded is the version, language and hash of the text that was shown",
        Kept.WHOLE,
    ),
    Clause(
        "P3",
        "No defence that it was not read",
        "Acceptances are append-only and outlive the account as a pseudonym; signed receipts come later",
        Kept.PART,
    ),
    Clause("P4", "Changes are announced on a page", "Announcements, comparison, feed and banner", Kept.NOT_YET),
    Clause("P5", "No separate notice is owed", "Every user is told of a change all the same", Kept.NOT_YET),
    Clause(
        "P6", "Who disagrees may cancel", "Decline beside Agree leads to cancellation, and traps nobody", Kept.NOT_YET
    ),
    Clause("P7", "Continued use accepts updates", "Recorded as continued use, never as a click", Kept.NOT_YET),
    Clause(
        "P8",
        "Responsible where it says so, no promise where it says not",
        "The default agreement covers liability, disclaimer and recourse",
        Kept.WHOLE,
    ),
    Clause(
        "1.0",
        "Privacy, of minors above all",
        "Below the age of self-consent sign-up is refused with an explanation; guardians come later",
        Kept.PART,
    ),
    Clause(
        "1.1",
        "Security technology protects personal data",
        "Sealed fields, a key per account, least privilege, a second factor for staff, every opening logged",
        Kept.WHOLE,
    ),
    Clause(
        "1.2",
        "Nine protected fields are not disclosed without permission",
        "All nine are sealed at rest; password, question and answer can't be named in a disclosure at all",
        Kept.WHOLE,
    ),
    Clause(
        "1.3",
        "Seven exceptions and nothing else",
        "Exactly seven grounds, held by a database constraint; two approvers who are not the author",
        Kept.WHOLE,
    ),
    Clause("1.3.1", "… the user allows it", "Ground `consent`: asked per field and recipient, revocable", Kept.NOT_YET),
    Clause("1.3.2", "… law requires it", "Ground `statute`: the provision, and counsel's check", Kept.NOT_YET),
    Clause(
        "1.3.3", "… a court or authority requires it", "Ground `legal_process`: the document, called back", Kept.NOT_YET
    ),
    Clause(
        "1.3.4", "… the platform's property rights", "Ground `property_rights`: notice before release", Kept.NOT_YET
    ),
    Clause("1.3.5", "… an emergency", "Ground `emergency`: reviewed within 72 hours", Kept.NOT_YET),
    Clause("1.3.6", "… national security", "Ground `national_security`: two officers", Kept.NOT_YET),
    Clause("1.3.7", "… a partner with the same duty", "Ground `partner`: a contract in force", Kept.NOT_YET),
    Clause("1.4", "Analysis that reveals nobody", "Aggregates with differential privacy and a budget", Kept.NOT_YET),
    Clause("2.1", "Who breaches the agreement is liable", "Breach cases, suspension, appeal", Kept.NOT_YET),
    Clause("3.1", "Recourse: stop using the service", "Always possible; nothing nags", Kept.NOT_YET),
    Clause(
        "3.2",
        "Recourse: cancel the account",
        "Fresh sign-in, cooling-off, undo, then erasure that destroys the data key; certificates come later",
        Kept.PART,
    ),
    Clause("3.3", "Recourse: a stop notice", "The account stops, its data stays sealed and untouched", Kept.NOT_YET),
    Clause("3.4", "Headings are for convenience only", "Headings carry anchors and no logic", Kept.WHOLE),
)

Proofs = dict[str, list[str]]


def collect_proofs(tests: Path) -> Proofs:
    """Map each clause id to the tests below a folder that carry it, as `path::name`."""
    proofs: Proofs = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        for name, clause_id in marks(ast.parse(path.read_text())):
            proofs[clause_id].append(f"{path.relative_to(tests.parent)}::{name}")
    return dict(proofs)


def marks(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the test's name and the clause id of each mark on a test function."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.clause":
                    yield node.name, ast.literal_eval(decorator.args[0])


def faults(proofs: Proofs) -> list[str]:
    """Say what is wrong: a promise kept without a test, or a test of a clause that isn't on the list."""
    unproved = [c.id for c in CLAUSES if c.kept is not Kept.NOT_YET and c.id not in proofs]
    unknown = sorted(proofs.keys() - {c.id for c in CLAUSES})
    return [
        *(f"Clause {clause_id} is kept by code and has no test." for clause_id in unproved),
        *(
            f"{proofs[clause_id][0]} names clause {clause_id}, which isn't in config/clauses.py."
            for clause_id in unknown
        ),
    ]


def page(proofs: Proofs) -> str:
    """Give docs/clauses.md."""
    rows = "\n".join(row(clause, proofs.get(clause.id, [])) for clause in CLAUSES)
    return f"""# The policy, clause by clause

What the policy promises, what in this project keeps the promise, and the tests that prove it.
`make clauses` writes this page and fails where a promise that is kept has no test.

| clause | promise | kept | by | tests |
|---|---|---|---|---|
{rows}
"""


def row(clause: Clause, tests: list[str]) -> str:
    """Give one row of the table."""
    names = "<br>".join(f"[{name}](../{path})" for path, name in (test.split("::") for test in tests))
    return f"| {clause.id} | {clause.promise} | {clause.kept.value} | {clause.mechanism} | {names} |"
