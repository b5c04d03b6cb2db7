"""The settings of the dispatcher, read strictly."""

from collections.abc import Mapping  # noqa: TC003 read when settings are

import attrs

from bubancheng.errors import RecordError
from bubancheng.records import from_dict
from bubancheng_spreadsheet.errors import SettingsError


@attrs.frozen(kw_only=True)
class Settings:
    """What the dispatcher must know.

    `path`: the sheet, .csv or .xlsx; `sheet`: which sheet of a workbook, where more than one is filled;
    `district`: the name, code or .toml profile of the district whose units and channels the sheet must name;
    without it, units are taken as written and channels by their ids.
    """

    path: str
    sheet: str | None = None
    district: str | None = None

    @classmethod
    def read(cls, given: "Mapping[str, object] | Settings") -> "Settings":
        """Return the settings of a mapping; what is settings already stays."""
        if isinstance(given, Settings):
            return given
        try:
            return from_dict(cls, dict(given))
        except RecordError as error:
            raise SettingsError("spreadsheet", error.problems) from None
