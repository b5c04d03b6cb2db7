"""The page on a district's own store: followed as it says, its store keeps more than its kit asks."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calling import EXAMPLE, NOW, ROOT, call, json_of
from tests.tutorials import Command, WrittenFile, read_tutorial, run_tutorial

ENGLISH, CHINESE = (ROOT / "docs" / it / "howto" / "own-store.md" for it in ("", "zh"))
MAIN_JOB = ("run", str(EXAMPLE), "--now", NOW, "--json")
SHARING = """
import subprocess, sys
from bubancheng.errors import ConflictError
from bubancheng.store import ChangeSet, StateRow
from bubancheng.testing.contracts.together import at_once
from bubancheng_duckdb import DuckStore

def count(store):
    won = 0
    while won < 10:
        row = store.load("d", "T")
        version = row.version if row else 0
        after = StateRow(district="d", ticket="T", version=version + 1, head="", step="", unit=None, told="",
                         next_change=None, text="")
        try:
            store.commit(ChangeSet(district="d", expected=version, row=after))
            won += 1
        except ConflictError:
            pass
    return won

one, other = (DuckStore("shared.duckdb") for _ in range(2))
print(*at_once(lambda: count(one), lambda: count(other)), one.load("d", "T").version)
program = "from bubancheng_duckdb import DuckStore; DuckStore('shared.duckdb')"
done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
print(done.returncode, done.stderr.splitlines()[-1])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody has who followed the page."""
    folder = tmp_path_factory.mktemp("own")
    run_tutorial(ENGLISH, folder)
    return folder / "bubancheng-duckdb"


def python(folder: Path, *words: str) -> str:
    """Run a Python that has the plugin of the page; return what it prints."""
    path = os.pathsep.join(str(folder / it) for it in ("src", ".installed"))
    environment = os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=400,
    )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def shared(folder: Path) -> list[str]:
    """What is said where two stores of one process share a file, and a second process wants it too."""
    (folder / "sharing.py").write_text(SHARING, encoding="utf-8")
    return python(folder, "sharing.py").splitlines()


def test_the_main_job_says_the_same_on_it_as_in_memory(folder: Path) -> None:
    program = "from bubancheng.cli import main; main()"
    kept = python(folder, "-c", program, *MAIN_JOB, "--store", "duckdb:///main.duckdb")
    assert json_of(call(*MAIN_JOB)) == json.loads(kept)


def test_two_stores_of_one_process_lose_no_version(shared: list[str]) -> None:
    assert "10 10 20" == shared[0]


def test_a_second_process_is_refused(shared: list[str]) -> None:
    assert "1 bubancheng.errors.StoreError: 存储 shared.duckdb 打不开" == shared[1].partition(" (")[0]


def test_both_languages_write_the_same_code_and_give_the_same_commands() -> None:
    english, chinese = (
        [_meant(step) for step in read_tutorial(it.read_text("utf-8"))] for it in (ENGLISH, CHINESE)
    )
    assert english == chinese


def _meant(step: WrittenFile | Command) -> object:
    """Return what a step does: a program without its comments and docstrings."""
    if isinstance(step, Command) or not step.name.endswith(".py"):
        return step
    tree = ast.parse(step.content)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            del node.body[0]
    return step.name, ast.dump(tree)
