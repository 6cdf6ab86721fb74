"""The main job, once, in a browser, against the demo as anybody starts it: server, jobs, outbox and all."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

REPOSITORY = Path(__file__).resolve().parents[2]
ROSTERS = REPOSITORY.parent / "shared" / "data" / "rosters"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not ROSTERS.is_dir(), reason="the shared rosters are not beside the checkout"),
]


class Demo:
    """The demo in a process of its own, and Django's shell beside it for moving the clock."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY / "src"),
            "COPPICE_HOME": str(home),
            "COPPICE_DEMO": "yes",
            "COPPICE_BASE_URL": self.address,
        }
        self.process = self._start("demo", "--port", str(self.port))

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "coppice", *arguments],
            env=self.environment,
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        for _attempt in range(240):
            try:
                urllib.request.urlopen(f"{self.address}/health/", timeout=2)
                return
            except OSError:
                assert self.process.poll() is None, self.process.stdout.read().decode()
                time.sleep(0.5)
        raise AssertionError("the demo did not start within two minutes")

    def shell(self, code: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "coppice", "manage", "shell", "--no-imports", "-c", code],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"))
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
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if key:
            page.goto(f"/demo/sign-in/{key}/")
            page.get_by_role("button", name="Sign in as").click()
        return page

    yield enter_as
    for context in contexts:
        context.close()


def bring_in(page: Page, program: str, roster: str) -> None:
    page.goto(f"{program}roster-imports/")
    page.get_by_label("Roster file").set_input_files(ROSTERS / roster)
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("button", name="See what would happen").click()
    page.locator("form[action$='/application/'] button").click()
    expect(page.locator(".progress")).to_contain_text("unchanged", timeout=30_000)


def link_in_mail(reader: Page, address: str, *, subject: str, part: str) -> str:
    """Return the first link holding `part` in the newest mail to an address, as the outbox shows it."""
    reader.goto(f"/outbox/?to={address}")
    reader.get_by_role("link", name=re.compile(subject)).first.click()
    link = reader.locator(f".kept-text a[href*='{part}']").first.get_attribute("href")
    assert link
    return link


