"""What is wrong with a plugin object, and with what it does, in a sentence each."""

import difflib
import inspect
import traceback
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from bubancheng.errors import BubanchengError
from bubancheng.hooks import HOOKS, DistrictPlugin
from bubancheng.hooks.deprecating import DEPRECATED, Deprecation
from bubancheng.hooks.fitting import shown

GROUP = "bubancheng"
_MARK, _PREFIX = f"{GROUP}_impl", f"{GROUP}_"
_LONGEST = 500  # characters of an error that are kept


@attrs.frozen
class Failure:
    """What a plugin did wrong, as a value: plugin, hook, and the reason in a sentence."""

    plugin: str
    hook: str
    reason: str


@attrs.frozen
class Fault:
    """What is wrong with a plugin before it does anything: the sentence, and its place as file:line."""

    sentence: str
    place: str | None = None


def said(error: BaseException) -> str:
    """Return what an error says, by its name where it is none of ours."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 an error of a plugin may not even print
        text = "(an error without words)"
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return text if isinstance(error, BubanchengError) else f"{type(error).__name__}: {text}"


def faults(plugin: object, deprecated: Mapping[str, Deprecation] = DEPRECATED) -> Iterator[Fault]:
    """Yield everything that is wrong with a plugin object before it is registered."""
    if isinstance(plugin, type) or not isinstance(plugin, DistrictPlugin):
        yield Fault(
            f"不是插件实例 ({shown(plugin)} is no instance of DistrictPlugin: call its factory first)"
        )
        return
    yield from faults_of_class(type(plugin), deprecated)
    for name in getattr(plugin, "__dict__", {}):
        if name.startswith(_PREFIX):
            yield Fault(
                f"钩子写在了实例上 ({name} is set on the instance: write it as a method of the class)"
            )
    if has_hook(type(plugin), "bubancheng_notify"):
        yield from _route_faults(plugin)


def faults_of_class(
    kind: type[DistrictPlugin], deprecated: Mapping[str, Deprecation] = DEPRECATED
) -> Iterator[Fault]:
    """Yield what is wrong with the hooks of a plugin's class, and with the settings that it declares."""
    for name in dir(kind):
        member = inspect.getattr_static(kind, name)
        if hasattr(member, _MARK) or (name.startswith(_PREFIX) and overrides(kind, name)):
            yield from (Fault(text, _place(member)) for text in _sentences(name, member, deprecated))
    if kind.Settings is not None and not attrs.has(kind.Settings):
        yield Fault("Settings 应为 attrs 类 (write Settings as a class with @attrs.frozen(kw_only=True))")


def _sentences(name: str, member: Any, deprecated: Mapping[str, Deprecation]) -> Iterator[str]:  # noqa: ANN401
    """Yield what is wrong with a method that is a hook, or looks like one."""
    old = deprecated.get(name)
    if name not in HOOKS and old is None:
        near = difflib.get_close_matches(name, HOOKS, 1)
        hint = f"，是否为 {near[0]}？" if near else ""
        yield f"没有这个钩子 ({name} is no hook: use one of {', '.join(HOOKS)}){hint}"
        return
    if inspect.iscoroutinefunction(member) or inspect.isasyncgenfunction(member):
        yield f"钩子不能是异步的 ({name} is async: hooks are synchronous, remove async)"
    if not hasattr(member, _MARK):
        yield f"钩子没有标记 ({name} overrides a hook without the mark: put @hookimpl above it)"
        return
    options = getattr(member, _MARK)
    if options.get("wrapper") or options.get("hookwrapper") or inspect.isgeneratorfunction(member):
        yield f"钩子不能是包装 ({name} is a wrapper: it gives its own answer, remove wrapper=True)"
    yield from _misfits(name, member, ["self", *old.parameters] if old else _parameters(name))


def _place(member: Any) -> str | None:  # noqa: ANN401 whatever a class holds
    """Return where a method is written, by its first line."""
    code = getattr(inspect.unwrap(getattr(member, "__func__", member)), "__code__", None)
    return None if code is None else f"{code.co_filename}:{code.co_firstlineno}"


def place_of(error: BaseException | None) -> str | None:
    """Return where an error came from, as file:line; None where it does not say."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(None if error is None else error.__traceback__)
    found = [it for it in frames if not it.filename.startswith("<")]
    return f"{found[-1].filename}:{found[-1].lineno}" if found else None


def _parameters(hook: str) -> list[str]:
    return list(inspect.signature(getattr(DistrictPlugin, hook)).parameters)


def _misfits(name: str, member: Any, wanted: list[str]) -> Iterator[str]:  # noqa: ANN401 whatever a class holds
    """Yield how a marked hook differs from its specification."""
    try:
        given = inspect.signature(member).parameters
    except (TypeError, ValueError):
        yield f"钩子不是方法 ({name} is no function: write def {name}({', '.join(wanted)}))"
        return
    plain = all(it.kind is it.POSITIONAL_OR_KEYWORD and it.default is it.empty for it in given.values())
    if list(given) != wanted or not plain:
        got = ", ".join(map(str, given.values()))
        right = f"def {name}({', '.join(wanted)})"
        yield f"钩子的参数不对 ({name}({got}) must be written as {right}, without defaults)"


def _route_faults(plugin: DistrictPlugin) -> Iterator[Fault]:
    try:
        given: object = plugin.routes
        routes = () if isinstance(given, str) else tuple(plugin.routes)
    except Exception as error:  # noqa: BLE001 whatever a plugin does
        yield Fault(f"routes 无法读取 (routes cannot be read: {said(error)})")
        return
    if isinstance(given, str) or not all(isinstance(it, str) for it in routes):
        yield Fault(f"routes 应为多个文字 (routes must be texts such as ('sms',), got {shown(given)})")


def overrides(kind: type, name: str) -> bool:
    """Whether a class has something of its own under a name."""
    theirs = inspect.getattr_static(DistrictPlugin, name, None)
    return inspect.getattr_static(kind, name) is not theirs


def has_hook(kind: type, hook: str, deprecated: Mapping[str, Deprecation] = DEPRECATED) -> bool:
    """Whether a class implements a hook, under its name or an old one."""
    old = [name for name, it in deprecated.items() if it.new == hook]
    return any(hasattr(kind, name) and overrides(kind, name) for name in [hook, *old])
