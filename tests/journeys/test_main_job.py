"""The main job, end to end, in a browser, against the demo as anybody starts it: jobs, outbox and all."""

import re
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import go_by
from tests.journeys.conftest import REPOSITORY, Demo

ROSTERS = REPOSITORY.parent / "shared" / "data" / "rosters"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not ROSTERS.is_dir(), reason="the shared rosters are not beside the checkout"),
]


def new_program(manager: Page, demo: Demo, name: str, *, topics: str = "") -> str:
    """Create a program, and return its address."""
    manager.goto("/programs/new/")
    manager.get_by_label("Name", exact=True).fill(name)
    manager.get_by_label("Award starts").fill(date.today().isoformat())
    manager.get_by_label("Award ends").fill((date.today() + timedelta(days=300)).isoformat())
    manager.get_by_label("Topics").fill(topics)
    manager.get_by_role("button", name="Create the program").click()
    manager.wait_for_url("**/setup/")
    return manager.url.removesuffix("setup/").removeprefix(demo.address)


def bring_in(page: Page, program: str, roster: str) -> None:
    page.goto(f"{program}roster-imports/")
    page.get_by_label("Roster file").set_input_files(ROSTERS / roster)
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("button", name="See what would happen").click()
    page.locator("form[action$='/application/'] button").click()
    expect(page.locator(".progress")).to_contain_text("unchanged", timeout=30_000)


def form_and_publish(manager: Page, program: str, *, smallest: int, largest: int) -> str:
    """Form communities of these sizes, publish them, and return the studio's address."""
    manager.goto(f"{program}formations/")
    manager.get_by_label("Homework needs a stable team").check()
    manager.get_by_role("spinbutton", name="Smallest size").fill(str(smallest))
    manager.get_by_role("spinbutton", name="Largest size").fill(str(largest))
    manager.get_by_role("button", name="Work out a proposal").click()
    expect(manager.get_by_role("link", name="Publish and invite")).to_be_visible(timeout=90_000)
    studio = manager.url
    manager.get_by_role("link", name="Publish and invite").click()
    manager.wait_for_url("**/publication/")
    manager.locator("form.form button.button-main").click()
    manager.get_by_role("link", name="Go to the program board").click(timeout=60_000)
    manager.wait_for_url(re.compile(rf"{program}$"))
    return studio


def plan_first_meeting(manager: Page, community: str) -> None:
    manager.goto(f"{community}meetings/new/")
    manager.get_by_label("Title").fill("First meeting")
    manager.get_by_label("Date").fill((date.today() + timedelta(days=5)).isoformat())
    manager.get_by_label("Starts at").fill("10:00")
    manager.get_by_label("Meeting link").fill("https://meet.example/first")
    manager.locator("form.form button.button-main").click()
    manager.wait_for_url(re.compile(r"/meetings/\d+/$"))
    expect(manager.locator("main")).to_contain_text("First meeting")


def hold_last_meeting(demo: Demo) -> None:
    """Let the meeting planned last have been two days ago."""
    demo.shell(
        "from datetime import timedelta; from django.utils import timezone;"
        "from coppice.meetings.models import Meeting; m = Meeting.objects.latest('pk');"
        "m.starts_at = timezone.now() - timedelta(days=2);"
        "m.ends_at = m.starts_at + timedelta(hours=1); m.save()"
    )


def take_attendance(phone: Page, community: str) -> None:
    phone.goto(f"{community}")
    phone.get_by_role("link", name="Take attendance").click()
    phone.wait_for_url("**/attendance/")
    for box in phone.get_by_role("checkbox").all():
        box.check()
    phone.get_by_role("button", name="Save the attendance").click()
    phone.wait_for_url(re.compile(r"/meetings/\d+/$"))
    expect(phone.locator("main")).to_contain_text("Attendance")


def log_the_call_due(manager: Page, demo: Demo, program: str, community: str) -> None:
    """Let a community have begun long ago: its leader is to be called today, until that is logged."""
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


def link_in_mail(reader: Page, address: str, *, subject: str, part: str) -> str:
    """Return the first link holding `part` in the newest mail to an address, as the outbox shows it."""
    reader.goto(f"/outbox/?to={address}")
    reader.get_by_role("link", name=re.compile(subject)).first.click()
    link = reader.locator(f".kept-text a[href*='{part}']").first.get_attribute("href")
    assert link
    return link


def addresses_of(demo: Demo, community: str) -> list[str]:
    """Return the addresses of a community's people, in order."""
    demo.shell(
        "from coppice.communities.models import Membership;"
        f"m = list(Membership.objects.filter(community={community.split('/')[2]}).order_by('pk'));"
        "from pathlib import Path; from django.conf import settings;"
        "Path(settings.HOME, 'people').write_text('\\n'.join(x.enrollment.email for x in m))"
    )
    return Path(demo.environment["COPPICE_HOME"], "people").read_text().splitlines()


def link_of_first_member(manager: Page, demo: Demo, community: str) -> str:
    address = addresses_of(demo, community)[0]
    return link_in_mail(manager, address, subject="Would you join", part="/invitations/")


