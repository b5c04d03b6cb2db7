"""Plugins: every trap of pluggy and of packaging is refused at load or becomes a value."""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.desk import Desk
from bubancheng.district import Assignment, District
from bubancheng.errors import PluginError, StoreError, UnknownNameError
from bubancheng.hooks import (
    CalendarChanges,
    CalendarRequest,
    DispatchRequest,
    DistrictPlugin,
    StoreRequest,
    district_plugin,
    hookimpl,
)
from bubancheng.registry import Failure, Registry, find_district, make, offered
from bubancheng.store import MemoryStore, Store
from tests.acting import CALENDAR, DISTRICT, Clock, instant, registered
from tests.installing import Installer, forget_modules, hooked, put_on_path

REQUEST = DispatchRequest(
    ticket="T1", matter="x", place=None, channel=None, registered_at=instant("2024-03-25 10:00")
)


class Good(DistrictPlugin):
    """Dispatches everything to the unit of its settings."""

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        del request
        unit = self.settings.get("unit", "甲局")
        return Assignment(unit=str(unit), rule="good")


class Silent(DistrictPlugin):
    """Never knows where a ticket goes."""

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        del request
        return None


def answering(answer: Callable[[], object]) -> DistrictPlugin:
    """Return a plugin whose dispatch gives, or raises, whatever it likes."""

    class Answering(DistrictPlugin):
        @hookimpl
        def bubancheng_dispatch(self, request: DispatchRequest) -> Any:
            del request
            return answer()

    return Answering({})


def raising(error: BaseException) -> DistrictPlugin:
    """Return a plugin whose dispatch raises."""

    def answer() -> object:
        raise error

    return answering(answer)


def bound(*plugins: DistrictPlugin) -> Registry:
    """Return a registry with plugins, named by their order."""
    registry = Registry()
    for name, plugin in zip("abcdef", plugins, strict=False):
        registry.add(name, plugin)
    return registry


def refusal(plugin: object) -> str:
    """Return the sentence with which a plugin object is refused; nothing of it stays."""
    registry = Registry()
    with pytest.raises(PluginError) as caught:
        registry.add("bad", plugin)  # type: ignore[arg-type]
    assert (None, []) == registry.dispatch(REQUEST)
    return caught.value.reason


class Async(DistrictPlugin):
    @hookimpl
    async def bubancheng_dispatch(self, request: DispatchRequest) -> None:  # type: ignore[override]
        pass


class AsyncUnmarked(DistrictPlugin):
    async def bubancheng_dispatch(self, request: DispatchRequest) -> None:  # type: ignore[override]
        pass


class AsyncGenerator(DistrictPlugin):
    @hookimpl
    async def bubancheng_dispatch(self, request: DispatchRequest) -> Any:
        yield request


class Misspelt(DistrictPlugin):
    @hookimpl
    def bubancheng_dispach(self, request: DispatchRequest) -> None:
        pass


class MisspeltUnmarked(DistrictPlugin):
    def bubancheng_dispach(self, request: DispatchRequest) -> None:
        pass


class Unmarked(DistrictPlugin):
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        return Assignment(unit=request.matter, rule="x")


class UnmarkedBelow(Good):
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        return Assignment(unit=request.matter, rule="x")


class OtherArgument(DistrictPlugin):
    @hookimpl
    def bubancheng_dispatch(self, req: DispatchRequest) -> Assignment | None:
        pass


class MoreArguments(DistrictPlugin):
    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest, more: int) -> Assignment | None:  # type: ignore[override]
        pass


class NoArgument(DistrictPlugin):
    @hookimpl
    def bubancheng_dispatch(self) -> Assignment | None:  # type: ignore[override]
        pass


class KeywordOnly(DistrictPlugin):
    @hookimpl
    def bubancheng_dispatch(self, *, request: DispatchRequest) -> Assignment | None:  # type: ignore[override]
        pass


class WithDefault(DistrictPlugin):
    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest | None = None) -> Assignment | None:
        pass


class Wrapper(DistrictPlugin):
    @hookimpl(wrapper=True)
    def bubancheng_dispatch(self, request: DispatchRequest) -> Any:  # noqa: ARG002 a hook's signature
        return (yield)


class Property(DistrictPlugin):
    @property
    def explodes(self) -> int:
        msg = "looked at"
        raise RuntimeError(msg)


class NotAPlugin:
    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        pass


@attrs.frozen
class Frozen(DistrictPlugin):
    unit: str = "甲局"

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        del request
        return Assignment(unit=self.unit, rule="frozen")


