"""The pytest plugin: collects `*.sla.csv` case tables, offers the fixtures, says what ran of contract kits.

None of them is loaded before it must be. Switch it off with `-p no:bubancheng`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubancheng.testing.contracts import summary
from bubancheng.testing.fixtures import (
    DISTRICT_OPTION,
    MARK,
    sla_calendar,
    sla_clock,
    sla_desk,
    sla_district,
)

if TYPE_CHECKING:
    from bubancheng.testing.collecting import CaseFile

__all__ = ["sla_calendar", "sla_clock", "sla_desk", "sla_district"]

_SUFFIX = ".sla.csv"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the district of the fixtures."""
    parser.addini(DISTRICT_OPTION, "the district of sla_desk and sla_district: a name, or a .toml profile")


def pytest_configure(config: pytest.Config) -> None:
    """Say what the mark means, and let the checks of contract kits be counted."""
    summary.register(config)
    config.addinivalue_line(
        "markers",
        f"{MARK}(district=..., now=..., hours=...): what the sla_ fixtures of this test are made of",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """Collect a case table."""
    if not file_path.name.lower().endswith(_SUFFIX):
        return None
    from bubancheng.testing.collecting import CaseFile  # noqa: PLC0415 only where there is a table

    return CaseFile.from_parent(parent, path=file_path)
