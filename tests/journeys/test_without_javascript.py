"""Without JavaScript: each main thing can be done by links and forms alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.conversations.models import Help, Thread
from coppice.lib import progress
from coppice.meetings.models import Attendance, MeetingReply
from coppice.notifications.models import Message
from coppice.programs.actions.rosters import progress_key
from coppice.programs.models import RosterImport
from coppice.programs.tasks import apply_roster_import
from coppice.stewardship.models import LeaderCheckIn
from coppice.surveys.links import answering_path
from tests.browser import go_by
from tests.cast import Cast
from tests.everyone.looking import window

pytestmark = pytest.mark.browser

ROSTER = b"Name,Email\nPlain Newcomer,plain-newcomer@example.org\n"


@pytest.fixture
def plain(browser, site, cast: Cast) -> Iterator[Callable[..., Page]]:
    """Return a function that gives a page without JavaScript to a kind of person, on a phone."""
    with ExitStack() as stack:

        def open_page(kind: str, path: str) -> Page:
            opened = window(browser, site, cast.people[kind], java_script_enabled=False)
            page = stack.enter_context(opened).page
            page.set_viewport_size({"width": 360, "height": 800})
            page.goto(path)
            return page

        yield open_page


def test_signing_in_by_the_mailed_link(plain, cast):
    page = plain("signed_out", reverse("account_login"))

    page.get_by_label("Email").fill(cast.ours.people["leader"].email)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    link = re.search(r"https?://[^/]+(/sign-in/\S+)", Message.objects.latest("pk").text)
    assert link
    page.goto(link[1])
    page.get_by_role("button", name="Sign in as").click()

    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Your account")).to_be_visible()


def test_answering_an_invitation(plain, cast):
    invited = cast.ours.memberships["invited"]
    page = plain("signed_out", reverse("communities:invitation", args=[token_of(invited)]))

    page.get_by_role("button", name="Yes, I join").click()

    expect(page).to_have_url(re.compile("/welcome/$"))
    invited.refresh_from_db()
    assert invited.state == Membership.State.ACTIVE


def test_replying_to_a_meeting(plain, cast):
    page = plain("member", reverse("meetings:meeting", args=[cast.ours.meeting.pk]))

    page.get_by_role("button", name="Can't make it").click()

    expect(page.locator("main")).to_contain_text("Your answer: Can't make it")
    reply = MeetingReply.objects.get(meeting=cast.ours.meeting, membership=cast.ours.memberships["member"])
    assert reply.answer == MeetingReply.Answer.NOT_COMING


def test_taking_attendance(plain, cast):
    meeting = cast.ours.past_meeting
    page = plain("leader", reverse("meetings:attendance", args=[meeting.pk]))

    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Save the attendance").click()

    expect(page).to_have_url(re.compile(f"{meeting.get_absolute_url()}$"))
    assert set(Attendance.objects.filter(meeting=meeting).values_list("was_present", flat=True)) == {True}


def test_bringing_in_a_roster_and_looking_how_far_it_is(plain, cast):
    program = cast.ours.program
    page = plain("provider_admin", reverse("programs:imports", args=[program.pk]))

    page.get_by_label("Roster file").set_input_files(
        {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER}
    )
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("button", name="See what would happen").click()
    page.locator("form[action$='/application/'] button").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    brought = RosterImport.objects.latest("pk")
    progress.report(progress_key(brought.pk), done=1, total=2, doing="writing")
    page.get_by_role("link", name="See how far it is").click()
    expect(page.locator(".progress")).to_contain_text("1 of 2")
    apply_roster_import.func(brought.pk)
    page.get_by_role("link", name="See how far it is").click()

    expect(page.locator(".progress")).to_contain_text("1 added, 0 changed, 0 unchanged")
    page.get_by_role("link", name="See the roster").click()
    expect(page.locator("main")).to_contain_text("Plain Newcomer")


def test_answering_a_survey_in_two_goes(plain, cast):
    participant = cast.ours.asked
    page = plain("signed_out", answering_path(participant))

    page.get_by_role("link", name="Go on where I was").click()
    page.get_by_role("radio", name="2", exact=True).check()
    page.get_by_role("button", name="Keep it and stop for now").click()
    expect(page.locator("main")).to_contain_text("Come back by the link in your mail")
    page.get_by_role("link", name="Look at them again").click()
    go_by(page.get_by_role("button", name="Next"))
    go_by(page.get_by_role("button", name="Back"))
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("radio", name="2", exact=True)).to_be_checked()
    page.get_by_role("button", name="Send my answers").click()

    expect(page.locator("main")).to_contain_text("Your answers count")
    participant.refresh_from_db()
    kept = participant.response.answers.order_by("question").values_list("question", "number")
    assert (participant.has_answered, list(kept)) == (True, [("confidence", 2), ("importance", 4)])


def test_logging_a_check_in(plain, cast):
    page = plain("provider_admin", reverse("home:board", args=[cast.ours.program.pk]))

    page.get_by_role("link", name="Log a check-in").first.click()
    page.get_by_role("button", name="Log the check-in").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    page.get_by_label("Steady").check()
    page.get_by_label("What we agreed").fill("Two people take a meeting each.")
    page.get_by_role("button", name="Log the check-in").click()

    expect(page.locator("#call-today")).to_contain_text("Nobody")
    logged = LeaderCheckIn.objects.get(agreed_action="Two people take a meeting each.")
    assert (logged.community, logged.spoken_on, logged.mood) == (
        cast.ours.community,
        date.today(),
        LeaderCheckIn.Mood.STEADY,
    )


def test_asking_and_being_helped_in_a_conversation(plain, cast):
    page = plain("member", reverse("conversations:new", args=[cast.ours.community.pk]))
    page.get_by_label("Ask for help").check()
    page.get_by_label("Title").fill("Rides on Fridays")
    page.get_by_label("What you want to say").fill("Who has a van?")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_label("What you want to say")).to_have_value("Who has a van?")
    page.get_by_role("button", name="Post it").click()
    expect(page.get_by_role("heading", name="Rides on Fridays")).to_be_visible()
    thread = Thread.objects.get(title="Rides on Fridays")

    answering = plain("leader", thread.get_absolute_url())
    answering.get_by_label("Your reply").fill("We **do**.")
    answering.get_by_role("button", name="Post the reply").click()
    expect(answering.locator("strong", has_text="do").first).to_be_visible()
    page.goto(thread.get_absolute_url())
    page.get_by_role("button", name="This helped").click()

    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    assert Help.objects.get(thread=thread).helper == cast.people["leader"]
