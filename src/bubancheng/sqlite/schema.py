"""The tables, as numbered steps: a new file takes all of them, an older one those it has not had."""

import sqlite3

_TABLES = """
CREATE TABLE bubancheng_ticket (
    district TEXT NOT NULL,
    ticket TEXT NOT NULL,
    version INTEGER NOT NULL,
    head TEXT NOT NULL,
    step TEXT NOT NULL,
    unit TEXT,
    told TEXT NOT NULL,
    next_change INTEGER,
    text TEXT NOT NULL,
    PRIMARY KEY (district, ticket)
) STRICT;
CREATE INDEX bubancheng_ticket_by_change ON bubancheng_ticket (district, next_change)
    WHERE next_change IS NOT NULL;
CREATE INDEX bubancheng_ticket_by_unit ON bubancheng_ticket (district, unit, ticket);
CREATE TABLE bubancheng_entry (
    district TEXT NOT NULL,
    ticket TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (district, ticket, sequence),
    FOREIGN KEY (district, ticket) REFERENCES bubancheng_ticket (district, ticket)
) STRICT, WITHOUT ROWID;
CREATE TABLE bubancheng_record (
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (district, kind, key)
) STRICT;
CREATE TABLE bubancheng_outbox (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    ticket TEXT NOT NULL,
    kind TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, ticket) REFERENCES bubancheng_ticket (district, ticket)
) STRICT;
CREATE INDEX bubancheng_outbox_by_due ON bubancheng_outbox (district, due);
"""

SCHEMA: tuple[str, ...] = (_TABLES,)
"""Step n brings a file from version n - 1 to version n; a step that was released never changes."""


def newest() -> int:
    """Return the version that a new file has."""
    return len(SCHEMA)


def upgrade(db: sqlite3.Connection, held: int) -> None:
    """Take the steps that a file of version `held` has not had, inside the caller's transaction."""
    for step in SCHEMA[held:]:
        for statement in step.split(";"):
            db.execute(statement)
