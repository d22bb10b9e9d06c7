"""The table of clauses tells the truth about the tests."""

import ast

from django.conf import settings

from config.clauses import CLAUSES, Kept, collect_proofs, faults, marks, page

KEPT = {clause.id: ["tests/a/test_b.py::test_c"] for clause in CLAUSES if clause.kept is not Kept.NOT_YET}


def test_a_mark_on_a_test_proves_its_clause() -> None:
    source = '@pytest.mark.slow\n@pytest.mark.clause("1.2")\n@pytest.mark.clause("1.3")\ndef test_it(): ...'
    assert list(marks(ast.parse(source))) == [("test_it", "1.2"), ("test_it", "1.3")]


def test_a_mark_on_a_helper_proves_nothing() -> None:
    assert list(marks(ast.parse('@pytest.mark.clause("1.2")\ndef helper(): ...'))) == []


def test_nothing_is_wrong_where_every_kept_clause_has_a_test() -> None:
    assert faults(KEPT) == []


def test_a_kept_clause_without_a_test_is_a_fault() -> None:
    without = {clause_id: tests for clause_id, tests in KEPT.items() if clause_id != "1.2"}
    assert faults(without) == ["Clause 1.2 is kept by code and has no test."]


def test_a_test_of_an_unknown_clause_is_a_fault() -> None:
    assert faults(KEPT | {"9.9": ["tests/a/test_b.py::test_c"]}) == [
        "tests/a/test_b.py::test_c names clause 9.9, which isn't in config/clauses.py."
    ]


def test_every_clause_has_its_row_in_the_page() -> None:
    text = page(KEPT)
    assert [clause.id for clause in CLAUSES if f"| {clause.id} |" not in text] == []


def test_every_kept_clause_of_this_project_has_a_test() -> None:
    assert faults(collect_proofs(settings.BASE_DIR / "tests")) == []
