"""Runs a tutorial page as a reader would: from an empty folder, file by file, command by command.

A page is Markdown, and each of its fenced blocks is one of three:

- **a file**: its first line is `# file: NAME` (which is written too, where `#` begins a comment), or the last
  line of text before the block is nothing but the name, "`NAME`:" ("`NAME`：" in Chinese). Naming a file again
  replaces it. Names are relative and stay below the folder.
- **commands**: a block of the language `console`. A line `$ COMMAND` is run; the lines up to the next one are
  pieces of its output (both streams), which must come in this order, each within one line of it; `...` within
  a line stands for anything, and a line of `...` says that something is left out. A comment that ends in a
  number, `$ pytest  # exit status 1`, is the exit status it must have; without one it must be 0.
- **shown only**: a block of the language `text`.

Any other block is a mistake of the page. `cd` lasts. What installs (`pip install`, `uv add`, `python -m venv`,
activating) is not run: the distributions it names must be installed already, extras too. Commands find this
interpreter's programs first; nothing of the environment that concerns pytest is handed on. A folder of the
reader's own (`pip install -e .`) is put on the path with its metadata, as an editable installation would be.
"""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

import attrs
from packaging.requirements import Requirement

_FENCE = re.compile(r"^```(?P<language>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE_LINE = re.compile(r"# file: (\S+)\n")
_CAPTION = re.compile(r"`([^`\s]+)`[:：]")
_STATUS = re.compile(r"\s#\s.*?(\d+)$")
_INSTALLS = re.compile(r"(?:python -m )?(?:uv )?pip install |uv add ")
_SETS_UP = re.compile(r"python -m venv |uv venv|uv init|source |\. ")
_LONGEST = 400  # seconds a command, on a machine that others keep busy


@attrs.frozen(kw_only=True)
class WrittenFile:
    """A file that the page shows."""

    name: str
    content: str


@attrs.frozen(kw_only=True)
class Command:
    """A command of the page, the pieces of its output, its exit status."""

    line: str
    pieces: tuple[str, ...] = ()
    status: int = 0


Step = WrittenFile | Command


def read_tutorial(text: str) -> list[Step]:
    """Return the steps of a page, in order; `AssertionError` for a block of no known form."""
    steps: list[Step] = []
    for block in _FENCE.finditer(text):
        language, body = block["language"].strip(), block["body"]
        before = text[: block.start()].rstrip("\n").rpartition("\n")[2]
        caption, first = _CAPTION.fullmatch(before), _FILE_LINE.match(body)
        if language == "console":
            steps += _commands(body)
        elif caption or first:
            name = (caption or first or {1: ""})[1]
            assert not Path(name).is_absolute(), f"{name}: a file of a tutorial lies in its folder"
            assert ".." not in Path(name).parts, f"{name}: a file of a tutorial lies in its folder"
            steps.append(WrittenFile(name=name, content=body))
        else:
            assert language == "text", f"a block is a file, console or text, not {language!r}: {body[:60]!r}"
    assert any(isinstance(step, Command) for step in steps), "a tutorial runs at least one command"
    return steps


def _commands(body: str) -> Iterator[Command]:
    head, *rest = re.split(r"^\$ ", body, flags=re.MULTILINE)
    assert not head.strip(), f"a console block begins with a command: {head[:60]!r}"
    for part in rest:
        line, *output = part.splitlines()
        status = _STATUS.search(line)
        pieces = tuple(it.strip() for it in output if it.strip() not in {"", "..."})
        yield Command(
            line=line[: status.start()].rstrip() if status else line.rstrip(),
            pieces=pieces,
            status=int(status[1]) if status else 0,
        )


def run_tutorial(page: Path, folder: Path) -> list[Step]:
    """Follow a page in an empty folder; return its steps. `AssertionError` where it does not go as it says."""
    steps, place = read_tutorial(page.read_text("utf-8")), folder
    paths: list[str] = []
    for step in steps:
        if isinstance(step, WrittenFile):
            path = place / step.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.content, "utf-8")
        elif step.line.startswith("cd "):
            place = (place / step.line.removeprefix("cd ")).resolve(strict=True)
            assert place.is_relative_to(folder.resolve()), f"{step.line}: leads out of the tutorial's folder"
        elif _INSTALLS.match(step.line):
            paths += _installed_here(place) if step.line.endswith(" -e .") else _check_installed(step.line)
        elif not _SETS_UP.match(step.line):
            _run(step, place, paths)
    return steps


def _installed_here(folder: Path) -> list[str]:
    """Return what must be on the path for the distribution of a folder to be there, metadata too."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    name = project["name"].replace("-", "_")
    info = folder / ".installed" / f"{name}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    words = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(words, "utf-8")
    points = "".join(
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in names.items())
        for group, names in project.get("entry-points", {}).items()
    )
    (info / "entry_points.txt").write_text(points, "utf-8")
    return [str(folder / "src"), str(info.parent)]


def _run(command: Command, folder: Path, paths: list[str]) -> None:
    result = subprocess.run(  # noqa: S602 the page shows what a reader types into a shell
        command.line,
        shell=True,
        cwd=folder,
        env=_environment() | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_LONGEST,
        check=False,
        encoding="utf-8",
    )
    said = f"$ {command.line}\n{result.stdout}"
    assert command.status == result.returncode, said
    lines = iter(result.stdout.splitlines())
    for piece in command.pieces:
        form = re.compile(".*".join(map(re.escape, piece.split("..."))))
        assert any(form.search(line) for line in lines), f"not said, or not in this place: {piece}\n{said}"


def _environment() -> dict[str, str]:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return {**kept, "PATH": programs, "PYTHONUTF8": "1", "COLUMNS": "120"}


def _check_installed(line: str) -> list[str]:
    """Demand that all that a command would install is there, extras too; nothing new is on the path."""
    named = [it for it in shlex.split(_INSTALLS.sub("", line, count=1)) if not it.startswith("-")]
    for requirement in map(Requirement, named):
        version(requirement.name)
        for extra in requirement.extras:
            for needed in map(Requirement, requires(requirement.name) or ()):
                if needed.marker is not None and needed.marker.evaluate({"extra": extra}):
                    version(needed.name)
    return []
