"""The database itself refuses to change what is history. DDL for the migrations, one pair of statements a table."""

from __future__ import annotations

TABLES = ("consent_records", "wordings", "versions", "audit_events")

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION formsite_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_POSTGRESQL_ROWS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION formsite_append_only()
"""
_POSTGRESQL_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION formsite_append_only()
"""


def create(dialect: str) -> list[str]:
    """The statements that protect every table of `TABLES`."""
    if dialect == "postgresql":
        rows = [text.format(table=table) for table in TABLES for text in (_POSTGRESQL_ROWS, _POSTGRESQL_TRUNCATE)]
        return [text.strip() for text in (POSTGRESQL_FUNCTION, *rows)]
    return [
        _SQLITE.format(table=table, verb=verb, VERB=verb.upper()).strip()
        for table in TABLES
        for verb in ("update", "delete")
    ]


def drop(dialect: str) -> list[str]:
    """The statements that take the protection off, for a downgrade."""
    if dialect == "postgresql":
        triggers = [
            f"DROP TRIGGER IF EXISTS {t}_{end} ON {t}" for t in TABLES for end in ("append_only", "no_truncate")
        ]
        return [*triggers, "DROP FUNCTION IF EXISTS formsite_append_only()"]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]
