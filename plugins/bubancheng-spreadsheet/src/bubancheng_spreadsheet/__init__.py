"""Dispatch by a spreadsheet of matters and owners (负责单位表)."""

from bubancheng_spreadsheet.errors import SheetError
from bubancheng_spreadsheet.plugin import SpreadsheetPlugin
from bubancheng_spreadsheet.reading import read_rules
from bubancheng_spreadsheet.rules import Rule, RuleBook
from bubancheng_spreadsheet.settings import SpreadsheetSettings

__all__ = [
    "Rule",
    "RuleBook",
    "SheetError",
    "SpreadsheetPlugin",
    "SpreadsheetSettings",
    "read_rules",
]
