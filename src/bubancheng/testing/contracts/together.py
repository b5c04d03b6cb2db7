"""Doing things at once: in threads of this process, and in processes that can be killed."""

import base64
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds after which whatever has not come back is taken to hang; nothing that works comes near it."""

_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.readline()); "
    "from bubancheng.testing.contracts.together import work; work()"
)


class HangingError(AssertionError):
    """Stands for what a thread gave that never came back."""


def at_once(*jobs: Callable[[], object], patience: float = PATIENCE) -> list[object]:
    """Run jobs in threads that start together; return what each gave or raised, in order."""
    outcomes: list[object] = [HangingError(f"did not come back within {patience} s")] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes[place] = job()
        except Exception as error:  # noqa: BLE001 the caller looks at it
            outcomes[place] = error

    threads = [threading.Thread(target=run, args=it, daemon=True) for it in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(patience)
    return list(outcomes)


class Process:
    """Another Python that runs one job; what the job is given goes there pickled, its answer comes as JSON.

    A job calls `ready` when it is, and goes on after `go`.
    """

    def __init__(self, job: Callable[..., object], *given: Any) -> None:  # noqa: ANN401 whatever the job takes
        self._child = subprocess.Popen(  # noqa: S603 our own interpreter
            [sys.executable, "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._tell(json.dumps([*sys.path, *_homes()]))
        self._tell(base64.b64encode(pickle.dumps((job, given))).decode())

    def _tell(self, line: str) -> None:
        if self._child.stdin is not None:
            self._child.stdin.write(f"{line}\n")
            self._child.stdin.flush()

    def hear(self) -> str:
        """Return the next line that it says; blank when it has ended."""
        return "" if self._child.stdout is None else self._child.stdout.readline().strip()

    @staticmethod
    def go(*processes: "Process") -> None:
        """Let processes begin, all at once when all are ready."""
        for it in processes:
            it.hear()
        for it in processes:
            it._tell("go")  # noqa: SLF001 one of us

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._child.kill()
        self._child.communicate()

    def answer(self) -> Any:  # noqa: ANN401 whatever the job returns
        """Wait for its end and return its answer; what it raised is raised as a RuntimeError."""
        try:
            out, err = self._child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            msg = f"a process did not come back within {PATIENCE:.0f} s"
            raise TimeoutError(msg) from None
        if self._child.returncode:
            msg = f"a process ended with status {self._child.returncode}: {err[-2000:]}"
            raise RuntimeError(msg)
        return json.loads(out.splitlines()[-1])

    def wait(self) -> int:
        """Wait for its end, which may be a violent one; return its status."""
        self._child.communicate(timeout=PATIENCE)
        return self._child.returncode


def _homes() -> list[str]:
    """Return the folders of what is imported here that a Python started elsewhere would not find."""
    tops = [module for name, module in list(sys.modules.items()) if "." not in name]
    paths = [
        path for it in tops for path in [*(getattr(it, "__path__", None) or [getattr(it, "__file__", None)])]
    ]
    return sorted({str(Path(path).parent) for path in paths if isinstance(path, str)} - {*sys.path})


def work() -> None:
    """Run one job: what a `Process` does on the other side."""
    job, given = pickle.loads(base64.b64decode(sys.stdin.readline()))  # noqa: S301 written by our parent
    say(json.dumps(job(*given)))


def ready() -> None:
    """Tell the parent that a job is ready, and wait until it lets it go on."""
    say("ready")
    sys.stdin.readline()


def say(line: str) -> None:
    """Say a line to the parent at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
