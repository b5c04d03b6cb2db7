"""The README says what the commands print, in both languages."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bubancheng.cli import main

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
INSTALL = "pip install uv && uv run "


def blocks(name: str) -> list[str]:
    """Return the fenced blocks of a page, in order, without their fences."""
    return re.findall(r"^```\w*\n(.*?)^```$", (ROOT / name).read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", READMES)
def test_the_first_command_prints_the_board_that_stands_below_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = blocks(name)
    place = next(number for number, block in enumerate(found) if "bubancheng run" in block)
    command = found[place].strip()
    assert command.startswith(INSTALL)
    assert "\n" not in command
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(command.removeprefix(INSTALL))
    result = CliRunner().invoke(main, arguments)
    assert ("bubancheng", 0) == (program, result.exit_code)
    assert found[place + 1].rstrip("\n") == "\n".join(
        line.rstrip() for line in result.output.rstrip("\n").split("\n")
    )


@pytest.mark.parametrize("name", READMES)
def test_the_board_shows_all_three_lights_of_open_tickets(name: str) -> None:
    board = next(block for block in blocks(name) if "办结期限" in block)
    rows = [line for line in board.splitlines() if "已办结" not in line and not line.startswith("共")]
    assert all(any(light in row for row in rows) for light in ("●绿", "●黄", "●红"))


@pytest.mark.parametrize("name", READMES)
def test_the_second_command_runs_the_tests(name: str) -> None:
    assert "uv run pytest\n" in blocks(name)


@pytest.mark.parametrize("name", READMES)
def test_every_page_that_is_linked_exists(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text("utf-8"))
    assert links
    assert [] == [link for link in links if not (ROOT / link).exists()]
