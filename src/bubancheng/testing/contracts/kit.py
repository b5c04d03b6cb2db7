"""What every kit shares: numbered checks, declared capabilities, no way to leave a check out in silence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib.metadata import version
from inspect import getattr_static
from typing import Any, ClassVar

import attrs

from bubancheng.errors import ArgumentError, NewCheckWarning, warn

_MARK = "bubancheng_check"
_FREE = {"setup", "capabilities", "written_for"}  # what an author gives


@attrs.frozen(kw_only=True)
class Capabilities:
    """What an implementation can do, all of it unless it says otherwise: True, or a sentence why not.

    `durable`: what was committed is still there when the process is gone; `processes`: several processes
    may use it at once; `borrowed`: it can work on a connection of the embedder's; `portable`: it can list
    all it holds; `backed`: it can check and copy itself; `network`: it talks to another machine, which may
    never answer; `closing`: it has closures, which may not shorten a limit.
    """

    durable: bool | str = True
    processes: bool | str = True
    borrowed: bool | str = True
    portable: bool | str = True
    backed: bool | str = True
    network: bool | str = True
    closing: bool | str = True

    def __attrs_post_init__(self) -> None:
        for name, value in attrs.asdict(self).items():
            if value is not True and not (isinstance(value, str) and value.strip()):
                msg = f"{name} is True, or the sentence that says why it is lacking; got {value!r}"
                raise ArgumentError(msg)

    def lacking(self, name: str | None) -> str | None:
        """Return why a capability is lacking; None where it is there."""
        found = True if name is None else getattr(self, name)
        return None if found is True else str(found)


@attrs.frozen
class Check:
    """One check of a kit: the scenario it quotes, the version it came with, the capability it needs."""

    scenario: str
    since: str
    needs: str | None


@attrs.frozen
class LeftOut:
    """Stands where a check was that a lacking capability makes pointless; pytest does not collect it."""

    reason: str


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3] if part.isdecimal())


def is_on_probation(since: str, written_for: str | None, installed: str) -> bool:
    """Tell whether a check only warns: newer than what the author wrote for, and not a minor old yet."""
    if written_for is None or _numbers(since) <= _numbers(written_for):
        return False
    return _numbers(installed)[:2] <= _numbers(since)[:2]


def check(
    scenario: str, *, since: str = "0.1", needs: str | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a method a check of a kit."""

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def run(self: "Contract", *given: Any, **named: Any) -> None:  # noqa: ANN401 the fixtures of a check
            try:
                function(self, *given, **named)
            except Exception as error:
                if not is_on_probation(since, self.written_for, version("bubancheng")):
                    raise
                sentence = f"{type(self).__name__} will be refused by {scenario} (new in {since}): {error}"
                warn(sentence, NewCheckWarning)

        setattr(run, _MARK, Check(scenario, since, needs))
        return run

    return mark


class Contract:
    """Base of every kit. An author subclasses a kit, gives its fixture `setup`, and overrides no check.

    `capabilities`: what the implementation lacks, and why; `written_for`: the version of bubancheng whose
    checks it is known to pass: newer checks warn for one minor version before they fail.
    """

    capabilities: ClassVar[Capabilities] = Capabilities()
    written_for: ClassVar[str | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        kit = kit_of(cls)
        if kit is cls:
            return
        reserved = {name: getattr_static(kit, name) for name in dir(kit) if _is_reserved(name)}
        found = {name: getattr_static(cls, name) for name in reserved}
        own = [it for it in reserved if found[it] is not reserved[it] and type(found[it]) is not LeftOut]
        if own:
            msg = f"{cls.__name__} overrides {', '.join(own)} of {kit.__name__}: give another name, or none"
            raise ArgumentError(msg)
        for name, it in checks(kit).items():
            reason = cls.capabilities.lacking(it.needs)
            setattr(cls, name, reserved[name] if reason is None else LeftOut(f"{it.needs}: {reason}"))


def _is_reserved(name: str) -> bool:
    return name not in _FREE and not hasattr(object, name) and name not in vars(Contract)


def kit_of(cls: type[Contract]) -> type[Contract]:
    """Return the kit that a class was made from."""
    return next(it for it in cls.__mro__ if Contract in it.__bases__)


def checks(cls: type[Contract]) -> dict[str, Check]:
    """Return the checks of a kit, or those of an implementation's that are to run, by name."""
    found = {name: getattr(getattr_static(cls, name), _MARK, None) for name in dir(cls)}
    return {name: it for name, it in found.items() if it is not None}


def left_out(cls: type[Contract]) -> list[str]:
    """Return for which lacking capabilities, and why, checks were left out."""
    members = [getattr_static(cls, name) for name in dir(cls)]
    return sorted({it.reason for it in members if isinstance(it, LeftOut)})


def expect(expected: object, found: object, sentence: str) -> None:
    """Demand that something is as it must be; the sentence says what must be so."""
    if expected != found:
        msg = f"{sentence}: expected {_short(expected)}, found {_short(found)}"
        raise AssertionError(msg)


def demand(sentence: str, fact: object) -> None:
    """Demand that something holds; the sentence says what."""
    if not fact:
        msg = f"it does not hold that {sentence}"
        raise AssertionError(msg)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}... ({len(text)} characters)"  # noqa: PLR2004 a few lines


@contextmanager
def refused(kind: type[Exception], sentence: str) -> Iterator[None]:
    """Demand that what is done inside raises an error of a kind."""
    try:
        yield
    except kind:
        return
    msg = f"{sentence}: expected {kind.__name__}, and nothing was raised"
    raise AssertionError(msg)
