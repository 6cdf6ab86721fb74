"""Takes the pictures of the guides anew from the demo, in a home of its own: `./run docs`."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent / "pictures"
CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WIDE = (1360, 860)
PHONE = (360, 740)
LOW = 600
LARGEST = 200 * 1024
PATIENCE = 90
ADDRESS = re.compile(r"Coppice is at (\S+)/$")
ROSTER = """Name,E-mail,Organization,Area,Years in the field
Ana Torres,ana.torres@example.org,Bright Start,North,4
Ben Okafor,ben.okafor@example.org,Bright Start,North,11
Chloé Martin,chloe.martin@example.org,Valley Family Center,South,2
Dana Whitefeather,,Valley Family Center,South,7
Ana Torres,ana.torres@example.org,Riverside Clinic,North,4
"""


def main() -> int:
    """Take every picture; return 1 when one is too heavy for the guides."""
    FOLDER.mkdir(exist_ok=True)
    with running_demo() as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        pictures_of_staff(chromium, site)
        pictures_of_mail(chromium, site)
        pictures_of_leader(chromium, site)
        chromium.close()
    heavy = [picture.name for picture in FOLDER.glob("*.png") if picture.stat().st_size > LARGEST]
    if heavy:
        print(f"Larger than 200 kB: {', '.join(heavy)}", file=sys.stderr)
    return 1 if heavy else 0


@contextmanager
def running_demo() -> Iterator[str]:
    """Run the demo on a free port in a home that is thrown away, and yield its address."""
    with tempfile.TemporaryDirectory(prefix="coppice-pictures-") as home:
        command = [sys.executable, "-m", "coppice", "demo", "--port", str(free_port())]
        settings = {**os.environ, "COPPICE_HOME": home}
        server = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            yield address_told_by(server)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def address_told_by(server: "subprocess.Popen[str]") -> str:
    for line in server.stdout or []:
        if told := ADDRESS.search(line.strip()):
            return told[1]
    raise SystemExit("The demo ended before it told its address; it says why above.")


def pictures_of_staff(chromium: Browser, site: str) -> None:
    context = signed_in(chromium, site, "manager", size=WIDE)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Healthy Start TTA 2026").first.click()
    keep(page, "board")
    program = page.url.rstrip("/").rsplit("/", 1)[-1]

    page.goto(f"/programs/{program}/roster-imports/")
    page.set_input_files(
        "input[type=file]",
        {"name": "spring-roster.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()},
    )
    page.locator("main .button-main").click()
    keep(page, "import-columns")
    page.locator("main .button-main").click()
    keep(page, "import-preview")

    page.goto("/")
    page.get_by_role("link", name="Safe Routes 2027").first.click()
    page.goto(f"/programs/{re.search(r'/programs/([0-9]+)/', page.url)[1]}/formations/")  # type: ignore[index]
    page.locator("#id_minimum").fill("5")
    page.locator("#id_maximum").fill("7")
    page.locator("main .button-main").click()
    page.wait_for_url(re.compile(r"/formations/[0-9]+/$"))
    formation = page.url
    wait_until_worked_out(page, formation)
    page.locator('main a[href*="/places/"]').first.click()
    page.get_by_role("heading", name="Why").first.wait_for()
    page.set_viewport_size({"width": WIDE[0], "height": LOW})
    keep(page, "formation-studio")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    pictures_of_rules(page, formation)
    context.close()


def pictures_of_rules(page: Page, formation: str) -> None:
    """Rules that are checked, two proposals compared, and rules that cannot all hold."""
    page.goto(f"{formation}settings/")
    row = page.locator('select[name^="kind_"]').filter(has=page.locator('option[value=""]:checked')).first
    number = (row.get_attribute("name") or "").removeprefix("kind_")
    row.select_option("apart")
    page.locator(f"#id_field_{number}").select_option("organization")
    page.get_by_role("button", name="Check the rules").click()
    page.get_by_role("heading", name="We found no clash so far").wait_for()
    page.locator("#id_kind_0").evaluate("each => each.scrollIntoView({block: 'center'})")
    keep(page, "rules-check")
    page.get_by_role("button", name="Save and work it out anew").click()
    wait_until_worked_out(page, formation)
    page.goto(f"{formation}proposals/")
    page.locator('main a[href*="/comparison/?first"]').first.click()
    keep(page, "proposals-compared")

    page.goto(f"{formation}settings/")
    page.locator("#id_minimum").fill("40")
    page.locator("#id_maximum").fill("42")
    page.get_by_role("button", name="Save and work it out anew").click()
    wait_until_worked_out(page, formation)
    keep(page, "rules-clash")


def wait_until_worked_out(page: Page, formation: str) -> None:
    """Look at a round until its page no longer says that it is being worked out."""
    for _ in range(PATIENCE):
        page.goto(formation)
        if not page.locator("main .progress").count():
            return
        page.wait_for_timeout(1_000)
    raise SystemExit("A round was not worked out in time.")


def pictures_of_mail(chromium: Browser, site: str) -> None:
    context = signed_in(chromium, site, "manager", size=WIDE)
    page = context.new_page()
    invitation = linked_in_mail(page, subject="Would you join", address="/invitations/")
    answer = linked_in_mail(page, subject="Can you come?", address="/meeting-answers/")
    context.close()
    for name, path in (("invitation", invitation), ("mail-answer", answer)):
        reader = opened(chromium, site, size=(760, 860))
        page = reader.new_page()
        page.goto(path)
        keep(page, name)
        reader.close()


def linked_in_mail(page: Page, *, subject: str, address: str) -> str:
    """Return the first address that starts so in the newest kept mail with such a subject."""
    page.goto("/outbox/")
    while not page.locator("main th a", has_text=subject).count():
        page.locator("a[rel=next]").click()
    page.locator("main th a", has_text=subject).first.click()
    page.goto(page.url + "html/")
    link = page.locator(f'a[href*="{address}"]').first.get_attribute("href") or ""
    return link[link.index(address) :]


def pictures_of_leader(chromium: Browser, site: str) -> None:
    context = signed_in(chromium, site, "second-leader", size=WIDE)
    page = context.new_page()
    page.goto("/communities/")
    if "/communities/" in page.url:
        page.locator("main").get_by_role("link", name="First-time grant seekers").first.click()
    keep(page, "now")
    page.get_by_role("link", name="Meetings").last.click()
    keep(page, "meetings")
    meetings = page.locator('main a[href^="/meetings/"]')
    paths = [link.get_attribute("href") or "" for link in meetings.all()]
    page.goto(next(path for path in paths if re.fullmatch(r"/meetings/[0-9]+/", path)))
    keep(page, "meeting")
    past = next(path for path in reversed(paths) if re.fullmatch(r"/meetings/[0-9]+/", path))
    context.close()

    phone = signed_in(chromium, site, "second-leader", size=PHONE)
    page = phone.new_page()
    page.goto(f"{past}attendance/")
    keep(page, "attendance-phone")
    phone.close()


def signed_in(chromium: Browser, site: str, key: str, *, size: tuple[int, int]) -> BrowserContext:
    """Open a browser of somebody who came in by one of the demo's doors."""
    context = opened(chromium, site, size=size)
    page = context.new_page()
    page.goto(f"/demo/sign-in/{key}/")
    page.locator(".button-main").click()
    page.wait_for_url(lambda url: "/demo/" not in url)
    page.close()
    return context


def opened(chromium: Browser, site: str, *, size: tuple[int, int]) -> BrowserContext:
    width, height = size
    return chromium.new_context(
        base_url=site,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        color_scheme="light",
        locale="en-US",
        timezone_id="America/Chicago",
    )


def keep(page: Page, name: str) -> None:
    """Write what the window shows, once its fonts are there."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"docs/pictures/{name}.png", flush=True)


if __name__ == "__main__":
    sys.exit(main())
