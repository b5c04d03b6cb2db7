"""The dispatcher: the sheet is read when the desk opens, a ticket is a look-up."""

import datetime as dt
import hashlib
from pathlib import Path

from bubancheng.district import Assignment, District, read_profile
from bubancheng.hooks import DispatchRequest, DistrictPlugin, Health, hookimpl
from bubancheng.registry import find_district
from bubancheng_spreadsheet.reading import read_rules
from bubancheng_spreadsheet.settings import SpreadsheetSettings

_BEIJING = dt.timezone(dt.timedelta(hours=8))  # all year (domain, decision 36)


class SpreadsheetPlugin(DistrictPlugin):
    """Names the unit that a sheet names for matter, place and channel, the most specific row first.

    What counts is the day on which the ticket was registered. A matter that nobody owns is left to the next
    plugin, to the profile, and then to a person. Errors: `SettingsError`, `SheetError` at load.
    """

    Settings = SpreadsheetSettings
    settings: SpreadsheetSettings

    def __init__(self, settings: object = None) -> None:
        super().__init__(settings)
        wanted = self.settings
        self._path = Path(wanted.path)
        self._read = _digest(self._path)
        self._book = read_rules(self._path, sheet=wanted.sheet, district=_district(wanted.district))

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        """Name the unit of the most specific row; None where no row fits."""
        at = request.registered_at
        day = (at.astimezone(_BEIJING) if at.tzinfo else at).date()
        rule = self._book.find(request.matter, request.place, request.channel, day)
        return None if rule is None else Assignment(unit=rule.unit, rule=self._book.cite(rule))

    @hookimpl
    def bubancheng_health(self) -> Health:
        """Say how many rules there are, and whether the file has changed since it was read."""
        if self._read != _digest(self._path):
            return Health(ok=False, detail=f"{self._path.name} 已改动，重新打开后生效 (changed: reopen)")
        return Health(ok=True, detail=f"{self._path.name}：{len(self._book.rules)} 条规则 (rules)")


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return None


def _district(name: str | None) -> District | None:
    if name is None:
        return None
    if name.endswith(".toml"):
        return read_profile(name)
    _, plugin = find_district(name)
    return plugin.bubancheng_district()