@attrs.define
class Unhashable(DistrictPlugin):
    unit: str = "甲局"

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        del request
        return Assignment(unit=self.unit, rule="define")


class TestAdd:
    def test_a_good_plugin_is_bound(self) -> None:
        assert (Assignment(unit="甲局", rule="good"), []) == bound(Good({})).dispatch(REQUEST)

    @pytest.mark.parametrize(
        ("plugin", "said"),
        [
            (Good, "no instance of DistrictPlugin: call its factory first"),
            (NotAPlugin(), "no instance of DistrictPlugin"),
            (None, "no instance of DistrictPlugin"),
            ("chongming", "no instance of DistrictPlugin"),
            (sys, "no instance of DistrictPlugin"),
            (Async({}), "hooks are synchronous, remove async"),
            (AsyncUnmarked({}), "put @hookimpl above it"),
            (AsyncGenerator({}), "hooks are synchronous, remove async"),
            (Misspelt({}), "bubancheng_dispach is no hook: use one of"),
            (MisspeltUnmarked({}), "bubancheng_dispach"),
            (Unmarked({}), "bubancheng_dispatch overrides a hook without the mark"),
            (UnmarkedBelow({}), "bubancheng_dispatch overrides a hook without the mark"),
            (OtherArgument({}), "req"),
            (MoreArguments({}), "more"),
            (NoArgument({}), "request"),
            (KeywordOnly({}), "request"),
            (WithDefault({}), "request"),
            (Wrapper({}), "wrapper"),
        ],
        ids=lambda it: it if isinstance(it, str) else getattr(it, "__name__", type(it).__name__),
    )
    def test_what_is_wrong_is_refused_with_what_to_do(self, plugin: object, said: str) -> None:
        assert said in refusal(plugin)

    def test_everything_wrong_with_a_plugin_is_told_at_once(self) -> None:
        class Bad(Misspelt):
            def bubancheng_store(self, request: StoreRequest) -> Store | None:
                pass

        told = refusal(Bad({}))
        assert ("bubancheng_dispach" in told, "bubancheng_store" in told) == (True, True)

    def test_a_refused_plugin_leaves_nothing_registered(self) -> None:
        registry = Registry()
        with pytest.raises(PluginError):
            registry.add("bad", MoreArguments({}))
        registry.add("bad", Good({}))
        assert registry.dispatch(REQUEST)[0] == Assignment(unit="甲局", rule="good")

    def test_a_refused_plugin_leaves_the_others(self) -> None:
        registry = bound(Good({}))
        with pytest.raises(PluginError):
            registry.add("b", Misspelt({}))
        assert registry.dispatch(REQUEST)[0] == Assignment(unit="甲局", rule="good")

    def test_one_name_is_bound_once(self) -> None:
        registry = bound(Good({}))
        with pytest.raises(PluginError, match="'a'"):
            registry.add("a", Silent({}))
        assert registry.dispatch(REQUEST)[0] == Assignment(unit="甲局", rule="good")

    def test_one_plugin_is_bound_once(self) -> None:
        plugin = Good({})
        with pytest.raises(PluginError):
            bound(plugin, plugin)

    def test_a_blocked_name_is_said(self) -> None:
        registry = Registry()
        registry._manager.set_blocked("a")
        with pytest.raises(PluginError, match="blocked"):
            registry.add("a", Good({}))

    def test_a_property_is_not_looked_at(self) -> None:
        assert bound(Property({})).dispatch(REQUEST) == (None, [])

    def test_two_plugins_that_call_themselves_equal_live_side_by_side(self) -> None:
        assert bound(Frozen(), Frozen()).health() == {"a": None, "b": None}

    def test_an_unhashable_plugin_works(self) -> None:
        assert bound(Unhashable()).dispatch(REQUEST)[0] == Assignment(unit="甲局", rule="define")

    def test_the_error_knows_plugin_and_reason(self) -> None:
        with pytest.raises(PluginError) as caught:
            Registry().add("bad", Misspelt({}))
        assert (caught.value.plugin, caught.value.hook) == ("bad", None)


