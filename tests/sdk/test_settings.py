"""Settings of plugins: read strictly into what a plugin declares, before anything of it runs."""

import datetime as dt
import pickle
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.aio import AsyncDesk
from bubancheng.desk import Desk
from bubancheng.district import Assignment
from bubancheng.errors import PluginError, SettingsError
from bubancheng.hooks import DispatchRequest, DistrictPlugin, hookimpl
from bubancheng.hooks.settings import frozen, read_settings
from bubancheng.registry import Registry, read_choice
from tests.acting import CALENDAR, CENTRE, DISTRICT, UNOWNED, Clock, accepted, instant
from tests.installing import Installer, forget_modules, put_on_path


class Level(Enum):
    LOW = "low"
    HIGH = "high"


def _positive(_owner: object, field: "attrs.Attribute[Any]", value: float) -> None:
    if value <= 0:
        msg = f"{field.name} must be above 0, got {value}"
        raise ValueError(msg)


@attrs.frozen(kw_only=True)
class Route:
    id: str
    retries: int = 3


@attrs.frozen(kw_only=True)
class Wanted:
    unit: str
    secret: str = attrs.field(default="", repr=False)
    timeout: float = attrs.field(default=5.0, validator=_positive)
    eager: bool = False
    words: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    owners: Mapping[str, str] = attrs.field(factory=dict)
    routes: tuple[Route, ...] = ()
    level: Level = Level.LOW
    since: dt.date | None = None
    count: int = attrs.field(default=0, validator=attrs.validators.ge(0))


class ByUnit(DistrictPlugin):
    """Sends everything to one unit."""

    Settings = Wanted
    settings: Wanted

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        del request
        return Assignment(unit=self.settings.unit, rule="by-unit")


class Loose(DistrictPlugin):
    """Takes any settings."""

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        del request
        return Assignment(unit=str(self.settings.get("unit", "甲局")), rule="loose")


class Proud(ByUnit):
    """Does something before it has settings."""

    made = 0

    def __init__(self, settings: object = None) -> None:
        type(self).made += 1
        super().__init__(settings)


def by_factory(settings: Mapping[str, object]) -> DistrictPlugin:
    """Make a plugin that reads its settings itself."""
    return ByUnit(settings)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


@pytest.fixture
def by_unit(install: Installer) -> None:
    """Plugins of this module, installed under names."""
    install(
        "bubancheng-by-unit",
        "unused",
        **{name: f"{__name__}:{what}" for name, what in NAMES.items()},
    )


NAMES = {"by-unit": "ByUnit", "loose": "Loose", "proud": "Proud", "by-factory": "by_factory"}


def unit_of(settings: Any, *plugins: str) -> str | None:
    """Return the unit that gets a ticket which nobody owns, on a desk with settings."""
    with Desk.open(
        DISTRICT, calendar=CALENDAR, plugins=plugins, settings=settings, clock=Clock(), strict=True
    ) as desk:
        accepted(desk, matter=UNOWNED)
        return desk.get("T1", actor=CENTRE).unit


def problems_with(given: object) -> list[str]:
    """Return what is wrong with a table of settings."""
    with pytest.raises(SettingsError) as caught:
        read_settings(Wanted, given)
    return list(caught.value.problems)


