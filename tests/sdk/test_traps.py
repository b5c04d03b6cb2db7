"""The traps of pluggy and attrs (measured on pluggy 1.5, 1.6 and 1.7): one test a row, refused or harmless."""

import copy
import inspect
import pickle
import types
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest

import bubancheng
from bubancheng import errors, hooks
from bubancheng.district import Assignment
from bubancheng.errors import BubanchengError, PluginError
from bubancheng.hooks import HOOKS, Advice, DispatchRequest, DistrictPlugin, Notice, TriageRequest, hookimpl
from bubancheng.registry import Registry, installed
from bubancheng.sla import Light
from tests.acting import instant
from tests.installing import Installer, forget_modules, put_on_path
from tests.sdk.misdeeds import ASSIGNED, doing, later, raising, returning

AT = instant("2024-03-25 10:00")
REQUEST = DispatchRequest(ticket="T1", matter="x", place=None, channel=None, registered_at=AT)
TRIAGE = TriageRequest(
    ticket="T1",
    matter="x",
    place=None,
    channel=None,
    reporter_kind=None,
    intake_reason=None,
    failed_stage=None,
    registered_at=AT,
)
RECORDS = [it for name in hooks.__all__ if attrs.has(it := getattr(hooks, name))]


def marked(function: Callable[..., Any], name: str = "bubancheng_dispatch", **options: Any) -> DistrictPlugin:
    """Return a plugin with one marked method."""
    kind = type("Made", (DistrictPlugin,), {name: hookimpl(**options)(function)})
    plugin: DistrictPlugin = kind({})
    return plugin


def refusal(plugin: DistrictPlugin) -> str:
    """Return why a plugin is refused."""
    with pytest.raises(PluginError) as caught:
        Registry().add("bad", plugin)
    return caught.value.reason


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


