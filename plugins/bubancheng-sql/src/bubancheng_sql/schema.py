"""The tables in a database: made where they are missing, refused where they are another version's."""

import io

import sqlalchemy as sa

from bubancheng.errors import StoreError
from bubancheng_sql.alone import VERSION_TABLE, alone

VERSIONS = ("0001", "0002", "0003")  # of the tables, the latest last: the names of the migrations
VERSION = sa.select(sa.column("version_num", sa.String)).select_from(sa.table(VERSION_TABLE))


def _migrate(span: str, *, out: io.StringIO | None = None, **attributes: object) -> None:
    from alembic import command  # noqa: PLC0415 slow to load, and needed once in a database's life
    from alembic.config import Config  # noqa: PLC0415 as above

    config = Config() if out is None else Config(output_buffer=out)
    config.set_main_option("script_location", "bubancheng_sql:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    command.upgrade(config, span, sql=out is not None)


def script(dialect: str, *, since: str | None = None) -> str:
    """Return the SQL of all migrations, or of those after a version, for a person to read and run."""
    out = io.StringIO()
    _migrate("head" if since is None else f"{since}:head", out=out, dialect=dialect)
    return out.getvalue()


def upgrade(connection: sa.Connection) -> None:
    """Bring the tables to the latest version; what a cut-off upgrade has made already is kept."""
    with alone(connection):
        _migrate("head", connection=connection)


def ensure(connection: sa.Connection, *, create: bool) -> str | None:
    """Return the version of the tables, made where there are none and `create` is meant."""
    found, latest = version_of(connection), VERSIONS[-1]
    if found != latest and create:
        with alone(connection):  # somebody else may be making them
            found = version_of(connection)
            if found is None:
                _migrate("head", connection=connection)
                found = latest
    return found


def version_of(connection: sa.Connection) -> str | None:
    """Return the version of the tables in a database; None where there are none."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(VERSION).scalar()


def check(found: str, name: str) -> None:
    """Refuse tables of another version than this program's."""
    latest = VERSIONS[-1]
    if found not in VERSIONS:
        msg = (
            f"存储 {name} 的结构版本 {found} 比本程序的 {latest} 新 (newer than this program): "
            "use the program version that made it"
        )
        raise StoreError(msg)
    if found != latest:
        msg = (
            f"存储 {name} 的结构版本为 {found}，本程序为 {latest} (an older schema): make a backup, then run "
            "python -m bubancheng_sql upgrade URL"
        )
        raise StoreError(msg)