class TestDispatch:
    def test_without_plugins_nobody_knows(self) -> None:
        assert Registry().dispatch(REQUEST) == (None, [])

    def test_the_first_answer_counts_in_the_order_of_binding(self) -> None:
        found, _ = bound(Silent({}), Good({"unit": "乙局"}), Good({})).dispatch(REQUEST)
        assert found == Assignment(unit="乙局", rule="good")

    def test_a_mark_cannot_push_a_plugin_forward(self) -> None:
        class First(Good):
            @hookimpl(tryfirst=True)
            def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
                del request
                return Assignment(unit="丙局", rule="first")

        assert bound(Good({}), First({})).dispatch(REQUEST)[0] == Assignment(unit="甲局", rule="good")

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (RuntimeError("数据库连不上"), "RuntimeError: 数据库连不上"),
            (SystemExit(3), "SystemExit: 3"),
            (SystemExit(), "SystemExit"),
            (StopIteration(), "StopIteration"),
            (StoreError("存储满了"), "存储满了"),
            (RecursionError(), "RecursionError"),
        ],
        ids=lambda it: type(it).__name__,
    )
    def test_what_a_plugin_raises_is_a_value(self, error: BaseException, said: str) -> None:
        _, (failure,) = bound(raising(error)).dispatch(REQUEST)
        assert (failure.plugin, failure.hook, said in failure.reason) == ("a", "bubancheng_dispatch", True)

    def test_an_error_that_cannot_be_printed_is_a_value_too(self) -> None:
        class UnprintableError(Exception):
            def __str__(self) -> str:
                msg = "no text"
                raise ValueError(msg)

        _, failures = bound(raising(UnprintableError())).dispatch(REQUEST)
        assert [it.plugin for it in failures] == ["a"]

    def test_who_presses_the_keys_is_heard(self) -> None:
        with pytest.raises(KeyboardInterrupt):
            bound(raising(KeyboardInterrupt())).dispatch(REQUEST)

    @pytest.mark.parametrize(
        "answer", ["甲局", 42, False, ("甲局", "rule"), Assignment], ids=lambda it: type(it).__name__
    )
    def test_an_answer_of_the_wrong_type_is_a_failure(self, answer: object) -> None:
        found, (failure,) = bound(answering(lambda: answer)).dispatch(REQUEST)
        assert (found, "expected Assignment or None" in failure.reason) == (None, True)

    def test_a_failure_names_plugin_and_hook(self) -> None:
        _, failures = bound(answering(lambda: 42)).dispatch(REQUEST)
        assert failures == [
            Failure("a", "bubancheng_dispatch", "returned 42, expected Assignment or None"),
        ]


class Closing(DistrictPlugin):
    """Answers the calendar hook with whatever its settings hold."""

    @hookimpl
    def bubancheng_calendar(self, request: CalendarRequest) -> CalendarChanges | None:
        del request
        answer: Any = self.settings["answer"]
        if isinstance(answer, BaseException):
            raise answer
        return answer  # type: ignore[no-any-return]


class Storing(DistrictPlugin):
    """Answers the store hook with whatever its settings hold."""

    @hookimpl
    def bubancheng_store(self, request: StoreRequest) -> Store | None:
        answer: Any = self.settings.get("answer")
        if isinstance(answer, BaseException):
            raise answer
        return answer if answer is not None or request.create else None


class Offering(DistrictPlugin):
    """Answers the district hook with whatever its settings hold."""

    @hookimpl
    def bubancheng_district(self) -> District | None:
        answer: Any = self.settings.get("answer")
        if isinstance(answer, BaseException):
            raise answer
        return answer  # type: ignore[no-any-return]


URL = StoreRequest(url="x:///y")


