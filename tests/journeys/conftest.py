"""The demo as anybody starts it, server, jobs, outbox and all, for journeys through it in a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from coppice.accounts.models import Person
from tests.browser import PATIENCE, go_by
from tests.everyone.looking import window
from tests.tables import without_coverage

REPOSITORY = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 600


class Demo:
    """The demo in a process of its own, and Django's shell beside it for moving the clock."""

    def __init__(self, home: Path, tables: Path) -> None:
        shutil.copyfile(tables, home / "coppice.sqlite3")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **without_coverage(dict(os.environ)),
            "NUMBA_DISABLE_JIT": "0",  # the loops that people run; only coverage wants the plain ones
            "PYTHONPATH": str(REPOSITORY / "src"),
            "COPPICE_HOME": str(home),
            "COPPICE_DEMO": "yes",
            "COPPICE_BASE_URL": self.address,
        }
        subprocess.run(
            [sys.executable, "-m", "engines.grouping", "prepare"], env=self.environment, check=True
        )
        self.said = home / "said"  # a pipe that nobody reads would fill up, and hold the demo up
        self.process = self._start("demo", "--port", str(self.port))

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.said.open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "coppice", *arguments],
                env=self.environment,
                cwd=REPOSITORY,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.address}/health/", timeout=2)
                return
            except OSError:
                assert self.process.poll() is None, self.said.read_text()
                time.sleep(0.5)
        raise AssertionError(f"the demo did not start within {STARTS_WITHIN} seconds")

    def shell(self, code: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "coppice", "manage", "shell", "--no-imports", "-c", code],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"), tables)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


@pytest.fixture
def enter(demo: Demo, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Give a page of a browser of its own, entered by a door of the demo ("" without an account)."""
    contexts: list[BrowserContext] = []

    def enter_as(key: str, *, width: int = 1360) -> Page:
        context = browser.new_context(base_url=demo.address, viewport={"width": width, "height": 900})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if key:
            page.goto(f"/demo/sign-in/{key}/")
            go_by(page.get_by_role("button", name="Sign in as"))
        return page

    yield enter_as
    for context in contexts:
        context.close()


@pytest.fixture
def look(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page for somebody who is signed in, in a window of their own."""
    with ExitStack() as stack:

        def open_page(person: Person, path: str, *, width: int = 1360) -> Page:
            page = stack.enter_context(window(browser, site, person)).page
            page.set_viewport_size({"width": width, "height": 860})
            page.goto(path)
            return page

        yield open_page