def accept_for_all(demo: Demo, community: str) -> None:
    """Let everybody who has not answered yet join."""
    demo.shell(
        "from coppice.communities.models import Membership; from coppice.communities import actions;\n"
        f"[actions.accept(m, by=m.person) for m in Membership.objects.filter("
        f"community={community.split('/')[2]}, state='invited').select_related('person')]"
    )


def test_from_a_roster_to_a_running_community(demo: Demo, enter: Callable[..., Page]) -> None:
    manager = enter("manager")

    # 1. A program, and its five steps.
    program = new_program(manager, demo, "Journey 2027", topics="Robots\nGreenhouses")
    expect(manager.locator("ol.steps > li")).to_have_count(5)
    manager.get_by_role("button", name="Send me a test mail").click()
    manager.get_by_role("button", name="Yes, it is here").click()
    expect(manager.locator("#step-mail")).to_have_class("is-done")

    # 2. A roster from another tool; the same file again changes nothing.
    bring_in(manager, program, "gruepr_testdata.csv")
    expect(manager.locator(".progress")).to_contain_text("32 added")
    bring_in(manager, program, "gruepr_testdata.csv")
    expect(manager.locator(".progress")).to_contain_text("0 added, 0 changed, 32 unchanged")
    manager.goto(f"{program}people/")
    expect(manager.locator("main")).to_contain_text("32 people on the roster")

    # 3. A proposal, one person moved by hand, published.
    studio = form_and_publish(manager, program, smallest=7, largest=9)
    expect(manager.locator("tbody tr")).to_have_count(4)
    manager.goto(studio)
    expect(manager.locator("main")).not_to_contain_text("Work it out again")

    # 4. Invitations, answered without an account; a scanner's GET changes nothing.
    community = manager.goto(program) and manager.locator("tbody th a").first.get_attribute("href")
    manager.goto(f"{community}people/")
    names = manager.locator("main strong, main th").all_inner_texts()
    assert names
    emails = addresses_of(demo, community)
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
    go_by(declining.get_by_role("button", name="No, thank you"))
    accept_for_all(demo, community)
    manager.goto(f"{community}people/")
    go_by(manager.locator("form[action$='/leadership/'] button").first)

    # 5. A first meeting, answered from the mail; attendance on a phone.
    plan_first_meeting(manager, community)
    member.goto(link_in_mail(manager, emails[0], subject="First meeting", part="answer=coming"))
    member.get_by_role("button", name="I'm coming").click()
    expect(member.locator("main")).to_contain_text("Your answer: I'm coming")
    calendar = member.request.get(member.get_by_role("link", name="For my calendar").get_attribute("href"))
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VTIMEZONE" in calendar.text() or "Z\r\n" in calendar.text()
    hold_last_meeting(demo)
    phone = enter("manager", width=360)
    take_attendance(phone, community)

    # 6. The board, a check-in, and off the list.
    log_the_call_due(manager, demo, program, community)

    # 7. The day after: one question, answered from the mail, seen by who leads.
    demo.shell("from coppice.meetings.tasks import send_pulses; send_pulses.func(); send_pulses.func()")
    member.goto(link_in_mail(manager, emails[0], subject="One question", part="worth=5"))
    member.get_by_label("One thing I will try").fill("Call two past volunteers.")
    go_by(member.get_by_role("button", name="Send my answer"))
    manager.goto(f"{community}meetings/")
    manager.get_by_role("link", name="First meeting").click()
    expect(manager.locator("main")).to_contain_text("Call two past volunteers.")


@pytest.mark.parametrize(
    ("roster", "people", "smallest", "largest"),
    [("gruepr_testdata_duplicates.csv", 32, 7, 9), ("groupeng_sample_class_1.csv", 105, 5, 6)],
)
def test_other_rosters_come_as_far_as_the_first_check_in(
    demo: Demo, enter: Callable[..., Page], roster: str, people: int, smallest: int, largest: int
) -> None:
    manager = enter("manager")
    program = new_program(manager, demo, roster)

    bring_in(manager, program, roster)
    expect(manager.locator(".progress")).to_contain_text(f"{people} added")
    bring_in(manager, program, roster)
    expect(manager.locator(".progress")).to_contain_text(f"0 added, 0 changed, {people} unchanged")
    form_and_publish(manager, program, smallest=smallest, largest=largest)
    community = str(manager.locator("tbody th a").first.get_attribute("href"))

    # One person answers their own invitation: by mail, or by the link on their sheet of paper.
    manager.goto(f"{community}paper/")
    sheets = manager.locator("section .prose").all_inner_texts()
    link = sheets[0] if sheets else link_of_first_member(manager, demo, community)
    member = enter("", width=360)
    member.goto(link)
    member.get_by_role("button", name="Yes, I join").click()
    expect(member).to_have_url(re.compile("/welcome/"))
    accept_for_all(demo, community)
    manager.goto(f"{community}people/")
    go_by(manager.locator("form[action$='/leadership/'] button").first)

    plan_first_meeting(manager, community)
    hold_last_meeting(demo)
    take_attendance(manager, community)
    log_the_call_due(manager, demo, program, community)