class TestReading:
    def test_what_is_left_out_has_its_default(self) -> None:
        assert Wanted(unit="甲局") == read_settings(Wanted, {"unit": "甲局"})

    def test_lists_and_tables_become_what_nobody_can_change(self) -> None:
        read = read_settings(
            Wanted,
            {
                "unit": "甲局",
                "words": ["租赁"],
                "places": ["甲", "乙"],
                "owners": {"a": "b"},
                "routes": [{"id": "sms"}, {"id": "mail", "retries": 1}],
                "level": "high",
                "since": dt.date(2026, 1, 1),
                "timeout": 3,
            },
        )
        assert (
            ("租赁",),
            frozenset({"甲", "乙"}),
            (Route(id="sms"), Route(id="mail", retries=1)),
            Level.HIGH,
            3,
        ) == (read.words, read.places, read.routes, read.level, read.timeout)
        with pytest.raises(TypeError):
            read.owners["c"] = "d"  # type: ignore[index] # the point of the test

    @pytest.mark.parametrize(
        ("key", "value", "said"),
        [
            ("unit", 3, "unit: 应为 str (expected), 现为 3"),
            ("timeout", "5", "timeout: 应为 float (expected), 现为 '5'"),
            ("timeout", True, "timeout: 应为 float (expected), 现为 True"),
            ("timeout", 0, "timeout: timeout must be above 0, got 0"),
            ("count", 1.0, "count: 应为 int (expected), 现为 1.0"),
            ("count", True, "count: 应为 int (expected), 现为 True"),
            ("count", -1, "count: 'count' must be >= 0: -1"),
            ("eager", 1, "eager: 应为 bool (expected), 现为 1"),
            ("eager", "true", "eager: 应为 bool (expected), 现为 'true'"),
            ("words", "租赁", "words: 应为 tuple[str, ...] (expected), 现为 '租赁'"),
            ("words", ["a", 1], "words[2]: 应为 str (expected), 现为 1"),
            ("places", [["a"]], "places: 应为 frozenset[str] (expected), 现为 (['a'],)"),
            ("owners", ["a"], "owners: 应为 Mapping[str, str] (expected), 现为 ['a']"),
            ("owners", {"a": 1}, "owners.'a': 应为 str (expected), 现为 1"),
            ("routes", [{"id": 1}], "routes[1].id: 应为 str (expected), 现为 1"),
            ("routes", [{"id": "a"}, {}], "routes[2].id: 缺少此项 (missing): str"),
            (
                "routes",
                [{"id": "a", "retrys": 1}],
                "routes[1].retrys: 没有这个键 (unknown key)，是否为 retries？",
            ),
            ("routes", ["sms"], "routes[1]: 应为 Route (expected), 现为 'sms'"),
            ("level", "middle", "level: 应为 Level (expected), 现为 'middle'"),
            ("since", "2026-01-01", "since: 应为 date or None (expected), 现为 '2026-01-01'"),
            ("since", instant("2026-01-01 10:00"), "since: 应为 date or None (expected), 现为 datetime"),
            ("untit", "甲局", "untit: 没有这个键 (unknown key)，是否为 unit？"),
            ("xyz", 1, "xyz: 没有这个键 (unknown key)；可用的键 (allowed): unit、secret、timeout"),
        ],
    )
    def test_nothing_is_coerced_and_nothing_unknown_is_skipped(
        self, key: str, value: object, said: str
    ) -> None:
        (problem,) = problems_with({"unit": "甲局", key: value})
        assert problem.startswith(said)

    def test_what_must_be_given_is_missed(self) -> None:
        assert ["unit: 缺少此项 (missing): str"] == problems_with({})

    def test_everything_that_is_wrong_is_told_at_once(self) -> None:
        found = problems_with({"unti": "甲局", "count": -1, "words": [1, 2], "timeout": None})
        assert 6 == len(found)

    @pytest.mark.parametrize("given", [[], "unit", 3, True])
    def test_settings_that_are_no_table_are_refused(self, given: object) -> None:
        assert ["应为表 (a table)"] == [
            it.partition(": ")[2].partition(",")[0] for it in problems_with(given)
        ]

    @pytest.mark.parametrize("secret", [1234567, ["1234567"], {"1234567": 1}])
    def test_a_secret_is_in_no_sentence(self, secret: object) -> None:
        assert "1234567" not in str(problems_with({"unit": "甲局", "secret": secret}))

    def test_an_error_about_settings_can_be_pickled(self) -> None:
        error = SettingsError("desk.toml", ["a", "b"])
        assert str(error) == str(pickle.loads(pickle.dumps(error)))  # noqa: S301 our own