class TestRegistering:
    def test_a_plugin_that_fails_validation_is_not_half_registered(self) -> None:
        registry = Registry()

        class Half(DistrictPlugin):
            @hookimpl
            def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
                return Assignment(unit=request.matter, rule="half")

            @hookimpl
            def bubancheng_triage(self, request: TriageRequest, more: int) -> Advice | None:  # type: ignore[override] # wrong on purpose
                return Advice(rule=f"{request}{more}")

        with pytest.raises(PluginError):
            registry.add("half", Half())
        assert ((None, []), {}) == (registry.dispatch(REQUEST), registry.health())

    def test_an_async_hook_is_refused(self) -> None:
        async def bubancheng_dispatch(self: DistrictPlugin, request: DispatchRequest) -> None:
            pass

        assert "hooks are synchronous, remove async" in refusal(marked(bubancheng_dispatch))

    def test_an_async_hook_in_disguise_gives_a_failure_and_wins_nothing(self) -> None:
        registry = Registry()
        registry.add("promise", doing("bubancheng_dispatch", later))
        registry.add("good", doing("bubancheng_dispatch", returning(ASSIGNED)))
        found, (failure,) = registry.dispatch(REQUEST)
        assert (None, "promise", True) == (found, failure.plugin, "coroutine" in failure.reason)

    def test_a_misspelt_hook_is_refused_at_once_with_the_right_name(self) -> None:
        def bubancheng_dispach(self: DistrictPlugin, request: DispatchRequest) -> None:
            pass

        said = refusal(marked(bubancheng_dispach, "bubancheng_dispach"))
        assert "bubancheng_dispach is no hook" in said
        assert "是否为 bubancheng_dispatch？" in said

    def test_a_misspelt_hook_that_is_optional_to_pluggy_is_refused_too(self) -> None:
        def bubancheng_dispach(self: DistrictPlugin, request: DispatchRequest) -> None:
            pass

        assert "is no hook" in refusal(marked(bubancheng_dispach, "bubancheng_dispach", optionalhook=True))

    @pytest.mark.parametrize("hook", HOOKS)
    def test_an_override_without_the_mark_is_refused(self, hook: str) -> None:
        kind = type("Unmarked", (DistrictPlugin,), {hook: lambda _self, _request=None: None})
        assert f"{hook} overrides a hook without the mark: put @hookimpl above it" in refusal(kind({}))

    def test_a_hook_set_on_the_instance_is_refused(self) -> None:
        plugin = DistrictPlugin()
        plugin.bubancheng_health = lambda: None  # type: ignore[method-assign] # wrong on purpose
        assert "write it as a method of the class" in refusal(plugin)

    def test_a_class_instead_of_an_instance_is_refused(self) -> None:
        assert "call its factory first" in refusal(DistrictPlugin)  # type: ignore[arg-type] # wrong on purpose

    @pytest.mark.parametrize(
        "function",
        [
            lambda self, request=None: None,  # noqa: ARG005 a signature
            eval("lambda self, *, request: None"),  # noqa: S307 a signature
            lambda self, *request: None,  # noqa: ARG005 a signature
            lambda self, **request: None,  # noqa: ARG005 a signature
            lambda request: None,  # noqa: ARG005 a signature
            lambda self, req: None,  # noqa: ARG005 a signature
            lambda self, request, now: None,  # noqa: ARG005 a signature
            staticmethod(lambda request: None),  # noqa: ARG005 a signature
        ],
        ids=["default", "keyword", "star", "two stars", "no self", "other name", "more", "static"],
    )
    def test_a_hook_takes_exactly_what_it_is_given(self, function: Callable[..., Any]) -> None:
        assert "must be written as def bubancheng_dispatch(self, request)" in refusal(marked(function))

    def test_a_hook_that_takes_nothing_takes_nothing(self) -> None:
        plugin = marked(lambda self, more: None, "bubancheng_health")  # noqa: ARG005 a signature
        assert "must be written as def bubancheng_health(self)" in refusal(plugin)

    @pytest.mark.parametrize("options", [{"wrapper": True}, {"hookwrapper": True}, {}])
    def test_a_wrapper_is_refused(self, options: Mapping[str, Any]) -> None:
        def bubancheng_dispatch(self: DistrictPlugin, request: DispatchRequest) -> Any:
            yield self, request

        assert "is a wrapper" in refusal(marked(bubancheng_dispatch, **options))

    def test_a_blocked_name_is_said_and_not_taken_for_success(self) -> None:
        registry = Registry()
        registry._manager.set_blocked("bad")
        with pytest.raises(PluginError, match="blocked"):
            registry.add("bad", DistrictPlugin())
        assert {} == registry.health()

    def test_no_property_of_a_plugin_is_evaluated(self) -> None:
        class Costly(DistrictPlugin):
            looked = 0

            @property
            def connection(self) -> int:
                type(self).looked += 1
                return 1

        Registry().add("costly", Costly())
        assert 0 == Costly.looked

    def test_equal_plugins_live_side_by_side(self) -> None:
        @attrs.frozen
        class Equal(DistrictPlugin):
            unit: str = "甲局"

            @hookimpl
            def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
                return Assignment(unit=self.unit, rule=request.matter)

        registry = Registry()
        registry.add("one", Equal())
        registry.add("two", Equal())
        assert ["one", "two"] == list(registry.health())

    def test_a_plugin_that_cannot_be_hashed_works(self) -> None:
        class Unhashable(DistrictPlugin):
            __hash__ = None  # type: ignore[assignment] # the point of the test

        registry = Registry()
        registry.add("one", Unhashable())
        assert ["one"] == list(registry.health())

    @pytest.mark.parametrize("routes", ["sms", (1,), 3, None])
    def test_routes_are_texts_and_not_one_text(self, routes: object) -> None:
        plugin = doing("bubancheng_notify", returning(None))
        plugin.routes = routes  # type: ignore[assignment] # wrong on purpose
        assert "routes" in refusal(plugin)


class TestCalling:
    def test_every_hook_is_called_with_all_it_takes(self) -> None:
        asked: list[object] = []
        registry = Registry()
        registry.add("a", doing("bubancheng_dispatch", asked.append))
        registry.add("b", doing("bubancheng_triage", asked.append))
        registry.dispatch(REQUEST)
        registry.triage(TRIAGE)
        assert [REQUEST, TRIAGE] == asked

    def test_the_library_calls_hooks_nowhere_but_in_the_registry(self) -> None:
        root = Path(next(iter(bubancheng.__path__)))
        calling = {
            str(file.relative_to(root))
            for file in root.rglob("*.py")
            if ".hook." in (text := file.read_text("utf-8")) or "get_hookimpls" in text
        }
        assert set() == calling

    def test_one_plugin_that_raises_stops_no_other(self) -> None:
        registry = Registry()
        registry.add("a", doing("bubancheng_health", raising(SystemExit(1))))
        registry.add("b", doing("bubancheng_health", returning(hooks.Health(ok=True))))
        found = registry.health()
        assert (False, hooks.Health(ok=True)) == (found["a"] and found["a"].ok, found["b"])


