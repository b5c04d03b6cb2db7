"""The settings of the dispatcher."""

import attrs


@attrs.frozen(kw_only=True)
class SpreadsheetSettings:
    """What the dispatcher must know.

    `path`: the sheet, .csv or .xlsx; `sheet`: which sheet of a workbook, where more than one is filled;
    `district`: the name, code or .toml profile of the district whose units and channels the sheet must name;
    without it, units are taken as written and channels by their ids.
    """

    path: str
    sheet: str | None = None
    district: str | None = None
