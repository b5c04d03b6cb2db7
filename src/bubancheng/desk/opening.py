"""Opening a desk: which district, which plugins, which store, which calendar."""

import json
from collections.abc import Collection, Iterable
from os import PathLike
from pathlib import Path

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District, read_profile
from bubancheng.errors import (
    BubanchengError,
    CalendarChangedWarning,
    PluginError,
    StoreError,
    UnknownNameError,
    warn,
)
from bubancheng.hooks import CalendarChanges, CalendarRequest, StoreRequest, district_plugin
from bubancheng.registry import Registry, find_district, find_point, has_hook, make, stores_offered
from bubancheng.registry.choosing import Choice
from bubancheng.store import ChangeSet, MemoryStore, Record, Store


def bind_district(district: str | PathLike[str] | District, registry: Registry, choice: Choice) -> District:
    """Bind the plugin of a district given by name, code, profile path or value; return the district."""
    if isinstance(district, District):
        registry.add(district.name, district_plugin(district))
        return district
    path = Path(district)
    if path.suffix == ".toml":
        found = read_profile(path)
        registry.add(found.name, district_plugin(found))
        return found
    name, plugin = find_district(str(district), choice)
    registry.add(name, plugin)
    offered = registry.districts().get(name)
    if offered is None:
        raise PluginError(name, "bubancheng_district", "offered a district once, and then none")
    return offered


def bind_plugins(plugins: Iterable[str], registry: Registry, choice: Choice) -> None:
    """Bind further plugins: those named, then those that the settings name; none that is switched off.

    Of the latter, a district's and a store's are left to the desk that opens that district, or that store.
    """
    for name in plugins:
        if name not in choice.off:
            registry.bind(name, choice.of(name))
    for name in choice.tables:
        point = None if name in registry or name in choice.off else find_point(name)
        if point is None:
            continue
        plugin = make(point, choice.of(name))
        if not any(has_hook(type(plugin), hook) for hook in ("bubancheng_district", "bubancheng_store")):
            registry.add(name, plugin)


def open_store(
    store: str | Store | None,
    registry: Registry,
    choice: Choice,
    *,
    create: bool,
) -> Store:
    """Return the store of a URL, opened by the plugin that bears its scheme; None: memory."""
    if store is None:
        return MemoryStore()
    if not isinstance(store, str):
        return store
    scheme = store.partition("://")[0].partition("+")[0]
    if not registry.implements("bubancheng_store", scheme):
        point = find_point(scheme) if "://" in store else None
        choice.needed(scheme)
        plugin = None if point is None else make(point, choice.of(scheme))
        if plugin is None or not has_hook(type(plugin), "bubancheng_store"):
            raise UnknownNameError("存储 store", store, [f"{name}:///文件.db" for name in stores_offered()])
        registry.add(scheme, plugin)
    opened = registry.store(StoreRequest(url=store, create=create))
    if opened is None:
        raise UnknownNameError("存储 store", store, [f"{scheme}://"])
    return opened


def build_calendar(district: District, registry: Registry) -> WorkCalendar:
    """Return the calendar of a district's hours, with what its plugins close and open.

    Errors: `PluginError` naming the plugin whose changes make no calendar.
    """
    changes = registry.calendars(CalendarRequest(district=district.name))
    try:
        return _calendar(district, changes.values())
    except BubanchengError:
        for name, change in changes.items():
            try:
                _calendar(district, [change])
            except BubanchengError as error:
                raise PluginError(name, "bubancheng_calendar", str(error)) from error
        raise


def _calendar(district: District, changes: Collection[CalendarChanges]) -> WorkCalendar:
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
