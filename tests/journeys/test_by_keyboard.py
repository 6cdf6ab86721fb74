"""By keyboard alone: each stop is seen, in the order of the page, without traps; main work can be done."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.meetings.models import Attendance
from coppice.notifications.models import Message
from tests.cast import Cast
from tests.everyone.looking import window

pytestmark = pytest.mark.browser

# Where the focus is: a name for messages, whether it is drawn and in sight, and its place among all stops.
# A date has several stops within itself.
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  window.stops ??= [];
  const before = window.stops.at(-1);
  const isWithin = before === at && at.matches("[type=date], [type=time]");
  const isAgain = window.stops.includes(at) && !isWithin;
  window.stops.push(at);
  const drawn = [at, at.closest("label")].some((each) => {
    if (!each) return false;
    const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(each);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !outlineColor.includes(", 0)");
  });
  const shape = at.closest("label") ?? at;
  const {left, right, top, bottom} = shape.getBoundingClientRect();
  const inSight = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight && right > left;
  const corners = [[(left + right) / 2, (top + bottom) / 2], [left + 3, top + 3], [right - 3, bottom - 3]];
  const covered = corners.every(([x, y]) => {
    const there = document.elementFromPoint(x, y);
    return there && !shape.contains(there) && !there.contains(shape);
  });
  return {
    name: at.outerHTML.replace(/\\s+/g, " ").slice(0, 100),
    isAgain, drawn, inSight, covered,
    isForward: !before || isWithin
      || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING),
    isSkip: at.classList.contains("skip"),
  };
}"""

# What a person with a mouse can use and the keyboard has not come to. One circle stands for its group.
MISSED = """() => [...document.querySelectorAll(
    "a[href], button:not(:disabled), input:not([type=hidden], :disabled), select, textarea, summary")]
  .filter((each) => getComputedStyle(each).pointerEvents !== "none")
  .filter((each) => each.checkVisibility({checkVisibilityCSS: true}) && !window.stops.includes(each))
  .filter((each) => each.type !== "radio" || !window.stops.some((stop) => stop.name === each.name))
  .map((each) => each.outerHTML.slice(0, 100))"""


@pytest.fixture
def opened(browser, site, cast: Cast) -> Iterator[Callable[..., Page]]:
    """Return a function that gives a page to a kind of person, on a screen or a phone."""
    with ExitStack() as stack:

        def open_page(kind: str, path: str, *, width: int = 1360) -> Page:
            page = stack.enter_context(window(browser, site, cast.people[kind])).page
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            return page

        yield open_page


def tab_to(page: Page, what: Locator) -> None:
    """Press Tab until the focus is there."""
    for _press in range(120):
        if what.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {what}")


MAIN_PAGES = [
    ("signed_out", "account_login"),
    ("member", "home:home"),
    ("member", "home:now"),
    ("leader", "meetings:meetings"),
    ("leader", "meetings:plan"),
    ("leader", "communities:people"),
    ("signed_out", "communities:invitation"),
    ("provider_admin", "home:board"),
    ("provider_admin", "home:setup"),
    ("provider_admin", "programs:people"),
    ("provider_admin", "programs:imports"),
    ("provider_admin", "programs:import_preview"),
    ("provider_admin", "formation:formations"),
    ("provider_admin", "formation:formation"),
    ("provider_admin", "stewardship:check_in"),
    ("provider_admin", "accounts:me"),
]


@pytest.mark.parametrize("width", [1360, 320])
def test_tab_walks_each_page_in_sight_in_order_and_out_again(opened, cast, width):
    wrong = []
    pages: dict[str, Page] = {}
    for kind, name in MAIN_PAGES:
        path = address(cast, name)
        page = pages.get(kind) or pages.setdefault(kind, opened(kind, path, width=width))
        page.goto(path)
        wrong += [f"{name} at {width}: {each}" for each in walk(page)]

    assert wrong == [], "\n".join(wrong)


def address(cast: Cast, name: str) -> str:
    """The address of a page about our things."""
    ours = cast.ours
    subject = {
        "communities:invitation": [token_of(ours.memberships["invited"])],
        "programs:import_preview": [ours.roster_import.pk],
        "formation:formation": [ours.formation.pk],
    }
    about = {"home:board", "home:setup", "programs:people", "programs:imports", "formation:formations"}
    if name in about:
        return reverse(name, args=[ours.program.pk])
    if name in {"account_login", "home:home", "accounts:me"}:
        return reverse(name)
    return reverse(name, args=subject.get(name, [ours.community.pk]))


def walk(page: Page) -> list[str]:
    """Press Tab from the top until the focus leaves the page; return all that was wrong on the way."""
    wrong: list[str] = []
    for number in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (stop["isAgain"] and stop["isSkip"]):
            return wrong + [f"never reached: {each}" for each in page.evaluate(MISSED)]
        if number == 0 and not stop["isSkip"]:
            wrong.append(f"first comes {stop['name']}")
        wrong += [
            f"{words}: {stop['name']}"
            for words, is_so in (
                ("a circle of stops", stop["isAgain"]),
                ("no focus drawn", not stop["drawn"]),
                ("out of sight", not stop["inSight"]),
                ("covered", stop["covered"]),
                ("backwards", not stop["isForward"]),
            )
            if is_so
        ]
    return [*wrong, "no end after 200 stops"]


def test_the_skip_link_leads_past_the_rail(opened, cast):
    page = opened("provider_admin", address(cast, "home:board"))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_of_a_phone_opens_takes_the_focus_and_closes_on_escape(opened, cast):
    page = opened("member", address(cast, "home:home"), width=320)
    menu = page.get_by_role("button", name="Menu")
    rail = page.locator("#rail")

    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(rail).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#rail') !== null")
    page.keyboard.press("Escape")

    expect(rail).to_be_hidden()
    expect(menu).to_be_focused()


def test_signing_in_by_keyboard(opened, cast):
    page = opened("signed_out", reverse("account_login"))

    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(cast.ours.people["leader"].email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")
    link = re.search(r"https?://[^/]+(/sign-in/\S+)", Message.objects.latest("pk").text)
    assert link
    page.goto(link[1])
    tab_to(page, page.get_by_role("button", name="Sign in as"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("navigation", name="Your account")).to_be_attached()


def test_answering_an_invitation_by_keyboard(opened, cast):
    page = opened("signed_out", address(cast, "communities:invitation"))

    tab_to(page, page.get_by_role("link", name="Go to your answer"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Yes, I join"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/welcome/")

    cast.ours.memberships["invited"].refresh_from_db()
    assert cast.ours.memberships["invited"].state == Membership.State.ACTIVE


def test_taking_attendance_by_keyboard_on_a_phone(opened, cast):
    meeting = cast.ours.past_meeting
    Attendance.objects.filter(meeting=meeting).update(was_present=False)
    page = opened("leader", reverse("meetings:attendance", args=[meeting.pk]), width=360)

    tab_to(page, page.get_by_role("checkbox").nth(1))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Save the attendance"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{meeting.get_absolute_url()}")

    assert Attendance.objects.filter(meeting=meeting, was_present=True).count() == 1


def test_a_refused_form_is_mended_by_keyboard(opened, cast):
    page = opened("provider_admin", address(cast, "stewardship:check_in"))

    tab_to(page, page.get_by_role("button", name="Log the check-in"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-errors]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("[aria-invalid=true]:focus")).to_have_count(1)
