"""The ledger (台账) that an office keeps: reading it, and taking it in."""

from bubancheng.ledger.columns import COLUMNS, Column, Problem
from bubancheng.ledger.reading import LedgerRow, Reading, read_ledger
from bubancheng.ledger.taking import IMPORTER, Taken, take_in

__all__ = [
    "COLUMNS",
    "IMPORTER",
    "Column",
    "LedgerRow",
    "Problem",
    "Reading",
    "Taken",
    "read_ledger",
    "take_in",
]