class TestFrozen:
    def test_tables_are_copies_that_nobody_can_change(self) -> None:
        given: dict[str, Any] = {"a": {"b": [1, {"c": 2}]}}
        settings = Loose(given).settings
        given["a"]["b"].append(3)
        assert {"a": {"b": [1, {"c": 2}]}} == settings
        with pytest.raises(TypeError):
            settings["e"] = 1
        with pytest.raises(TypeError):
            settings["a"]["b"][1]["c"] = 3

    def test_a_list_belongs_to_the_plugin_that_gets_it(self) -> None:
        given = {"a": [1]}
        one, other = Loose(given).settings, Loose(given).settings
        one["a"].append(2)
        assert ([1, 2], [1], [1]) == (one["a"], other["a"], given["a"])

    def test_anything_else_is_left_as_it_is(self) -> None:
        thing = object()
        assert thing is frozen({"a": thing})["a"]


@pytest.mark.usefixtures("by_unit")
class TestDesk:
    @pytest.mark.parametrize("name", ["by-unit", "loose", "by-factory"])
    def test_a_plugin_gets_its_settings(self, name: str) -> None:
        assert "乙局" == unit_of({name: {"unit": "乙局"}}, name)

    def test_two_desks_have_one_plugin_with_settings_of_their_own(self) -> None:
        def opened(unit: str) -> Desk:
            settings = {"by-unit": {"unit": unit}}
            return Desk.open(DISTRICT, calendar=CALENDAR, settings=settings, clock=Clock())

        with opened("甲局") as one, opened("乙局") as other:
            for desk in (one, other, one):
                accepted(desk, f"T{id(desk)}{len(list(desk.board()))}", matter=UNOWNED)
            units = [{it.unit for it in desk.find(actor=CENTRE)} for desk in (one, other)]
        assert [{"甲局"}, {"乙局"}] == units

    def test_what_settings_name_is_bound(self) -> None:
        assert "乙局" == unit_of({"loose": {"unit": "乙局"}})

    def test_what_is_named_comes_before_what_only_has_settings(self) -> None:
        assert "甲局" == unit_of({"by-unit": {"unit": "乙局"}, "loose": {}}, "loose")

    def test_a_plugin_that_is_switched_off_is_not_bound(self) -> None:
        assert unit_of({"loose": {"enabled": False}}, "loose") is None

    def test_a_plugin_that_is_switched_on_is_not_told_so(self) -> None:
        assert "乙局" == unit_of({"by-unit": {"enabled": True, "unit": "乙局"}})

    def test_bad_settings_are_told_before_the_constructor_runs(self) -> None:
        Proud.made = 0
        with pytest.raises(SettingsError, match=r"plugin\.proud\.unti: .*是否为 unit？"):
            unit_of({"proud": {"unti": "甲局"}})
        assert 0 == Proud.made

    def test_settings_that_a_factory_refuses_are_told_under_the_plugin_s_name(self) -> None:
        with pytest.raises(SettingsError, match=r"plugin\.by-factory\.count: "):
            unit_of({"by-factory": {"unit": "甲局", "count": -1}})

    @pytest.mark.parametrize("name", ["by-unti", "byunit", "By-Unit"])
    def test_a_name_that_no_plugin_bears_is_refused_with_the_nearest(self, name: str) -> None:
        with pytest.raises(SettingsError, match=rf"plugin\.{name}: .*是否为 by-unit"):
            unit_of({name: {}})

    def test_a_switch_is_true_or_false(self) -> None:
        with pytest.raises(SettingsError, match=r"plugin\.loose\.enabled: 应为 true 或 false, 现为 'no'"):
            unit_of({"loose": {"enabled": "no"}})

    def test_other_districts_and_stores_are_not_bound_by_their_settings(self) -> None:
        with Desk.open(DISTRICT, settings={"sqlite": {}, "chongming": {}}) as desk:
            assert {"chongming": None} == desk.health()

    @pytest.mark.parametrize(
        ("district", "store", "name"),
        [
            ("chongming", None, "chongming"),
            ("sh-chongming", None, "chongming"),
            (DISTRICT, "sqlite:///x", "sqlite"),
        ],
        ids=["by name", "by code", "store"],
    )
    def test_what_the_desk_stands_on_cannot_be_switched_off(
        self, district: Any, store: str | None, name: str
    ) -> None:
        with pytest.raises(SettingsError, match=rf"plugin\.{name}\.enabled: .*needed here"):
            Desk.open(district, store=store, settings={name: {"enabled": False}})

    def test_a_store_may_be_named_among_the_plugins_too(self, tmp_path: Path) -> None:
        with Desk.open(DISTRICT, store=f"sqlite:///{tmp_path}/x.db", plugins=["sqlite"]) as desk:
            assert "sqlite" in desk.health()

    async def _async_unit(self, settings: Any) -> str | None:
        async with AsyncDesk.open(DISTRICT, settings=settings, clock=Clock(), strict=True) as desk:
            return (await desk.assign(REQUEST) or Assignment(unit="-", rule="-")).unit

    def test_an_asynchronous_desk_takes_them_too(self) -> None:
        import asyncio  # noqa: PLC0415 here only

        assert "乙局" == asyncio.run(self._async_unit({"loose": {"unit": "乙局"}}))