class TestOtherHooks:
    def test_changes_of_the_calendar_come_from_every_plugin(self) -> None:
        one, two = CalendarChanges(notices=("a",)), CalendarChanges(notices=("b",))
        plugins = [Closing({"answer": it}) for it in (one, None, two)]
        assert [one, two] == bound(*plugins).calendar(CalendarRequest(district="x"))

    @pytest.mark.parametrize("answer", [RuntimeError("坏了"), SystemExit(1), 42])
    def test_a_calendar_that_fails_raises_and_names_the_plugin(self, answer: object) -> None:
        with pytest.raises(PluginError, match="'b'") as caught:
            bound(Silent({}), Closing({"answer": answer})).calendar(CalendarRequest(district="x"))
        assert caught.value.hook == "bubancheng_calendar"

    def test_the_first_store_counts(self) -> None:
        store = MemoryStore()
        plugins = (Storing({}), Storing({"answer": store}), Storing({"answer": MemoryStore()}))
        assert store is bound(*plugins).store(URL)

    def test_without_a_store_there_is_none(self) -> None:
        assert bound(Silent({})).store(URL) is None

    @pytest.mark.parametrize("error", [RuntimeError("坏了"), SystemExit(1)])
    def test_a_store_that_fails_raises_and_names_the_plugin(self, error: BaseException) -> None:
        with pytest.raises(PluginError, match="'a' in bubancheng_store"):
            bound(Storing({"answer": error})).store(URL)

    def test_the_refusal_of_a_store_passes(self) -> None:
        with pytest.raises(StoreError, match="磁盘已满"):
            bound(Storing({"answer": StoreError("磁盘已满")})).store(URL)

    @pytest.mark.parametrize("answer", [42, "desk.db", True])
    def test_what_is_no_store_is_refused_and_names_the_plugin(self, answer: object) -> None:
        with pytest.raises(PluginError, match="'a' in bubancheng_store"):
            bound(Storing({"answer": answer})).store(URL)

    def test_districts_come_by_plugin(self) -> None:
        assert bound(Silent({}), district_plugin(DISTRICT)).districts() == {"b": DISTRICT}

    @pytest.mark.parametrize("answer", [RuntimeError("坏了"), SystemExit(1), 42, "chongming"])
    def test_a_district_that_fails_names_the_plugin(self, answer: object) -> None:
        with pytest.raises(PluginError, match="'a' in bubancheng_district"):
            bound(Offering({"answer": answer})).districts()


def point(value: str) -> EntryPoint:
    """Return an entry point that names something in this module."""
    return EntryPoint("testing", f"{__name__}:{value}", "bubancheng")


INSTANCE = Good({})
NUMBER = 42


def factory(settings: Mapping[str, object]) -> DistrictPlugin:
    """Make a plugin of settings."""
    return Good(settings)


def without_settings() -> DistrictPlugin:
    """Make a plugin, but of nothing."""
    return Good({})


class TakesNothing(DistrictPlugin):
    def __init__(self) -> None:
        super().__init__({})


def gives_a_class(_settings: Mapping[str, object]) -> object:
    """Give the class instead of an instance."""
    return Good


def gives_nothing(_settings: Mapping[str, object]) -> None:
    """Forget to return."""


def gives_something_else(_settings: Mapping[str, object]) -> object:
    """Give what is no DistrictPlugin."""
    return NotAPlugin()


def raises(_settings: Mapping[str, object]) -> DistrictPlugin:
    """Fail."""
    msg = "没有许可证"
    raise RuntimeError(msg)


def leaves(_settings: Mapping[str, object]) -> DistrictPlugin:
    """Leave."""
    sys.exit(3)


class TestMake:
    @pytest.mark.parametrize("value", ["factory", "Good"])
    def test_a_factory_and_a_class_get_the_settings(self, value: str) -> None:
        assert make(point(value), {"unit": "乙局"}).settings == {"unit": "乙局"}

    def test_each_desk_gets_a_plugin_of_its_own(self) -> None:
        assert make(point("factory"), {}) is not make(point("factory"), {})

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            ("INSTANCE", "is an instance: let the entry point name the class or a factory"),
            ("NUMBER", "name a callable"),
            ("without_settings", "must take the settings"),
            ("TakesNothing", "must take the settings"),
            ("gives_a_class", "must give an instance of DistrictPlugin"),
            ("gives_nothing", "must give an instance of DistrictPlugin"),
            ("gives_something_else", "must give an instance of DistrictPlugin"),
            ("raises", "RuntimeError: 没有许可证"),
            ("leaves", "SystemExit: 3"),
            ("nothing_of_this_name", "cannot be imported"),
        ],
    )
    def test_anything_else_is_refused_with_what_to_do(self, value: str, said: str) -> None:
        with pytest.raises(PluginError) as caught:
            make(point(value), {})
        assert (caught.value.plugin, said in caught.value.reason) == ("testing", True)

    def test_a_module_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(PluginError, match="ModuleNotFoundError"):
            make(EntryPoint("testing", "no_such_module:plugin", "bubancheng"), {})


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


