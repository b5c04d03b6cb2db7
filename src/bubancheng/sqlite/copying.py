"""A copy of a file in use (联机备份), and whether a file is whole."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bubancheng.errors import StoreError


def back_up(source: str, target: str) -> None:
    """Copy a database in use to a new file, as it stands at one instant; writers go on meanwhile.

    The copy is checked, and on the disk, before it bears its name. Errors: `StoreError` where the name is
    taken, the copy cannot be written, or it is not whole.
    """
    path = Path(target)
    if path.exists():
        msg = f"备份 {target} 已存在 (is there already): a backup is never overwritten, choose another name"
        raise StoreError(msg)
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        _copied(source, part)
        if path.exists():
            msg = f"备份 {target} 已存在 (is there already): another backup was quicker"
            raise StoreError(msg)
        part.replace(path)
    except (sqlite3.Error, OSError) as error:
        msg = f"备份 {target} 无法写入 (the backup cannot be written): {error}"
        raise StoreError(msg) from error
    finally:
        with suppress(OSError):
            part.unlink()


def _copied(source: str, part: Path) -> None:
    with closing(sqlite3.connect(f"{Path(source).absolute().as_uri()}?mode=ro", uri=True)) as held:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            held.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            faults = faults_of(copy)
        if faults:
            msg = f"备份不完整 (the backup is not whole): {'; '.join(faults[:3])}"
            raise StoreError(msg)
    handle = os.open(part, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def faults_of(db: sqlite3.Connection) -> list[str]:
    """Return what is wrong with a database by its own checks; nothing where it is whole."""
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        strays = [
            f"{row[0]} 第 {row[1]} 行没有所属的工单 (no ticket)"
            for row in db.execute("PRAGMA foreign_key_check")
        ]
    except sqlite3.Error as error:
        return [f"数据库损坏 (damaged): {error}"]
    return found + strays
