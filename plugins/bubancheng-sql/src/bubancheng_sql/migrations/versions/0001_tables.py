"""The four tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision, down_revision = "0001", None

_OPTIONS: dict[str, Any] = {
    f"{server}_{option}": value
    for server in ("mysql", "mariadb")
    for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


def _name(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql", "opengauss")


def _of_ticket(name: str) -> sa.ForeignKeyConstraint:
    columns = ("district", "ticket_no")
    return sa.ForeignKeyConstraint(columns, [f"bubancheng_ticket.{it}" for it in columns], name=name)


def upgrade() -> None:
    """Make the tables that are missing."""
    op.create_table(
        "bubancheng_ticket",
        sa.Column("district", _name(64), primary_key=True),
        sa.Column("ticket_no", _name(128), primary_key=True),
        sa.Column("version_no", sa.Integer, nullable=False),
        sa.Column("head_hash", sa.String(128), nullable=False),
        sa.Column("step_name", _name(64), nullable=False),
        sa.Column("unit_name", _name(128)),
        sa.Column("told_word", _name(255), nullable=False),
        sa.Column("next_change", sa.BigInteger),
        sa.Column("state_text", _TEXT, nullable=False),
        if_not_exists=True,
        **_OPTIONS,
    )
    op.create_table(
        "bubancheng_entry",
        sa.Column("district", _name(64), primary_key=True),
        sa.Column("ticket_no", _name(128), primary_key=True),
        sa.Column("sequence_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry_text", _TEXT, nullable=False),
        sa.Column("entry_hash", sa.String(128), nullable=False),
        _of_ticket("bubancheng_entry_of_ticket"),
        if_not_exists=True,
        **_OPTIONS,
    )
    op.create_table(
        "bubancheng_record",
        sa.Column("district", _name(64), primary_key=True),
        sa.Column("record_kind", _name(64), primary_key=True),
        sa.Column("record_key", _name(255), primary_key=True),
        sa.Column("record_text", _TEXT, nullable=False),
        if_not_exists=True,
        **_OPTIONS,
    )
    op.create_table(
        "bubancheng_outbox",
        sa.Column("row_id", _name(255), primary_key=True),
        sa.Column("district", _name(64), primary_key=True),
        sa.Column("ticket_no", _name(128), nullable=False),
        sa.Column("row_kind", _name(64), nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("row_text", _TEXT, nullable=False),
        _of_ticket("bubancheng_outbox_of_ticket"),
        if_not_exists=True,
        **_OPTIONS,
    )


def downgrade() -> None:
    """Drop the tables, and all that was kept in them."""
    for name in ("outbox", "record", "entry", "ticket"):
        op.drop_table(f"bubancheng_{name}")
