"""Write what plugins rely on to docs/api/hooks.txt; with --check, compare, and demand a changelog fragment.

A commit that changes the text needs, in itself or in a later one, a fragment of the kind hook, deprecation or
breaking. Without git, or in a checkout without history, only the text is compared.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from bubancheng.hooks.describing import described

ROOT = Path(__file__).resolve().parents[1]
DUMP = "docs/api/hooks.txt"
_COMMIT = "commit "
_FRAGMENT = re.compile(r"^[AMR]\d*\t(?:\S+\t)?changelog\.d/\S+\.(hook|deprecation|breaking)\.md$")
_CHANGED = re.compile(rf"^M\t{re.escape(DUMP)}$")


def uncovered(log: str) -> list[str]:
    """Return the commits that change the text with no fragment in or after them.

    `log`: what `git log --name-status --format="commit %h"` prints, the newest commit first.
    """
    found: list[str] = []
    has_fragment = False
    for block in log.split(_COMMIT)[1:]:
        commit, *lines = block.splitlines()
        has_fragment = has_fragment or any(map(_FRAGMENT.match, lines))
        if not has_fragment and any(map(_CHANGED.match, lines)):
            found.append(commit)
    return found


def _git(*arguments: str) -> str | None:
    """Return what git prints; None where there is no git, or no history."""
    program = shutil.which("git")
    if program is None:
        return None
    done = subprocess.run(  # noqa: S603 git itself
        [program, "-C", str(ROOT), *arguments], capture_output=True, check=False, text=True
    )
    return done.stdout if done.returncode == 0 else None


def history() -> str:
    """Return the log since the last release, what is not committed yet on top."""
    tag = (_git("describe", "--tags", "--abbrev=0") or "").strip()
    log = _git("log", "--name-status", f"--format={_COMMIT}%h", *([f"{tag}..HEAD"] if tag else []))
    changes = _git("diff", "--name-status", "HEAD") or ""
    new = _git("ls-files", "--others", "--exclude-standard", "changelog.d") or ""
    here = changes + "".join(f"A\t{name}\n" for name in new.splitlines())
    return f"{_COMMIT}(not committed)\n{here}{log or ''}"


def main(arguments: list[str]) -> int:
    """Write the text, or check it; return the exit status."""
    file = ROOT / DUMP
    if arguments != ["--check"]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(described(), "utf-8")
        return 0
    if file.read_text("utf-8") != described():
        print(f"{DUMP} is not what the code says: run python tools/dump_hooks.py, and add a fragment")
        return 1
    for commit in uncovered(history()):
        print(f"{commit} changes {DUMP} without a fragment: add changelog.d/NAME.hook.md (or .breaking)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
