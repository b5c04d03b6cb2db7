"""Calling the command line: as a function, and as a program of its own."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bubancheng.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "chongming-ledger.csv"
NOW = "2024-03-29T15:00"
PROGRAM = [sys.executable, "-c", "from bubancheng.cli import main; main(prog_name='bubancheng')"]


def call(*words: str) -> Result:
    """Call the command line in this process; an error that is no sentence is raised."""
    result = CliRunner().invoke(main, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def program(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Call the command line as a program."""
    return subprocess.run(  # noqa: S603 our own program
        [*PROGRAM, *words],
        capture_output=True,
        check=False,
        cwd=folder,
        env=os.environ | environment,
    )


def on_console(encoding: str, *words: str) -> tuple[int, str, str]:
    """Call the command line on a console of an encoding; return the status and what both streams show."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
    status: object = 0
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            main.main(list(words), prog_name="bubancheng")
        except SystemExit as end:
            status = end.code
    shown = []
    for stream in streams:
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        shown.append(stream.buffer.getvalue().decode(encoding, "replace"))
    assert isinstance(status, int)
    return status, shown[0], shown[1]


def json_of(result: Result) -> Any:
    """Return what stdout holds; it must be JSON and nothing else."""
    return json.loads(result.stdout)


def write(folder: Path, *lines: str, name: str = "台账.csv") -> str:
    """Write a ledger of these lines; return its path."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)
