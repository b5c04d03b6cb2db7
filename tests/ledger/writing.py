"""Ledgers as files, for the tests."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.oracles import ledger_oracle


def write_rows(
    folder: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str], name: str = "台账.csv"
) -> Path:
    """Write rows as CSV; what a row does not have is blank."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_oracle_ledger(folder: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """Write the rows of the ledger oracle."""
    return write_rows(folder, rows, ledger_oracle.COLUMNS)
