"""Change the calendar and the arithmetic of limits in one place at a time, and see whether a test notices.

    nice uv run python tools/mutate.py                  # every mutant that has no result yet; may be cut off
    nice uv run python tools/mutate.py sla.light --again  # one module, those that lived once more
    uv run python tools/mutate.py --report              # the figures by module, and every survivor

A mutant meets the tests near to its module that call its function: in place (`tools/swapping.py`), then
anew (`--quick` leaves that out where it could be put in place), then all of `tests/calendar`, `tests/sla` and
`tests/test_batch.py` (`--near` leaves that out). Results are kept in `build/mutants.json`; a changed line
is a new mutant. `tests/mutants.toml` lists the survivors that are no gap, with the proof.
"""

import argparse
import ast
import importlib
import importlib.machinery
import importlib.util
import json
import os
import re
import resource
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FrameType, ModuleType

import attrs
import pytest
from mutants import Mutant, mutants
from swapping import Forks

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "build" / "mutants.json"
LISTED = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text("utf-8"))
NEAR: dict[str, list[str]] = LISTED["near"]
SLOWEST = "calendar/test_laws"
TEST_LIMIT, NEAR_LIMIT, FAR_LIMIT = 4, 25, 240  # seconds of computing for one test, or mutant: against loops
MEMORY = 2 << 30

HEAVY = (
    "numpy hypothesis dateutil.rrule dateutil.relativedelta chinese_calendar cattrs borax lunar_python "
    "tests.oracles.minute_walk zoneinfo _pytest.assertion.rewrite pytest"
)
OPTIONS = "-x -q --tb=no --assert=plain --noconftest -o addopts=--import-mode=importlib"
UNUSED = "cacheprovider unraisableexception threadexception logging faulthandler"  # plugins of pytest
IN_PLACE, NEARLY, LIVES = SURVIVES = ("lives in place", "lives near", "lives")
"""What the results say of one that lives: by its near tests, in place or anew, or by all; else its killer."""


def source_of(module: str) -> Path:
    """Return the path of a module of the library."""
    return ROOT / "src" / "bubancheng" / f"{module.replace('.', '/')}.py"


def mutants_of(module: str) -> list[Mutant]:
    """Return the mutants of a module of the library."""
    source = source_of(module).read_text("utf-8")
    return list(mutants(module, source, numbers_only=module == "calendar.lunar"))


class _Changed(importlib.machinery.SourceFileLoader):
    source = ""

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.source, self.get_filename(fullname), "exec")


class _Finder:
    """Gives the mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.name, self.path = f"bubancheng.{mutant.module}", str(source_of(mutant.module))
        self.loader = _Changed(self.name, self.path)
        self.loader.source = mutant.source

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self.loader)


class _Killer:
    """A pytest plugin that keeps the first test that failed."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.name = self.name or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.name = self.name or f"collecting {report.nodeid}"


class _Chosen:
    """A pytest plugin that runs the tests of a list alone, in its order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.places = {name: place for place, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self.places]
        items[:] = sorted(chosen, key=lambda item: self.places[item.nodeid])


class _Watcher:
    """A pytest plugin that keeps how long each test takes, and which functions of a module it calls."""

    def __init__(self, path: str) -> None:
        self.path, self.test = path, ""
        self.seconds: dict[str, float] = {}
        self.called: dict[str, list[str]] = {}

    def pytest_collection(self) -> None:
        self.test = ""  # what is called now, all tests of a file may need
        sys.settrace(self.watch)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.test = nodeid
        sys.settrace(self.watch)  # again: Python lets go of one that met a RecursionError

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def watch(self, frame: FrameType, _event: str, _value: object) -> None:
        if frame.f_code.co_filename == self.path:
            name = re.sub(r"\.?<\w+>", "", frame.f_code.co_qualname)
            tests = self.called.setdefault(name, [])
            if self.test not in tests[-1:]:
                tests.append(self.test)


@attrs.frozen
class Near:
    """The tests near to a module: how long each takes, and the ones that call each of its functions."""

    seconds: Mapping[str, float]
    called: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, module: str) -> "Near":
        """Run the tests once, with nothing changed."""
        whole = Mutant(module, "", "nothing", "nothing", source_of(module).read_text("utf-8"))
        watcher = _Watcher(str(source_of(module)))
        said = killer_of(whole, NEAR[module], limit=10 * NEAR_LIMIT, watcher=watcher)
        if not said.startswith("{"):
            msg = f"{module} unchanged fails {said}: mend that first"
            raise SystemExit(msg)
        return cls(**json.loads(said))

    def to(self, mutant: Mutant, usual: Sequence[str]) -> list[str]:
        """Return the tests that may kill a mutant: its like's usual killers first, then the quickest."""
        tests = self.called.get(mutant.where.partition(" ")[0], [""])
        places = {test: place for place, test in enumerate(usual)}
        chosen = self.seconds if "" in tests else {*tests}
        return sorted(chosen, key=lambda it: (places.get(it, len(places)), self.seconds[it]))


