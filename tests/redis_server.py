"""A Redis of a test's own, on a free port of the loopback."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds until a test gives up; how long it takes is not what it asks


class RedisServer:
    """A Redis of this test's own, which can be stopped and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server((HOST, 0)) as listener:
            self.port = int(listener.getsockname()[1])
        self.url = f"redis://{HOST}:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            HOST,
            "--save",
            "",
            "--dir",
            self.folder,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self._answers)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        with closing(socket.socket()) as line:
            return line.connect_ex((HOST, self.port)) == 0


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    redis = RedisServer(tmp_path)
    redis.start()
    yield redis
    redis.stop()


def until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)