class TestPackaging:
    def test_two_distributions_with_one_name_are_both_named(self, install: Installer) -> None:
        install("bubancheng-one", "plugin_one", twin="plugin_one:Plugin")
        install("bubancheng-two", "plugin_two", twin="plugin_two:Plugin")
        with pytest.raises(PluginError, match="bubancheng-one, bubancheng-two"):
            Registry().bind("twin")

    def test_one_broken_import_leaves_the_others(self, install: Installer) -> None:
        install("bubancheng-broken", "plugin_broken", "1 / 0", broken="plugin_broken:Plugin")
        usable = {it.name: it.is_usable for it in installed()}
        assert (False, True, True) == (usable["broken"], usable["sqlite"], usable["chongming"])


_DEEP = (str, int, float, bool, type(None), Light)


def _is_deep(kind: Any) -> bool:
    """Whether nothing of a type can be changed, down to what is inside."""
    origin, inside = get_origin(kind), [it for it in get_args(kind) if it is not Ellipsis]
    if origin is types.UnionType or origin in {tuple, frozenset}:
        return all(map(_is_deep, inside))
    return (
        kind in _DEEP
        or (kind.__module__ == "datetime")
        or (isinstance(kind, type) and issubclass(kind, Enum))
    )


class TestRecords:
    @pytest.mark.parametrize("kind", RECORDS, ids=lambda it: it.__name__)
    def test_a_record_is_immutable_all_the_way_down(self, kind: type) -> None:
        hints = get_type_hints(kind)
        shallow = {it.name for it in attrs.fields(kind) if not _is_deep(hints[it.name])}
        assert ({"contact"} if kind is Notice else set()) == shallow

    def test_contact_data_is_a_copy_that_nobody_can_change(self) -> None:
        given = {"phone": "13812341234"}
        notice = a_notice(contact=given)
        given["phone"] = "x"
        with pytest.raises(TypeError):
            notice.contact["phone"] = "y"  # type: ignore[index] # the point of the test
        assert {"phone": "13812341234"} == notice.contact

    @pytest.mark.parametrize("kind", RECORDS, ids=lambda it: it.__name__)
    def test_a_record_can_be_hashed(self, kind: type) -> None:
        assert kind.__hash__ is not None

    def test_a_notice_can_be_hashed_and_compared_with_its_copy(self) -> None:
        notice = a_notice(contact={"phone": "1"})
        same = attrs.evolve(notice)
        assert (hash(notice), notice) == (hash(same), same)

    def test_validators_that_are_switched_off_let_no_answer_in(self) -> None:
        registry = Registry()
        answer = Assignment(unit=3, rule="x")  # type: ignore[arg-type] # wrong on purpose
        registry.add("bad", doing("bubancheng_dispatch", returning(answer)))
        with attrs.validators.disabled():
            assert "unit is 3, expected str" in registry.dispatch(REQUEST)[1][0].reason

    def test_the_library_never_switches_validators_off(self) -> None:
        root = Path(next(iter(bubancheng.__path__)))
        assert [] == [it for it in root.rglob("*.py") if "validators.disabled" in it.read_text("utf-8")]


def a_notice(**values: Any) -> Notice:
    """Return a notice."""
    given = dict.fromkeys(
        ("id", "route", "receiver", "district", "ticket", "event", "matter", "step", "step_name"), "x"
    )
    return Notice(**{**given, "at": AT, "unit": None, "light": Light.GREEN, "due": None, **values})


def _errors() -> list[BubanchengError]:
    """Return one error of each kind, made as its constructor wants it."""
    some = {"day": AT.date(), "first": AT.date(), "last": AT.date(), "sequence": 3, "problems": ("a", "b")}
    found = []
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, BubanchengError):
            own = kind.__init__ is not Exception.__init__
            names = list(inspect.signature(kind.__init__).parameters)[1:] if own else ["said"]
            found.append(kind(*(some.get(name, name) for name in names)))
    return found


@pytest.mark.parametrize("error", _errors(), ids=lambda it: type(it).__name__)
def test_every_error_survives_pickling_and_copying(error: BubanchengError) -> None:
    for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 our own
        assert (type(error), str(error), vars(error)) == (type(same), str(same), vars(same))