class TestInstalled:
    def test_what_is_installed_is_offered_by_name(self) -> None:
        assert {"chongming", "sqlite"} <= set(offered())

    def test_what_is_offered_is_not_imported(self, install: Installer) -> None:
        install("bubancheng-x", "plugin_x", "raise SystemExit(9)", x="plugin_x:Plugin")
        assert ("x" in offered(), "plugin_x" in sys.modules) == (True, False)

    def test_two_distributions_with_one_name_are_refused_and_both_named(self, install: Installer) -> None:
        install("bubancheng-one", "plugin_one", twin="plugin_one:Plugin")
        install("bubancheng-two", "plugin_two", twin="plugin_two:Plugin")
        with pytest.raises(PluginError, match=r"'twin'.*bubancheng-one, bubancheng-two"):
            Registry().bind("twin")
        assert {"chongming", "sqlite"} <= set(offered())

    def test_a_fork_that_kept_the_module_is_a_second_distribution_too(self, install: Installer) -> None:
        install("bubancheng-twin", "plugin_twin", twin="plugin_twin:Plugin")
        install("our-fork-of-twin", "plugin_twin", twin="plugin_twin:Plugin")
        with pytest.raises(PluginError, match=r"bubancheng-twin, our-fork-of-twin"):
            Registry().bind("twin")

    def test_one_distribution_seen_twice_is_one(self, install: Installer, tmp_path: Path) -> None:
        install("bubancheng-one", "plugin_one", twin="plugin_one:Plugin")
        sys.path.append(str(tmp_path / "bubancheng-one"))
        assert offered()["twin"].value == "plugin_one:Plugin"
        sys.path.remove(str(tmp_path / "bubancheng-one"))

    def test_binding_loads_with_settings(self, install: Installer) -> None:
        install("bubancheng-x", "plugin_x", x="plugin_x:Plugin")
        assert Registry().bind("x", {"key": 1}).settings == {"key": 1}

    def test_binding_what_is_not_there_says_what_is(self) -> None:
        with pytest.raises(UnknownNameError, match=r"chongming、.*sqlite"):
            Registry().bind("nothing")

    @pytest.mark.parametrize("source", ["raise SystemExit(9)", "import no_such_module", "1 / 0", "def ("])
    def test_a_broken_plugin_does_not_hide_the_others(self, install: Installer, source: str) -> None:
        install("bubancheng-broken", "plugin_broken", source, broken="plugin_broken:Plugin")
        assert find_district("sh-chongming")[0] == "chongming"

    def test_a_broken_plugin_that_is_asked_for_says_why(self, install: Installer) -> None:
        install("bubancheng-broken", "plugin_broken", "1 / 0", broken="plugin_broken:Plugin")
        with pytest.raises(PluginError, match="ZeroDivisionError"):
            find_district("broken")

    def test_a_plugin_without_a_district_is_no_district(self) -> None:
        with pytest.raises(UnknownNameError, match="chongming"):
            find_district("sqlite")

    def test_a_desk_binds_further_plugins_by_name(self, install: Installer) -> None:
        source = hooked("bubancheng_dispatch", "raise RuntimeError(request.matter)")
        install("bubancheng-x", "plugin_x", source, x="plugin_x:Plugin")
        with Desk.open(DISTRICT, calendar=CALENDAR, plugins=["x"]) as desk:
            desk.assign(REQUEST)
            assert desk.failures == [Failure("x", "bubancheng_dispatch", "RuntimeError: x")]

    @pytest.mark.parametrize("store", [None, "sqlite:///{}/desk.db"])
    def test_a_desk_loads_only_what_it_binds(
        self, install: Installer, tmp_path: Path, store: str | None
    ) -> None:
        install("bubancheng-x", "plugin_x", x="plugin_x:Plugin")
        with Desk.open("chongming", store=store and store.format(tmp_path)):
            assert "plugin_x" not in sys.modules

    def test_a_factory_is_called_once_a_desk(self, install: Installer) -> None:
        source = hooked(
            "bubancheng_store", "from bubancheng.store import MemoryStore", "return MemoryStore()"
        )
        source += "\ncalls = []\n\ndef factory(settings):\n    calls.append(1)\n    return Plugin(settings)\n"
        install("bubancheng-mem", "plugin_mem", source, mem="plugin_mem:factory")
        for _ in range(2):
            Desk.open(DISTRICT, calendar=CALENDAR, store="mem://x").close()
        assert len(sys.modules["plugin_mem"].calls) == 2

    def test_a_store_is_opened_by_the_plugin_that_bears_its_scheme(self, install: Installer) -> None:
        source = hooked(
            "bubancheng_store", "from bubancheng.store import MemoryStore", "return MemoryStore()"
        )
        install("bubancheng-mem", "plugin_mem", source, mem="plugin_mem:Plugin")
        with Desk.open(DISTRICT, calendar=CALENDAR, store="mem+fast://x", clock=Clock()) as desk:
            assert registered(desk).step == "registered"
