"""The tables: portable types, no vendor's; names that no server reserves, so that none is ever quoted.

Texts are kept as text (never JSON columns), instants as whole microseconds since 1970 UTC. Names are
compared by code point on every server. A server's own clock is never asked.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

_CODE_POINTS = ("postgresql", "opengauss")  # where a collation must be named for the order of code points
_OPTIONS: dict[str, Any] = {
    f"{server}_{option}": value
    for server in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}


def _name(length: int) -> sa.types.TypeEngine[str]:
    """Return the type of a name of at most so many characters."""
    by_code_point = sa.String(length, collation="C")
    return sa.String(length).with_variant(by_code_point, *_CODE_POINTS)


_DISTRICT, _TICKET, _WORD, _KEY = _name(64), _name(128), _name(64), _name(255)
_HASH = sa.String(128)
_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")
_INSTANT = sa.BigInteger()

METADATA = sa.MetaData()

TICKET = sa.Table(
    "bubancheng_ticket",
    METADATA,
    sa.Column("district", _DISTRICT, primary_key=True),
    sa.Column("ticket_no", _TICKET, primary_key=True),
    sa.Column("version_no", sa.Integer, nullable=False),
    sa.Column("head_hash", _HASH, nullable=False),
    sa.Column("step_name", _WORD, nullable=False),
    sa.Column("unit_name", _TICKET),
    sa.Column("told_word", _KEY, nullable=False),
    sa.Column("next_change", _INSTANT),
    sa.Column("state_text", _TEXT, nullable=False),
    sa.Column("light_word", _WORD, nullable=False),
    sa.Index("bubancheng_ticket_by_change", "district", "next_change", "ticket_no"),
    sa.Index("bubancheng_ticket_by_unit", "district", "unit_name", "ticket_no"),
    sa.Index("bubancheng_ticket_by_light", "district", "light_word", "ticket_no"),
    sa.Index("bubancheng_ticket_by_step", "district", "step_name", "ticket_no"),
    sa.Index("bubancheng_ticket_unit_light", "district", "unit_name", "light_word", "ticket_no"),
    sa.Index("bubancheng_ticket_unit_step", "district", "unit_name", "step_name", "ticket_no"),
    **_OPTIONS,
)

STATE = [it for it in TICKET.columns if it.name != "light_word"]
"""What a state row is read from: the light, the first word of what was told, is only for finding it."""

# no foreign key: entries are only ever written together with their ticket, and imports would pay for it
ENTRY = sa.Table(
    "bubancheng_entry",
    METADATA,
    sa.Column("district", _DISTRICT, primary_key=True),
    sa.Column("ticket_no", _TICKET, primary_key=True),
    sa.Column("sequence_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entry_text", _TEXT, nullable=False),
    sa.Column("entry_hash", _HASH, nullable=False),
    **_OPTIONS,
)

RECORD = sa.Table(
    "bubancheng_record",
    METADATA,
    sa.Column("district", _DISTRICT, primary_key=True),
    sa.Column("record_kind", _WORD, primary_key=True),
    sa.Column("record_key", _KEY, primary_key=True),
    sa.Column("record_text", _TEXT, nullable=False),
    **_OPTIONS,
)

OUTBOX = sa.Table(
    "bubancheng_outbox",
    METADATA,
    sa.Column("row_id", _KEY, primary_key=True),
    sa.Column("district", _DISTRICT, primary_key=True),
    sa.Column("ticket_no", _TICKET, nullable=False),
    sa.Column("row_kind", _WORD, nullable=False),
    sa.Column("due_at", _INSTANT, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("row_text", _TEXT, nullable=False),
    sa.ForeignKeyConstraint(
        ["district", "ticket_no"],
        ["bubancheng_ticket.district", "bubancheng_ticket.ticket_no"],
        name="bubancheng_outbox_of_ticket",
    ),
    sa.Index("bubancheng_outbox_by_due", "district", "due_at", "row_id"),
    **_OPTIONS,
)