def test_from_a_roster_to_a_running_community(demo: Demo, enter: Callable[..., Page]) -> None:
    manager = enter("manager")

    # 1. A program, and its five steps.
    manager.goto("/programs/new/")
    manager.get_by_label("Name", exact=True).fill("Journey 2027")
    manager.get_by_label("Award starts").fill(date.today().isoformat())
    manager.get_by_label("Award ends").fill((date.today() + timedelta(days=300)).isoformat())
    manager.get_by_label("Topics").fill("Robots\nGreenhouses")
    manager.get_by_role("button", name="Create the program").click()
    expect(manager.locator("ol.steps > li")).to_have_count(5)
    program = manager.url.removesuffix("setup/").removeprefix(demo.address)
    manager.get_by_role("button", name="Send me a test mail").click()
    expect(manager.locator("#step-mail")).to_have_class("is-done")

    # 2. A roster from another tool; the same file again changes nothing.
    bring_in(manager, program, "gruepr_testdata.csv")
    expect(manager.locator(".progress")).to_contain_text("32 added")
    bring_in(manager, program, "gruepr_testdata.csv")
    expect(manager.locator(".progress")).to_contain_text("0 added, 0 changed, 32 unchanged")
    manager.goto(f"{program}people/")
    expect(manager.locator("main")).to_contain_text("32 people on the roster")

    # 3. A proposal, one person moved by hand, published.
    manager.goto(f"{program}formations/")
    manager.get_by_label("Homework needs a stable team").check()
    manager.get_by_label("Smallest size").fill("7")
    manager.get_by_label("Largest size").fill("9")
    manager.get_by_role("button", name="Work out a proposal").click()
    manager.get_by_role("link", name="Show it").click(timeout=60_000)
    studio = manager.url
    manager.get_by_role("link", name="Publish and invite").click()
    manager.locator("form.form button.button-main").click()
    manager.get_by_role("link", name="Go to the program board").click(timeout=60_000)
    manager.wait_for_url(re.compile(rf"{program}$"))
    expect(manager.locator("tbody tr")).to_have_count(4)
    manager.goto(studio)
    expect(manager.locator("main")).not_to_contain_text("Work it out again")

    # 4. Invitations, answered without an account; a scanner's GET changes nothing.
    community = manager.goto(program) and manager.locator("tbody th a").first.get_attribute("href")
    manager.goto(f"{community}people/")
    names = manager.locator("main strong, main th").all_inner_texts()
    assert names
    demo.shell(
        "from coppice.communities.models import Membership;"
        f"m = list(Membership.objects.filter(community={community.split('/')[2]}).order_by('pk'));"
        "from pathlib import Path; from django.conf import settings;"
        "Path(settings.HOME, 'people').write_text('\\n'.join(x.enrollment.email for x in m))"
    )
    emails = Path(demo.environment["COPPICE_HOME"], "people").read_text().splitlines()
    member = enter("")
    invitation = link_in_mail(manager, emails[0], subject="Would you join", part="/invitations/")
    for _scan in range(3):
        urllib.request.urlopen(invitation, timeout=10)
    member.goto(invitation)
    expect(member.get_by_role("heading", name="You are invited")).to_be_visible()
    member.get_by_role("button", name="Yes, I join").click()
    expect(member).to_have_url(re.compile("/welcome/"))
    declining = enter("", width=360)
    declining.goto(link_in_mail(manager, emails[1], subject="Would you join", part="/invitations/"))
    declining.get_by_role("button", name="No, thank you").click()
    demo.shell(
        "from coppice.communities.models import Membership; from coppice.communities import actions;\n"
        f"[actions.accept(m, by=m.person) for m in Membership.objects.filter("
        f"community={community.split('/')[2]}, state='invited').select_related('person')]"
    )
    manager.goto(f"{community}people/")
    manager.locator("form[action$='/leadership/'] button").first.click()

    # 5. A first meeting, answered from the mail; attendance on a phone.
    manager.goto(f"{community}meetings/new/")
    manager.get_by_label("Title").fill("First meeting")
    manager.get_by_label("Date").fill((date.today() + timedelta(days=5)).isoformat())
    manager.get_by_label("Starts at").fill("10:00")
    manager.get_by_label("Meeting link").fill("https://meet.example/first")
    manager.locator("form.form button.button-main").click()
    expect(manager.locator("main")).to_contain_text("First meeting")
    member.goto(link_in_mail(manager, emails[0], subject="First meeting", part="answer=coming"))
    member.get_by_role("button", name="I'm coming").click()
    expect(member.locator("main")).to_contain_text("Your answer: I'm coming")
    calendar = member.request.get(member.get_by_role("link", name="For my calendar").get_attribute("href"))
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VTIMEZONE" in calendar.text() or "Z\r\n" in calendar.text()
    demo.shell(
        "from datetime import timedelta; from django.utils import timezone;"
        "from coppice.meetings.models import Meeting; m = Meeting.objects.latest('pk');"
        "m.starts_at = timezone.now() - timedelta(days=2);"
        "m.ends_at = m.starts_at + timedelta(hours=1); m.save()"
    )
    phone = enter("manager", width=360)
    phone.goto(f"{community}")
    phone.get_by_role("link", name="Take attendance").click()
    for box in phone.get_by_role("checkbox").all():
        box.check()
    phone.get_by_role("button", name="Save the attendance").click()
    expect(phone.locator("main")).to_contain_text("Attendance")

    # 6. The board, a check-in, and off the list.
    demo.shell(
        "from datetime import timedelta; from coppice.communities.models import Community;"
        f"c = Community.objects.get(pk={community.split('/')[2]});"
        "c.starts_on -= timedelta(days=40); c.save()"
    )
    manager.goto(program)
    expect(manager.locator("#call-today")).to_contain_text("Log a check-in")
    manager.locator("#call-today").get_by_role("link", name="Log a check-in").first.click()
    manager.get_by_label("Steady").check()
    manager.get_by_label("What we agreed").fill("She asks two people to take a meeting each.")
    manager.get_by_role("button", name="Log the check-in").click()
    expect(manager.locator("#call-today")).to_contain_text("Nobody")
    expect(manager.locator("tbody")).to_contain_text("100 %")

    # 7. The day after: one question, answered from the mail, seen by who leads.
    demo.shell("from coppice.meetings.tasks import send_pulses; send_pulses.func(); send_pulses.func()")
    member.goto(link_in_mail(manager, emails[0], subject="One question", part="worth=5"))
    member.get_by_label("One thing I will try").fill("Call two past volunteers.")
    member.get_by_role("button", name="Send my answer").click()
    manager.goto(f"{community}meetings/")
    manager.get_by_role("link", name="First meeting").click()
    expect(manager.locator("main")).to_contain_text("Call two past volunteers.")


def test_a_class_of_105_forms_in_the_browser(demo: Demo, enter: Callable[..., Page]) -> None:
    manager = enter("manager")
    manager.goto("/programs/new/")
    manager.get_by_label("Name", exact=True).fill("GroupEng class")
    manager.get_by_label("Award starts").fill(date.today().isoformat())
    manager.get_by_label("Award ends").fill((date.today() + timedelta(days=300)).isoformat())
    manager.get_by_role("button", name="Create the program").click()
    program = manager.url.removesuffix("setup/").removeprefix(demo.address)
    bring_in(manager, program, "groupeng_sample_class_1.csv")
    expect(manager.locator(".progress")).to_contain_text("105 added")

    manager.goto(f"{program}formations/")
    manager.get_by_label("Smallest size").fill("5")
    manager.get_by_label("Largest size").fill("6")
    manager.get_by_role("button", name="Work out a proposal").click()
    manager.get_by_role("link", name="Show it").click(timeout=90_000)

    expect(manager.get_by_role("link", name="Publish and invite")).to_be_visible()
    expect(manager.locator("main")).to_contain_text("105 people")