def killer_of(
    mutant: Mutant,
    files: Sequence[str],
    chosen: Sequence[str] = (),
    *,
    limit: int,
    watcher: _Watcher | None = None,
) -> str:
    """Return the test that kills a mutant, from a process of its own; "" for a survivor.

    The tests are those of files, or the chosen ones; a watcher says in JSON what it saw of them.
    """
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            said = _attack(mutant, files, chosen, watcher)
            with os.fdopen(into, "w", encoding="utf-8") as pipe:
                pipe.write(said)
            os._exit(0)
        finally:
            os._exit(70)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return said if status == 0 else "time or memory ran out"


def killers_in_place(
    module: str, work: Sequence[tuple[Mutant, Sequence[str]]], whole: str
) -> Iterator[str | None]:
    """Yield the killer of each mutant as `Forks` finds it."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(out)
            _silence()
            live = importlib.import_module(f"bubancheng.{module}")
            forks = Forks(live, whole, work, into, TEST_LIMIT)
            files = sorted({name.partition("::")[0] for _, chosen in work for name in chosen})
            pytest.main([*_options(), *(str(ROOT / file) for file in files)], plugins=[forks])
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out, encoding="utf-8") as pipe:
        yield from map(json.loads, pipe)
    os.waitpid(child, 0)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _options() -> list[str]:
    return [*OPTIONS.split(), f"--rootdir={ROOT}", *(f"-pno:{name}" for name in UNUSED.split())]


def _attack(mutant: Mutant, files: Sequence[str], chosen: Sequence[str], watcher: _Watcher | None) -> str:
    _silence()
    sys.meta_path.insert(0, _Finder(mutant))
    options = _options()
    killer = _Killer()
    plugins: list[object] = [killer, *([watcher] if watcher else ()), *([_Chosen(chosen)] if chosen else ())]
    if chosen:
        wanted = {name.partition("::")[0] for name in chosen}
        calls = [[str(ROOT / file) for file in sorted(wanted)]]
    else:
        parts = [file.partition(" ") for file in files]
        calls = [["-k", only, str(ROOT / "tests" / f"{name}.py")] for name, _, only in parts]
    for arguments in calls:
        ended = pytest.main([*options, *arguments], plugins=plugins)
        if ended != pytest.ExitCode.OK:
            return killer.name or f"{arguments[-1]}: {ended!r}"
    return json.dumps({"seconds": watcher.seconds, "called": watcher.called}) if watcher else ""


def load_heavy_modules() -> None:
    """Import once what every test needs and no mutant changes."""
    sys.path.insert(0, str(ROOT))
    for name in HEAVY.split():
        importlib.import_module(name)
    hypothesis = importlib.import_module("hypothesis")
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", database=None, derandomize=True, phases=phases)
    hypothesis.settings.load_profile("mutants")


def far(module: str) -> list[str]:
    """Return all tests, those near to a module first and the slowest last.

    The near ones too: what a function made for one test may be kept for the next (`china()`, `kept`).
    """
    tests = ROOT / "tests"
    files = sorted(path for layer in ("calendar", "sla") for path in (tests / layer).glob("test_*.py"))
    names = [str(path.relative_to(tests).with_suffix("")) for path in files]
    near = [name.partition(" ")[0] for name in NEAR[module]]
    return [*near, *(name for name in names if name not in {*near, SLOWEST}), "test_batch", SLOWEST]


def run(modules: Sequence[str], results: dict[str, str], *, again: bool, depth: int) -> None:
    """Try every mutant that has no result yet, or that lived so far: in place, anew, and with all tests."""
    load_heavy_modules()
    listed = proofs()

    def keep(mutant: Mutant, result: str) -> None:
        results[mutant.key] = result
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=0), "utf-8")

    for module in modules:
        if module.startswith("sla."):
            importlib.import_module("tests.support").china()  # the calendar is not changed any more
        every = mutants_of(module)
        tests = Near.of(module)
        tried = [results.get(it.key, "") for it in every]
        usual = [it for it, _ in Counter(it for it in tried if "::" in it).most_common(40)]
        left = [
            it
            for it, result in zip(every, tried, strict=True)
            if not result or (again and result in SURVIVES and it.key not in listed)
        ]
        work = [(it, tests.to(it, usual)) for it in left]
        plain = ast.unparse(ast.parse(source_of(module).read_text("utf-8")))
        for (mutant, _), found in zip(work, killers_in_place(module, work, plain), strict=False):
            if found is not None:
                keep(mutant, found or IN_PLACE)
        for mutant, chosen in work:
            result = results.get(mutant.key, "")
            if not result or (result == IN_PLACE and depth):
                keep(mutant, killer_of(mutant, [], chosen, limit=NEAR_LIMIT) or NEARLY)
        for mutant in every if depth > 1 else ():
            if results[mutant.key] == NEARLY and mutant.key not in listed:
                keep(mutant, killer_of(mutant, far(module), limit=FAR_LIMIT) or LIVES)
        report([module], results, listed, survivors=False)


def proofs() -> dict[str, str]:
    """Return the proof of each mutant that is listed as equivalent, by its key."""
    key = "{module} | {where} | {before} | {after}"
    return {key.format_map(row): row["proof"] for row in LISTED["equivalent"]}


def report(
    modules: Sequence[str], results: dict[str, str], listed: dict[str, str], *, survivors: bool
) -> int:
    """Print the figures of modules, and how many mutants live without a proof."""
    left = 0
    for module in modules:
        keys = [mutant.key for mutant in mutants_of(module)]
        lives = [key for key in keys if results.get(key) in SURVIVES]
        open_ = [key for key in lives if key not in listed]
        tried = sum(key in results for key in keys)
        print(
            f"{module:20} {len(keys):5} mutants {tried - len(lives):5} killed"
            f" {len(lives) - len(open_):4} equivalent {len(open_):4} alive {len(keys) - tried:5} not tried",
            flush=True,
        )
        left += len(open_)
        for key in open_ if survivors else ():
            print("   ", key)
        for key in listed if survivors else ():
            if key.startswith(f"{module} |") and key not in lives:
                print("    listed as equivalent, but killed or gone:", key)
                left += 1
    return left


def main() -> int:
    """Run or report; 1 where a mutant lives that is not listed."""
    parser = argparse.ArgumentParser(
        description="Mutation testing of bubancheng.calendar and bubancheng.sla."
    )
    parser.add_argument("module", nargs="*", help="such as calendar.hours; all where none is named")
    parser.add_argument("--again", action="store_true", help="try those that lived once more")
    parser.add_argument("--near", action="store_true", help="only the tests near to the module")
    parser.add_argument(
        "--quick", action="store_true", help="only these, and only in place where that can be"
    )
    parser.add_argument("--report", action="store_true", help="run nothing")
    given = parser.parse_args()
    modules = given.module or list(NEAR)
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    if not given.report:
        run(modules, results, again=given.again, depth=0 if given.quick else 1 if given.near else 2)
    return bool(report(modules, results, proofs(), survivors=True))


if __name__ == "__main__":
    sys.exit(main())
