"""What ran of each kit, said at the end of a pytest run; less than all of it fails the run.

The library's pytest plugin registers it. It works under pytest-xdist too: each test carries what it belongs
to, and the process that prints counts what comes in. Nothing else of the library is loaded for it.
"""

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bubancheng.testing.contracts.kit import Contract

NAME = "bubancheng-contracts"
_PROPERTY = "bubancheng-contract"
_RAN = {"passed", "failed"}


class Tally:
    """One implementation: its kit, how many checks are due and in it, which ran, which were kept back."""

    def __init__(self, kit: str, due: int, whole: int, lacking: str) -> None:
        self.kit, self.due, self.whole, self.lacking = kit, due, whole, lacking
        self.ran: set[str] = set()
        self.kept_back: set[str] = set()

    def line(self, name: str) -> str:
        """Return a line for people."""
        lacking = f" of {self.whole} (without {self.lacking})" if self.lacking else ""
        kept = f"; not run: {', '.join(sorted(self.kept_back - self.ran))}" if self.is_short else ""
        return f"{self.kit}: {len(self.ran)} of {self.due} checks{lacking}, {name}{kept}"

    @property
    def is_short(self) -> bool:
        """Whether a check was skipped, or expected to fail: a kit leaves nothing out but what is lacking."""
        return bool(self.kept_back - self.ran)


class Summary:
    """Counts the checks of every kit in a run."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Let each check of a kit carry the kit's name, and what of it is due."""
        kit = sys.modules.get("bubancheng.testing.contracts.kit")
        if kit is None:
            return  # nobody has inherited from it
        for item in items:
            cls, name = getattr(item, "cls", None), getattr(item, "originalname", item.name)
            if isinstance(cls, type) and issubclass(cls, kit.Contract) and name in kit.checks(cls):
                item.user_properties.append((_PROPERTY, [name, *_about(cls)]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a check that ran, and note one that did not."""
        for key, value in report.user_properties:
            if key == _PROPERTY:
                self._count(report, *value)  # type: ignore[misc] # a pair as it was put there

    def _count(self, report: pytest.TestReport, name: str, *about: Any) -> None:  # noqa: ANN401 as carried
        place = report.nodeid.rpartition("::")[0]
        tally = self._tallies.setdefault(place, Tally(*about))
        is_excused = report.outcome == "skipped" or hasattr(report, "wasxfail")
        if is_excused:
            tally.kept_back.add(name)
        elif report.when == "call" and report.outcome in _RAN:
            tally.ran.add(name)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run in which a check of a kit was kept from running."""
        if any(it.is_short for it in self._tallies.values()) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:  # noqa: ANN401 of pytest's own inside
        """Print a line for each implementation."""
        if self._tallies:
            terminalreporter.section("contract kits")
        for name, tally in sorted(self._tallies.items()):
            terminalreporter.write_line(tally.line(name), red=tally.is_short)


def _about(cls: "type[Contract]") -> tuple[str, int, int, str]:
    from bubancheng.testing.contracts.kit import checks, kit_of, left_out  # noqa: PLC0415 loaded by now

    kit = kit_of(cls)
    return kit.__name__, len(checks(cls)), len(checks(kit)), "; ".join(left_out(cls))


def register(config: pytest.Config) -> None:
    """Let a run count the checks of kits, once."""
    if not config.pluginmanager.has_plugin(NAME):
        config.pluginmanager.register(Summary(), NAME)
