"""Check that both type checkers find what is wrong with a plugin, and nothing else.

`tests/typing/right.py` must pass; in `wrong.py` every line with a mark `# E:` must fail, and no other. And no
complaint of a type checker is switched off in our sources without a reason behind it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "typing"
Places = set[tuple[str, int]]
_BARE = re.compile(r"# type: ignore(\[[^\]]*\])?\s*(# noqa.*)?$", re.MULTILINE)
_MYPY = re.compile(r"^(?P<file>.+?):(?P<line>\d+): error:", re.MULTILINE)


def marked(files: Iterable[Path]) -> Places:
    """Return the lines that must fail."""
    return {
        (file.name, number)
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if "# E: " in line
    }


def by_mypy(files: Iterable[Path]) -> Places:
    """Return the lines that mypy complains of."""
    output = _run(
        "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--hide-error-context", *map(str, files)
    )
    return {(Path(it["file"]).name, int(it["line"])) for it in _MYPY.finditer(output)}


def by_pyright(files: Iterable[Path]) -> Places:
    """Return the lines that pyright complains of."""
    report = json.loads(_run("basedpyright", "--outputjson", *map(str, files)))
    return {
        (Path(it["file"]).name, it["range"]["start"]["line"] + 1)
        for it in report["generalDiagnostics"]
        if it["severity"] == "error"
    }


def _run(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 our own tools
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if not done.stdout:
        sys.exit(done.stderr)
    return done.stdout


CHECKERS: dict[str, Callable[[Iterable[Path]], Places]] = {"mypy": by_mypy, "pyright": by_pyright}


def main() -> int:
    """Compare what is found with what is marked; return the exit status."""
    files = sorted(FOLDER.glob("*.py"))
    expected, status = marked(files), 0
    for name, check in CHECKERS.items():
        found = check(files)
        for what, places in (("missed", expected - found), ("complained of", found - expected)):
            for file, line in sorted(places):
                print(f"{name} {what} {file}:{line}")
                status = 1
        print(f"{name}: {len(found & expected)} of {len(expected)} marked lines fail")
    for folder in ("src", "plugins", "tools"):
        for source in sorted((ROOT / folder).rglob("*.py")):
            if _BARE.search(source.read_text("utf-8")):
                print(f"{source.relative_to(ROOT)}: a type: ignore without a reason behind it")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