REQUEST = DispatchRequest(
    ticket="T1", matter="x", place=None, channel=None, registered_at=instant("2024-03-25 10:00")
)


@pytest.mark.usefixtures("by_unit")
class TestFile:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "desk.toml"

    def test_a_file_says_which_plugins_and_how(self, file: Path) -> None:
        file.write_text('[plugin.by-unit]\nunit = "乙局"\n[plugin.loose]\nenabled = false\n', "utf-8")
        assert ["乙局", "乙局"] == [unit_of(file), unit_of(str(file))]

    def test_a_file_of_windows_has_a_mark_in_front(self, file: Path) -> None:
        file.write_text('[plugin.loose]\nunit = "乙局"\n', "utf-8-sig")
        assert "乙局" == unit_of(file)

    def test_faults_are_told_with_their_lines(self, file: Path) -> None:
        file.write_text('# 设置\n[plugin.by-unit]\nunit = 3\n\n\nwords = ["a"]\nsecrt = "x"\n', "utf-8")
        with pytest.raises(SettingsError) as caught:
            unit_of(file)
        lines = [it.partition(":")[0] for it in caught.value.problems]
        assert (
            str(file),
            ["第 7 行 (line 7) plugin.by-unit.secrt", "第 3 行 (line 3) plugin.by-unit.unit"],
        ) == (
            caught.value.subject,
            lines,
        )

    def test_everything_about_names_is_told_at_once(self, file: Path) -> None:
        file.write_text(
            'title = "x"\n[plugins.loose]\n[plugin.lose]\n[plugin.loose]\nenabled = 1\n[plugin]\nby-unit = 3\n',
            "utf-8",
        )
        with pytest.raises(SettingsError) as caught:
            read_choice(file)
        assert 5 == len(caught.value.problems)

    @pytest.mark.parametrize(
        ("content", "said"),
        [(b"[plugin", "TOML"), (b"\xff\xfe", "UTF-8"), (b"plugin = 3", "plugin"), (None, "cannot be read")],
    )
    def test_what_is_no_file_of_settings_is_refused(
        self, file: Path, content: bytes | None, said: str
    ) -> None:
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(SettingsError, match=said):
            unit_of(file)


def test_settings_of_the_wrong_class_are_refused_at_load() -> None:
    class NoRecord(DistrictPlugin):
        Settings = dict

        def __init__(self, settings: object = None) -> None:
            self.settings = settings

    with pytest.raises(PluginError, match="write Settings as a class"):
        Registry().add("x", NoRecord())
