"""Debian's Chromium for tests: fixtures `browser`, `site` and `new_page`, and what every page must keep."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from coppice.ui import fonts

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 45_000
"""Milliseconds that a browser is waited for: only a test that fails ever takes so long, on any machine."""

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

NewPage = Callable[..., Page]


class PatientServer(ThreadedWSGIServer):
    """Waits for its last requests when it closes, so that none outlives the database of its test."""

    daemon_threads = False


class Server(LiveServerThread):
    server_class = PatientServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    if not CHROMIUM.exists():
        say_no_chromium()
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


def say_no_chromium() -> None:
    """Skip on somebody's own machine; fail where nobody would notice that the browser was never asked."""
    words = "Chromium is not installed: ./run setup installs it"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(words)
    pytest.skip(words)


@contextmanager
def serving() -> Iterator[str]:
    """Serve Coppice on a free port with its own static files; give its address without a closing slash."""
    fonts.build()
    # The static handler of Django's own live server would answer before our middleware does.
    thread = Server("127.0.0.1", static_handler=lambda handler: handler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The address of Coppice, served for one test."""
    with serving() as address:
        yield address


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[NewPage]:
    """Return a function that opens a page on the site in a fresh context of its own.

    `new_page("/path/", width=320, scheme="dark", javascript=False)`; other keywords go to Playwright's
    `new_context`. A page that logged an error or threw fails the test, unless `troubles=False`.
    """
    opened = []
    seen: list[str] = []

    def open_page(
        path: str = "/",
        *,
        width: int = 1360,
        height: int = 860,
        scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        troubles: bool = True,
        **options,
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            **options,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if troubles:
            page.on("console", lambda message: seen.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: seen.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert seen == []


def go_by(way: Locator) -> None:
    """Press what leads to another page, and wait until that one is there.

    Where the next thing that a test does would otherwise meet the page before, or call the form back.
    """
    with way.page.expect_navigation():
        way.click()


def violations(page: Page, only: Iterable[str] = ()) -> list[str]:
    """Return every rule of axe that the page breaks, and where; `only` names rules, else all of WCAG."""
    page.wait_for_load_state()  # a page that a click has asked for may be there in part only
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    wanted = {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": WCAG}
    found = page.evaluate(
        """async (wanted) => (await axe.run({runOnly: wanted, resultTypes: ["violations"], iframes: false}))
             .violations.map(({id, help, nodes}) => [id, help,
               nodes.map((node) => `${node.html} ${node.any.map((each) => each.message).join(" ")}`)])""",
        wanted,
    )
    return [f"{rule}: {words}\n    " + "\n    ".join(nodes) for rule, words, nodes in found]


def assert_accessible(page: Page) -> None:
    """Fail with every rule of axe that the page breaks, and where."""
    broken = violations(page)
    assert broken == [], "\n".join(broken)


def sticking_out(page: Page) -> list[str]:
    """Return what makes the page wider than its window; nothing when it fits."""
    page.wait_for_load_state()
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        ["wider than its window"].concat([...document.querySelectorAll("body *")]
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
                         || each.getBoundingClientRect().left < -1)
          .map((each) => each.outerHTML.slice(0, 120)))"""
    )


def assert_fits(page: Page) -> None:
    """Fail when the page is wider than its window, naming what sticks out."""
    assert sticking_out(page) == []
