"""Opening a desk: which district, which plugins, which store, which calendar."""

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District, read_profile
from bubancheng.errors import (
    BubanchengError,
    CalendarChangedWarning,
    StoreError,
    UnknownNameError,
    warn,
)
from bubancheng.hooks import CalendarRequest, StoreRequest, district_plugin
from bubancheng.registry import Registry, find_district, find_point, make, opens_stores, stores_offered
from bubancheng.store import ChangeSet, MemoryStore, Record, Store


def bind_district(district: str | PathLike[str] | District, registry: Registry) -> District:
    """Bind the plugin of a district given by name, code, profile path or value; return the district."""
    if isinstance(district, District):
        registry.add(district.name, district_plugin(district))
        return district
    path = Path(district)
    if path.suffix == ".toml":
        found = read_profile(path)
        registry.add(found.name, district_plugin(found))
        return found
    name, plugin = find_district(str(district))
    registry.add(name, plugin)
    return registry.districts()[name]


def open_store(
    store: str | Store | None,
    registry: Registry,
    settings: Mapping[str, Mapping[str, object]],
    *,
    create: bool,
) -> Store:
    """Return the store of a URL, opened by the plugin that bears its scheme; None: memory."""
    if store is None:
        return MemoryStore()
    if not isinstance(store, str):
        return store
    scheme = store.partition("://")[0].partition("+")[0]
    point = find_point(scheme) if "://" in store else None
    plugin = None if point is None else make(point, settings.get(scheme) or {})
    if plugin is None or not opens_stores(plugin):
        raise UnknownNameError("存储 store", store, [f"{name}:///文件.db" for name in stores_offered()])
    registry.add(scheme, plugin)
    opened = registry.store(StoreRequest(url=store, create=create))
    if opened is None:
        raise UnknownNameError("存储 store", store, [f"{scheme}://"])
    return opened


def build_calendar(district: District, registry: Registry) -> WorkCalendar:
    """Return the calendar of a district's hours, with what its plugins close and open."""
    changes = registry.calendar(CalendarRequest(district=district.name))
    return district.work_calendar(
        closures=[it for change in changes for it in change.closures],
        openings=[it for change in changes for it in change.openings],
        notices=[it for change in changes for it in change.notices],
    )


def active_calendar(district: District, store: Store, calendar: WorkCalendar) -> WorkCalendar:
    """Return the calendar that the district's tickets are counted with; the given one if new."""
    active = store.lookup(district.name, "setting", "calendar")
    if active is None:
        records = (
            Record("calendar", calendar.version, json.dumps(calendar.to_dict(), ensure_ascii=False)),
            Record("setting", "calendar", calendar.version),
        )
        store.commit(ChangeSet(district=district.name, records=records))
        return calendar
    if active == calendar.version:
        return calendar
    warn(
        f"{district.name} 的工单按历法 {active} 计算，不是 {calendar.version}: the stored calendar stays "
        "active until another one is applied",
        CalendarChangedWarning,
    )
    text = store.lookup(district.name, "calendar", active)
    try:
        return WorkCalendar.from_dict(json.loads(text or "null"))
    except (ValueError, BubanchengError) as error:
        msg = f"历法 {active} 无法读取 (the stored calendar cannot be read): {error}"
        raise StoreError(msg) from error
