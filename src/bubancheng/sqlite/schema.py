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

_FINDING = """
ALTER TABLE bubancheng_ticket ADD COLUMN light TEXT
    GENERATED ALWAYS AS (substr(told, 1, instr(told || char(9), char(9)) - 1)) VIRTUAL;
CREATE INDEX bubancheng_ticket_by_light ON bubancheng_ticket (district, light, ticket);
CREATE INDEX bubancheng_ticket_by_step ON bubancheng_ticket (district, step, ticket);
CREATE INDEX bubancheng_ticket_by_unit_light ON bubancheng_ticket (district, unit, light, ticket);
CREATE INDEX bubancheng_ticket_by_unit_step ON bubancheng_ticket (district, unit, step, ticket);
DROP INDEX bubancheng_ticket_by_change;
CREATE INDEX bubancheng_ticket_by_change ON bubancheng_ticket (district, next_change, ticket)
    WHERE next_change IS NOT NULL;
"""  # the light is the first word of what was told: computed, so that it can never differ

SCHEMA: tuple[str, ...] = (_TABLES, _FINDING)
"""Step n brings a file from version n - 1 to version n; a step that was released never changes."""

_MADE = ("bubancheng_ticket", "bubancheng_ticket_by_light")  # by step n, and by no other


def newest() -> int:
    """Return the version that a new file has."""
    return len(SCHEMA)


def held_in(db: sqlite3.Connection) -> int:
    """Return the version that tables have among those of an embedder, whose own version is not ours."""
    marks = ", ".join("?" * len(_MADE))
    held = f"SELECT count(*) FROM sqlite_master WHERE name IN ({marks})"  # noqa: S608 only question marks
    return int(db.execute(held, _MADE).fetchone()[0])


def upgrade(db: sqlite3.Connection, held: int) -> None:
    """Take the steps that a file of version `held` has not had, inside the caller's transaction."""
    for step in SCHEMA[held:]:
        for statement in step.split(";"):
            db.execute(statement)
