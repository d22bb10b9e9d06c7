"""What no code of ours does, raw SQL can't do either."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from agreements import services
from tests.agreements.conftest import ENGLISH, SLUG, accept
from tests.factories import make_user


def refuse(sql, *parameters):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


COPY_TEXT = "INTO agreements_text (id, version_id, language, title, body, sha256) "


@pytest.mark.clause("P4")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE agreements_text SET body = 'Be cruel.'",
        "UPDATE agreements_text SET title = title",
        "DELETE FROM agreements_text",
        "INSERT " + COPY_TEXT + "SELECT id + 100, version_id, 'fr', title, body, sha256 FROM agreements_text",
        "UPDATE agreements_version SET state = 'draft'",
        "UPDATE agreements_version SET number = 9",
        "UPDATE agreements_version SET material = NOT material",
        "UPDATE agreements_version SET announced_at = '2000-01-01 00:00:00+00:00'",
        "DELETE FROM agreements_version",
        "INSERT " + COPY_TEXT + "SELECT id, version_id, language, title, 'Be cruel.', sha256 FROM agreements_text"
        " WHERE true ON CONFLICT (id) DO UPDATE SET body = excluded.body",
    ],
)
def test_a_published_version_can_not_be_edited(text, sql):
    refuse(sql)

    text.refresh_from_db()
    assert (text.body, text.version.number) == (ENGLISH, 1)


DRAFT = "(SELECT id FROM agreements_version WHERE state = 'draft')"
REPLACEMENTS = {
    "same": f"REPLACE {COPY_TEXT} SELECT id, version_id, language, title, 'Be cruel.', sha256 FROM agreements_text",
    "moved": f"REPLACE {COPY_TEXT} SELECT id, {DRAFT}, 'fr', title, 'Be cruel.', sha256 FROM agreements_text LIMIT 1",
    "pushed": "UPDATE OR REPLACE agreements_text SET id = (SELECT MIN(id) FROM agreements_text) "
    f"WHERE version_id = {DRAFT}",
    "reopened": "REPLACE INTO agreements_version (id, agreement_id, number, state, material) "
    "SELECT id, agreement_id, number, 'draft', material FROM agreements_version WHERE state = 'in_force'",
}


@pytest.mark.parametrize("sql", REPLACEMENTS.values(), ids=REPLACEMENTS)
def test_sqlite_can_not_replace_a_published_version(text, sql):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    services.draft_version(slug=SLUG, texts={"de": ENGLISH}, editor="system:editor")

    refuse(sql)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["agreements_text", "agreements_version", "agreements_engagement"])
def test_postgresql_can_not_truncate(text, table):
    refuse(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db
def test_a_draft_can_still_be_edited():
    draft = services.draft_version(slug=SLUG, texts={"en": ENGLISH}, editor="system:editor")

    draft.texts.update(title="Better")
    draft.texts.all().delete()
    draft.delete()


@pytest.mark.clause("P3")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE agreements_engagement SET kind = 'declined', basis = ''",
        "UPDATE agreements_engagement SET at = at",
        "DELETE FROM agreements_engagement",
    ],
)
def test_engagements_are_append_only(text, sql):
    acceptance = accept(make_user(), text)

    refuse(sql)

    acceptance.refresh_from_db()
    assert acceptance.kind == "accepted"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_guards_can_be_taken_away_and_put_back():
    before = [("agreements", "0001_agreements")]
    after = [("agreements", "0002_freeze_texts_and_engagements")]

    MigrationExecutor(connection).migrate(before)
    MigrationExecutor(connection).migrate(after)

    services.publish_version(slug=SLUG, texts={"en": ENGLISH}, editor="system:editor", publisher="system:publisher")
    refuse("DELETE FROM agreements_text")
