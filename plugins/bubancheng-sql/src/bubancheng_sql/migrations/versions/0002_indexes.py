"""The indexes: what changes by itself, whose tickets there are, what is due in the outbox."""

import sqlalchemy as sa
from alembic import context, op

revision, down_revision = "0002", "0001"

INDEXES = {
    "bubancheng_ticket_by_change": ("bubancheng_ticket", ("district", "next_change", "ticket_no")),
    "bubancheng_ticket_by_unit": ("bubancheng_ticket", ("district", "unit_name", "ticket_no")),
    "bubancheng_outbox_by_due": ("bubancheng_outbox", ("district", "due_at", "row_id")),
}


def _is_there(name: str, table: str) -> bool:
    if context.is_offline_mode():
        return False
    return any(it["name"] == name for it in sa.inspect(op.get_bind()).get_indexes(table))


def upgrade() -> None:
    """Make the indexes that are missing."""
    for name, (table, columns) in INDEXES.items():
        if not _is_there(name, table):
            op.create_index(name, table, columns)


def downgrade() -> None:
    """Drop the indexes."""
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
