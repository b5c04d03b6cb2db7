"""Mutants in place: the tests are collected once, and each mutant is a fork in which one function is changed.

That takes a tenth of the time of a process that imports everything anew. What was made before, such as
calendars at the head of a test module, was made unchanged, so that a survivor must still meet the tests anew.
"""

import functools
import inspect
import json
import os
import signal
from collections.abc import Sequence
from types import CodeType, FunctionType, ModuleType

import pytest
from mutants import Mutant


class Forks:
    """A pytest plugin that, instead of all tests once, runs the chosen ones of each mutant in a fork.

    Into `into` it writes a line of JSON for each: the test that killed it, "" where none did, and None where
    it cannot be put in place.
    """

    def __init__(
        self,
        module: ModuleType,
        plain: str,
        work: Sequence[tuple[Mutant, Sequence[str]]],
        into: int,
        limit: int,
    ) -> None:
        self.module, self.work, self.into, self.limit = module, work, into, limit
        self.plain = compile(plain, "plain", "exec")
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the first test that failed."""
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant, and say that all is done."""
        items = {item.nodeid: item for item in session.items}
        with os.fdopen(self.into, "w", encoding="utf-8") as pipe:
            for mutant, chosen in self.work:
                found = self._killer(mutant, [items[name] for name in chosen if name in items])
                pipe.write(json.dumps(found) + "\n")
                pipe.flush()
        return True

    def _killer(self, mutant: Mutant, items: Sequence[pytest.Item]) -> str | None:
        place = place_of(self.module, mutant, self.plain)
        if place is None or not items:
            return None
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.write(into, self._attack(place, items).encode())
                os._exit(0)
            finally:
                os._exit(70)
        os.close(into)
        with os.fdopen(out, encoding="utf-8") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        return said if status == 0 else "time or memory ran out"

    def _attack(self, place: tuple[FunctionType, CodeType], items: Sequence[pytest.Item]) -> str:
        function, code = place
        function.__code__ = code
        for item in items:
            signal.setitimer(signal.ITIMER_PROF, self.limit)  # ends this process
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.failed:
                break
        return self.failed


def place_of(module: ModuleType, mutant: Mutant, plain: CodeType) -> tuple[FunctionType, CodeType] | None:
    """Return the function that a mutant changes, and its code; None where it changes no function's code.

    Of a function within another the outer one is changed.
    """
    found: object = module
    code, old = compile(mutant.source, str(module.__file__), "exec"), plain
    for name in mutant.where.partition(" ")[0].split("."):
        if not isinstance(found, ModuleType | type) or name not in vars(found):
            break
        found = vars(found)[name]
        inner = [
            [it for it in part.co_consts if isinstance(it, CodeType) and it.co_name == name]
            for part in (code, old)
        ]
        if [len(it) for it in inner] != [1, 1]:
            return None
        (code,), (old,) = inner
    function = _plain(found)
    same = _parts(code) == _parts(old)  # it changes a default, or a decorator
    return (
        None
        if function is None or same or code.co_freevars != function.__code__.co_freevars
        else (function, code)
    )


def _parts(code: CodeType) -> tuple[object, ...]:
    consts = tuple(_parts(it) if isinstance(it, CodeType) else (type(it), it) for it in code.co_consts)
    return code.co_code, code.co_names, code.co_varnames, consts


def _plain(found: object) -> FunctionType | None:
    """Return the function below a method, a property or a cache."""
    match found:
        case classmethod() | staticmethod():
            found = found.__func__
        case property():
            found = found.fget
        case functools.cached_property():
            found = found.func
    if hasattr(found, "cache_clear"):
        return None
    found = inspect.unwrap(found) if callable(found) else found
    return found if isinstance(found, FunctionType) else None
