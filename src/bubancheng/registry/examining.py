"""What is wrong with a plugin object, and with what it does, in a sentence each."""

import inspect
from collections.abc import Iterator
from typing import Any

import attrs

from bubancheng.errors import BubanchengError
from bubancheng.hooks import HOOKS, DistrictPlugin

GROUP = "bubancheng"
_MARK, _PREFIX = f"{GROUP}_impl", f"{GROUP}_"


@attrs.frozen
class Failure:
    """What a plugin did wrong, as a value: plugin, hook, and the reason in a sentence."""

    plugin: str
    hook: str
    reason: str


def said(error: BaseException) -> str:
    """Return what an error says, by its name where it is none of ours."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 an error of a plugin may not even print
        text = "(an error without words)"
    return text if isinstance(error, BubanchengError) else f"{type(error).__name__}: {text}"


def faults(plugin: DistrictPlugin) -> Iterator[str]:
    """Yield what is wrong with a plugin object before it is registered."""
    for name in dir(type(plugin)):
        member = inspect.getattr_static(type(plugin), name)
        marked = hasattr(member, _MARK)
        if not marked and name.startswith(_PREFIX) and name not in HOOKS:
            yield f"{name} is no hook: use one of {', '.join(HOOKS)}"
        if marked and (inspect.iscoroutinefunction(member) or inspect.isasyncgenfunction(member)):
            yield f"{name} is async: hooks are synchronous, remove async"
        if marked and name not in HOOKS:
            yield f"{name} is no hook: use one of {', '.join(HOOKS)}"
        if marked and name in HOOKS:
            yield from _misfits(name, member)
        overrides = name in HOOKS and member is not inspect.getattr_static(DistrictPlugin, name)
        if overrides and not marked:
            yield f"{name} overrides a hook without the mark: put @hookimpl above it"


def _misfits(name: str, member: Any) -> Iterator[str]:  # noqa: ANN401 whatever a class holds
    """Yield how a marked hook differs from its specification."""
    options = getattr(member, _MARK)
    if options.get("wrapper") or options.get("hookwrapper") or inspect.isgeneratorfunction(member):
        yield f"{name} is a wrapper: hooks give their own answer, remove wrapper=True"
    wanted = list(inspect.signature(getattr(DistrictPlugin, name)).parameters)
    try:
        given = inspect.signature(member).parameters
    except (TypeError, ValueError):
        yield f"{name} is no function: write def {name}({', '.join(wanted)})"
        return
    plain = all(it.kind is it.POSITIONAL_OR_KEYWORD and it.default is it.empty for it in given.values())
    if list(given) != wanted or not plain:
        got = ", ".join(map(str, given.values()))
        yield f"{name}({got}) must be written as def {name}({', '.join(wanted)}), without defaults"
