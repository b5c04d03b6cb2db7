"""The ledger (台账) that an office keeps: reading it, taking it in, and writing it out of a store."""

from bubancheng.ledger.columns import COLUMNS, Column, Problem
from bubancheng.ledger.comparing import IMPORTER
from bubancheng.ledger.reading import LedgerRow, Reading, read_ledger
from bubancheng.ledger.taking import Taken, take_in
from bubancheng.ledger.writing import write_ledger

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
    "write_ledger",
]
