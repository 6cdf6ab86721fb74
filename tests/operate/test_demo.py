"""The demo as people start it: its doors have a name, its mails lead back to it, passkeys work in it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bench.installation import ROOT
from tests.browser import PATIENCE

pytestmark = pytest.mark.browser
PASSKEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Start the demo, with no setting but a home of its own; return the lines that it printed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    home: Path = tmp_path_factory.mktemp("demo")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COPPICE_")}
    environment |= {"COPPICE_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "coppice", "demo", "--port", str(port)]
    demo = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    lines = []
    for line in demo.stdout:
        lines.append(line.strip())
        if line.startswith("Coppice is at"):
            break
    yield lines
    demo.terminate()
    demo.wait(timeout=60)


@pytest.fixture
def base(said: list[str]) -> str:
    return said[-1].removeprefix("Coppice is at ").rstrip("/")


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def with_passkeys(page: Page) -> None:
    """Give the browser something that keeps passkeys, as a phone is."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS})


def test_every_door_has_a_name(said: list[str], base: str) -> None:
    assert re.fullmatch(r"http://localhost:\d+", base)
    assert {line.split("/demo/")[0] for line in said if "/demo/" in line} == {base}


def test_a_passkey_made_in_the_demo_signs_in_alone(page: Page, said: list[str], base: str) -> None:
    door = next(line.split()[0] for line in said if "/leader/" in line)
    with_passkeys(page)
    page.goto(door)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{base}/")
    page.goto("/me/security/passkeys/new/")
    page.get_by_label("What you call it").fill("My phone")
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/me/security/recovery-codes/")
    page.goto("/sign-out/")
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

    page.goto("/me/")
    assert page.get_by_label("Name").input_value() == "Tom Whitehorse"


def test_links_in_the_demos_mail_lead_back_to_it(page: Page, base: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Email").fill("maria@demo.example")
    page.get_by_role("button", name="Mail me a link").click()
    page.get_by_role("link", name="Open the outbox").click()
    page.get_by_role("link", name="Your sign-in link").first.click()
    link = page.frame_locator("iframe").get_by_role("link", name="Sign in")

    assert link.get_attribute("href").startswith(f"{base}/sign-in/")
    link.click()
    page.get_by_role("button", name="Sign in as Maria").click()
    page.wait_for_url(f"{base}/")
