"""How Alembic runs the migrations: on a connection handed over, or on paper."""

import sqlalchemy as sa
from alembic import context

from bubancheng_sql.alone import VERSION_TABLE
from bubancheng_sql.tables import METADATA

attributes = context.config.attributes
connection: sa.Connection | None = attributes.get("connection")
if connection is None:
    context.configure(
        dialect_name=attributes["dialect"],
        version_table=VERSION_TABLE,
        literal_binds=True,
        target_metadata=METADATA,
    )
else:
    context.configure(connection=connection, version_table=VERSION_TABLE, target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
