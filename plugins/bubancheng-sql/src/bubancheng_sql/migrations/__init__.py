"""The migrations, run by Alembic; `python -m bubancheng_sql sql postgresql` prints them as SQL."""
