"""A Coppice of its own: a temporary home, and the real server on a free port of the loopback."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
LONGEST_START = 180.0


class Installation:
    """One home and the server that runs in it, which may be killed and started again."""

    def __init__(self, home: Path, *, settings: str = "coppice.settings") -> None:
        self.home = home
        self.port = _free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.server: subprocess.Popen[bytes] | None = None
        others = {name: value for name, value in os.environ.items() if not name.startswith("COPPICE_")}
        others.pop("PYTHONDONTWRITEBYTECODE", None)  # installations keep their compiled modules, so do we
        self.environment = {
            **others,
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "COPPICE_HOME": str(home),
            "COPPICE_BASE_URL": self.address,
        }

    def coppice(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one `coppice` command in this home and return what it said."""
        return self.python("-m", "coppice", *arguments)

    def python(
        self, *arguments: str, given: str = "", patience: float = 600
    ) -> subprocess.CompletedProcess[str]:
        """Run Python in this home, for `patience` seconds at most; `given` is what it reads."""
        return subprocess.run(
            [sys.executable, *arguments],
            input=given,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=patience,
        )

    def migrate(self) -> None:
        """Make the tables."""
        done = self.coppice("migrate", "-v0")
        if done.returncode:
            raise RuntimeError(done.stderr)

    def start(self) -> float:
        """Start the server and return the seconds until it answered."""
        started = time.monotonic()
        log = (self.home / "server.log").open("ab")
        command = [sys.executable, "-m", "coppice", "serve", "--host", HOST, "--port", str(self.port)]
        self.server = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        log.close()
        while not self._is_ready():
            if self.server.poll() is not None or time.monotonic() - started > LONGEST_START:
                self.kill()
                raise RuntimeError((self.home / "server.log").read_text()[-2000:])
            time.sleep(0.02)
        return time.monotonic() - started

    def kill(self) -> None:
        """Kill the server as a power cut would."""
        if self.server is not None:
            self.server.kill()
            self.server.wait()

    def stop(self, *, patience: float = 10) -> tuple[float, int]:
        """Ask the server to stop; return the seconds that it took and its exit code."""
        assert self.server is not None
        started = time.monotonic()
        self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(timeout=patience)
        return time.monotonic() - started, code

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/health/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def installation(*, settings: str = "coppice.settings", tables: Path | None = None) -> Iterator[Installation]:
    """Give an installation with empty tables, and take it away afterwards.

    `tables` is a database that has them already: making them takes ten seconds of the processor.
    """
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
        place = Installation(Path(folder), settings=settings)
        if tables is None:
            place.migrate()
        else:
            shutil.copyfile(tables, place.home / "coppice.sqlite3")
            (place.home / "coppice.sqlite3").chmod(0o600)
        try:
            yield place
        finally:
            place.kill()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])
