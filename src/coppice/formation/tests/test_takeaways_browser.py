"""What is taken away, in a browser: found in the studio, legible at any width, and right on paper."""

import os
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal, make_published, make_roster
from tests.browser import assert_accessible, assert_fits

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS", "")
RULES = [
    Rule(Kind.BALANCED, "attribute:Years"),
    Rule(Kind.BALANCED, "kind"),
    Rule(Kind.ALIKE, "area"),
    Rule(Kind.ACCOMPANIED, "language"),
    Rule(Kind.AT_MOST, "organization", amount=4),
]
MANY_RULES = [
    *RULES,
    *(Rule(kind, field) for kind in (Kind.ALIKE, Kind.DIVERSE) for field in ("language", "attribute:Wants")),
    *(Rule(Kind.AT_MOST, field, amount=9) for field in ("attribute:Years", "kind", "area")),
]
LONG_NAMES = (
    "Ana María de los Ángeles Rodríguez Gutiérrez",
    "Wolfeschlegelsteinhausenbergerdorff Müller-Lüdenscheidt",
    "Bo",
)
CUT_OFF = """badges => badges
    .filter(each => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1)
    .map(each => each.innerText)"""


@pytest.fixture
def program(site):
    program = make_program(name="Healthy Start")
    for enrollment, name in zip(make_roster(program, 24), LONG_NAMES, strict=False):
        enrollment.name = name
        enrollment.attributes |= {"expertise": ["Grant writing for small organizations"]}
        enrollment.save()
    house = program.organizations.order_by("pk")[1]
    house.name = "Northern Valley Association of Community Health and Family Resource Centers"
    house.save()
    return program


@pytest.fixture
def as_staff(program, new_page):
    """A function that opens a page as the program's manager."""
    client = Client()
    client.force_login(make_staff(program))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}], "origins": []}
    return lambda path, **options: new_page(path, storage_state=state, **options)


def sheets_of(page, name, paper) -> int:
    """On how many sheets a page prints."""
    printed = page.pdf(format=paper, prefer_css_page_size=False)
    if SHOTS:
        Path(SHOTS, f"{name}-{paper}.pdf").write_bytes(printed)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def looked_at(page, name):
    assert_accessible(page)
    assert_fits(page)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1360, 360])
def test_the_manager_takes_the_explanation_away_on_one_sheet(program, as_staff, width):
    formation = make_proposal(program, rules=MANY_RULES)
    formation.on_table.outcome |= {"bounded": {"bound": 0.99, "objective": 0.98, "locked": 0, "roster": ""}}
    formation.on_table.save()
    page = as_staff(reverse("formation:formation", args=[formation.pk]), width=width)

    page.get_by_text("Download and print").click()
    looked_at(page, f"studio-{width}")
    page.get_by_role("link", name="Explain it on one page").click()
    page.get_by_role("heading", name="How these communities were formed").wait_for()
    looked_at(page, f"explanation-{width}")
    page.get_by_role("link", name="For a funder").click()
    page.get_by_text("Counts of one to four people are not shown").wait_for()
    looked_at(page, f"funder-{width}")
    page.go_back()
    page.get_by_text("For an engineer").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="The problem, to run it again").click()

    assert download.value.suggested_filename == f"problem-{formation.pk}.zip"
    assert {sheets_of(page, f"explanation-{width}", paper) for paper in ("A4", "Letter")} == {1}


@pytest.mark.parametrize("width", [1360, 360])
def test_lists_print_a_sheet_for_each_community_and_nothing_around_it(program, as_staff, width):
    formation = make_published(program, rules=RULES)
    page = as_staff(reverse("formation:publication", args=[formation.pk]), width=width)

    page.get_by_role("link", name="Print a list for each community").click()
    page.get_by_role("heading", name="Lists to print").wait_for()

    looked_at(page, f"lists-{width}")
    assert {sheets_of(page, f"lists-{width}", paper) for paper in ("A4", "Letter")} == {3}
    page.emulate_media(media="print")
    assert [page.locator(each).first.is_visible() for each in (".rail", ".page-head", ".breadcrumb")] == [
        False
    ] * 3


@pytest.mark.parametrize("width", [1360, 360])
def test_eight_badges_are_on_a_sheet_and_every_name_is_whole(program, as_staff, width):
    formation = make_proposal(program, rules=RULES)
    page = as_staff(reverse("formation:badges", args=[formation.pk]), width=width)
    page.get_by_label("Say what each person can help with").check()
    page.get_by_role("button", name="Show the badges so").click()
    page.get_by_text("Ask me about Grant writing").first.wait_for()

    looked_at(page, f"badges-{width}")
    assert {sheets_of(page, f"badges-{width}", paper) for paper in ("A4", "Letter")} == {3}
    page.emulate_media(media="print")
    assert page.locator(".name-badge").evaluate_all(CUT_OFF) == []
