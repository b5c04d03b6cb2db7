"""Where servers run: temporary folders, ports of loopback, programs without the rights of root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

WORD = "secret"  # the password of whoever connects
PATIENCE = 300  # seconds until what does not come to its end has failed, on a busy machine too


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


class Place:
    """A temporary folder of whoever runs the servers: of nobody where the tests run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bubancheng-"))
        self.who: dict[str, object] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)

    def wheel(self, package: str, part: str = ".") -> Path:
        """Return a folder of an installed wheel, where whoever runs the servers can reach it."""
        spec = find_spec(package)
        assert spec is not None, f"{package} is not installed: uv sync"
        assert spec.origin is not None
        source = Path(spec.origin).parent
        if not self.who:
            return source / part
        for path in (source / part, source.with_name(f"{package}.libs")):
            copy = self.folder / "wheel" / path.relative_to(source.parent)
            if path.exists() and not copy.exists():
                shutil.copytree(path, copy, symlinks=True)
        return self.folder / "wheel" / package / part

    def run(self, *words: str | Path, check: bool = True, env: Mapping[str, str] | None = None) -> str:
        """Run a program to its end; return what it said."""
        done = subprocess.run(  # type: ignore[call-overload] # noqa: S603 our own words
            [str(it) for it in words],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
            **self.who,
        )
        assert not check or done.returncode == 0, f"{words[0]} failed: {done.stdout[-2000:]}"
        return str(done.stdout)

    def start(
        self, log: Path, words: Sequence[str | Path], *, prepare: Callable[[], None] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start a server; its words go into a file."""
        with log.open("ab") as out:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return] # noqa: S603 our own words
                [str(it) for it in words],
                cwd=self.folder,
                env={**os.environ, "HOME": str(self.folder)},
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                preexec_fn=prepare,  # noqa: PLW1509 no thread has been started
                **self.who,
            )

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
