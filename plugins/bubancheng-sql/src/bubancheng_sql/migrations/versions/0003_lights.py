"""The light last told, as a column of its own, and an index for each way of finding tickets."""

import sqlalchemy as sa
from alembic import context, op

revision, down_revision = "0003", "0002"

TABLE = "bubancheng_ticket"
INDEXES = {
    "bubancheng_ticket_by_light": ("district", "light_word", "ticket_no"),
    "bubancheng_ticket_by_step": ("district", "step_name", "ticket_no"),
    "bubancheng_ticket_unit_light": ("district", "unit_name", "light_word", "ticket_no"),
    "bubancheng_ticket_unit_step": ("district", "unit_name", "step_name", "ticket_no"),
}
# what was told begins with the light; what is neither is a chain of which nothing is told
FILL = """UPDATE bubancheng_ticket SET light_word = CASE
    WHEN substr(told_word, 1, 5) = 'green' THEN 'green'
    WHEN substr(told_word, 1, 6) = 'yellow' THEN 'yellow'
    WHEN substr(told_word, 1, 3) = 'red' THEN 'red'
    ELSE told_word END"""

_COLUMN = sa.text(
    "SELECT count(*) FROM information_schema.columns "
    "WHERE table_schema = database() AND table_name = 'bubancheng_ticket' AND column_name = :name"
)
_INDEX = sa.text(
    "SELECT count(*) FROM information_schema.statistics "
    "WHERE table_schema = database() AND index_name = :name"
)


def _is_there(seen: sa.TextClause, name: str) -> bool:
    """Whether an upgrade that was cut off has made something, where each statement is a commit."""
    if context.is_offline_mode() or op.get_context().impl.transactional_ddl:
        return False
    return bool(op.get_bind().execute(seen, {"name": name}).scalar())


def _word() -> sa.types.TypeEngine[str]:
    return sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql", "opengauss")


def upgrade() -> None:
    """Add the column, fill it, and make the indexes that are missing."""
    if not _is_there(_COLUMN, "light_word"):
        op.add_column(TABLE, sa.Column("light_word", _word()))
    op.execute(FILL)
    op.alter_column(TABLE, "light_word", existing_type=_word(), nullable=False)
    for name, columns in INDEXES.items():
        if not _is_there(_INDEX, name):
            op.create_index(name, TABLE, columns)


def downgrade() -> None:
    """Drop the indexes and the column."""
    for name in INDEXES:
        op.drop_index(name, table_name=TABLE)
    op.drop_column(TABLE, "light_word")
