"""The indexes: what changes by itself, whose tickets there are, what is due in the outbox."""

import sqlalchemy as sa
from alembic import context, op

revision, down_revision = "0002", "0001"

INDEXES = {
    "bubancheng_ticket_by_change": ("bubancheng_ticket", ("district", "next_change", "ticket_no")),
    "bubancheng_ticket_by_unit": ("bubancheng_ticket", ("district", "unit_name", "ticket_no")),
    "bubancheng_outbox_by_due": ("bubancheng_outbox", ("district", "due_at", "row_id")),
}


_SEEN = sa.text(
    "SELECT count(*) FROM information_schema.statistics "
    "WHERE table_schema = database() AND index_name = :name"
)


def _is_there(name: str) -> bool:
    """Whether an upgrade that was cut off has made an index, where each statement is a commit."""
    if context.is_offline_mode() or op.get_context().impl.transactional_ddl:
        return False
    return bool(op.get_bind().execute(_SEEN, {"name": name}).scalar())


def upgrade() -> None:
    """Make the indexes that are missing."""
    for name, (table, columns) in INDEXES.items():
        if not _is_there(name):
            op.create_index(name, table, columns)


def downgrade() -> None:
    """Drop the indexes."""
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
