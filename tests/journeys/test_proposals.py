"""Two proposals of one round: compared, gone back to, gone on from, stopped early; the first is published."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo
from tests.journeys.test_main_job import ROSTERS, bring_in, new_program

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not ROSTERS.is_dir(), reason="the shared rosters are not beside the checkout"),
]


def ready(page: Page, proposal: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(proposal, timeout=90_000)


def people_shown(page: Page) -> list[list[str]]:
    """Who is in each column of the studio, once all are there."""
    expect(page.locator(".columns .column").last).to_be_visible()
    page.wait_for_load_state()
    return [
        sorted(column.locator("li a").all_inner_texts()) for column in page.locator(".columns .column").all()
    ]


def test_of_two_proposals_the_first_is_published(demo: Demo, enter: Callable[..., Page]) -> None:
    manager = enter("manager")
    program = new_program(manager, demo, "Rounds 2027")
    bring_in(manager, program, "gruepr_testdata.csv")

    # 1. A round is worked out twice.
    manager.goto(f"{program}formations/")
    expect(manager.get_by_label("Name of this round")).to_have_value("Round 1")
    manager.get_by_label("Homework needs a stable team").check()
    # About the topics that they wish for, both would be the same: there is one best.
    manager.get_by_label("No, they are not about topics").check()
    manager.get_by_role("spinbutton", name="Smallest size").fill("6")
    manager.get_by_role("spinbutton", name="Largest size").fill("8")
    manager.get_by_role("button", name="Work out a proposal").click()
    ready(manager, "Proposal 1")
    studio, first = manager.url, people_shown(manager)
    manager.get_by_role("button", name="Work it out again").click()
    ready(manager, "Proposal 2")
    assert people_shown(manager) != first

    # 2. The two side by side, and a note on what was found.
    manager.get_by_role("link", name="Compare with Proposal 1").click()
    expect(manager.locator("main")).to_contain_text(re.compile(r"It moves \d+ of 32 people\."))
    expect(manager.get_by_role("table", name="What got better or worse")).to_contain_text(
        "6 to 8 people each"
    )
    expect(manager.get_by_role("table", name="Who moved").locator("tbody tr")).not_to_have_count(0)
    with manager.expect_download() as download:
        manager.get_by_role("link", name="Take everybody’s places in both away").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == 33

    # 3. Back to the first, which is as it was, and gets a name.
    manager.goto(f"{studio}proposals/")
    manager.get_by_role("button", name=re.compile("Use this one.*Proposal 1")).click()
    ready(manager, "Proposal 1")
    assert people_shown(manager) == first
    manager.get_by_role("navigation", name="Proposals of this round").get_by_role(
        "link", name="Proposal 1"
    ).click()
    manager.get_by_label("Name (optional)").fill("The calm one")
    manager.get_by_label("Note").fill("Rosa likes it.")
    manager.get_by_role("button", name="Save").click()
    ready(manager, "The calm one")

    # 4. On from there for long, stopped early: one proposal more, no worse.
    manager.get_by_label("How long").select_option(label="Twenty times as long")
    manager.get_by_role("button", name="Go on from here").click()
    expect(manager.get_by_role("img", name=re.compile("of 100"))).to_be_visible(timeout=60_000)
    manager.get_by_role("button", name="Stop here and keep the best so far").click()
    ready(manager, "Proposal 3")
    manager.goto(f"{studio}proposals/")
    expect(manager.get_by_role("row").nth(1)).to_contain_text("Proposal 3")

    # 5. Back once more; the same comes of the first again; it is published, and the others can be read still.
    manager.get_by_role("link", name="The calm one", exact=True).click()
    manager.get_by_role("button", name="Work it out as it was").click()
    expect(manager.locator("main")).to_contain_text("The same came of it again", timeout=90_000)
    manager.get_by_role("button", name="Use this one").click()
    ready(manager, "The calm one")
    manager.get_by_role("link", name="Publish and invite").click()
    manager.wait_for_url("**/publication/")
    manager.locator("form.form button.button-main").click()
    manager.get_by_role("link", name="Go to the program board").wait_for(timeout=60_000)
    manager.get_by_role("link", name="See the proposals of this round").click()
    expect(manager.get_by_role("row", name=re.compile("The calm one"))).to_contain_text("published")
    expect(manager.get_by_role("button", name=re.compile("Use this one"))).to_have_count(0)
    manager.get_by_role("link", name="Proposal 2", exact=True).click()
    expect(manager.get_by_role("heading", name="Who is where")).to_be_visible()
