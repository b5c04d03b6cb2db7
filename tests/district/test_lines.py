"""Where a key stands in its file."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.district.lines import key_lines, line_of
from tests.acting import PROFILE

TEXT = '''[district]
name = "x"
note = """
name = "not a key"
"""
hours = { mon = "09:00-17:00" }

[[rule]]
version = "1"
[[rule.target]]
name = "a"
[[rule.target]]
name = "b"
limits = { simple = "当日" }
[rule.counting]
pause = "exact"

[[rule]]
version = "2"   # the second
"引号" = 1
[[rule.target]]
name = "c"
'''

PLACES = {
    "district": 1,
    "district.name": 2,
    "district.note": 3,
    "district.hours": 6,
    "rule[1]": 8,
    "rule[1].target[2].name": 13,
    "rule[1].target[2].limits": 14,
    "rule[1].counting.pause": 16,
    "rule[2].version": 19,
    "rule[2].引号": 20,
    "rule[2].target[1].name": 22,
}


@pytest.mark.parametrize(("path", "line"), PLACES.items())
def test_a_key_is_found_on_its_line(path: str, line: int) -> None:
    assert line == key_lines(TEXT).get(path)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("district.hours.mon", 6),  # inside one line
        ("rule[1].target[2].limits.simple", 14),
        ("rule[1].target[2].starts", 12),  # missing: the table it is missing from
        ("rule[3].name", None),
        ("nothing", None),
        ("", None),
    ],
)
def test_what_has_no_line_of_its_own_is_looked_for_around(path: str, line: int | None) -> None:
    assert line == line_of(key_lines(TEXT), path)


def test_every_table_of_a_real_profile_is_found() -> None:
    text = PROFILE.read_text("utf-8")
    lines, data = key_lines(text), tomllib.loads(text)
    for name, tables in data.items():
        for number, _ in enumerate(tables if isinstance(tables, list) else [], start=1):
            assert (
                f"[[{name}]]" == text.splitlines()[lines[f"{name}[{number}]"] - 1].partition("#")[0].strip()
            )


@given(st.text())
def test_any_text_is_looked_through(text: str) -> None:
    assert all(line > 0 for line in key_lines(text).values())
