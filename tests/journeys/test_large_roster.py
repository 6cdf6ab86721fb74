"""A roster of 5,000 people, as `coppice make-roster` writes it, brought in and formed in a browser.

How long each request takes is what `./run bench roster` and `./run bench forming` print.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coppice.demo import seeding
from tests.journeys.conftest import Demo

pytestmark = pytest.mark.browser

PEOPLE = 5_000
GUESSED = {
    "Nombre / Full name": "Name",
    "E-mail": "Email address",
    "Phone number": "Phone",
    "Organization": "Organization",
    "County": "Organization’s area",
    "Job title": "Job title",
    "Time zone": "Time zone",
    "Joined": "Date joined",
    "Years in the field": "Keep for grouping people",
    "First choice": "Ranked wish",
}


def test_5000_people_come_in_are_found_and_form_communities(
    demo: Demo, enter: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "spring roster.csv"
    file.write_bytes(seeding.roster(PEOPLE, seed=5))
    manager = enter("manager")
    manager.goto("/programs/new/")
    manager.get_by_label("Name", exact=True).fill("A large program")
    manager.get_by_label("Award starts").fill("2026-01-01")
    manager.get_by_label("Award ends").fill("2027-12-31")
    manager.get_by_role("button", name="Create the program").click()
    manager.wait_for_url("**/setup/")
    program = manager.url.removesuffix("setup/").removeprefix(demo.address)

    # Uploaded: read by a job, and the page goes on by itself to the columns, all guessed.
    manager.goto(f"{program}roster-imports/")
    manager.get_by_label("Roster file").set_input_files(file)
    manager.get_by_role("button", name="Upload and look").click()
    expect(manager.get_by_role("heading", name="What each column says")).to_be_visible(timeout=30_000)
    lines = manager.locator("tbody tr")
    expect(lines).to_have_count(len(GUESSED))
    assert {
        line.locator("th").inner_text(): line.locator("option:checked").inner_text() for line in lines.all()
    } == GUESSED

    # Compared by a job: the preview has a page for each kind of row, and its address says which.
    manager.get_by_role("button", name="See what would happen").click()
    kinds = manager.get_by_role("navigation", name="Which rows")
    expect(kinds).to_contain_text("All: 5000", timeout=30_000)
    expect(kinds).to_contain_text("Added: 5000")
    kinds.get_by_role("link", name=re.compile("To check")).click()
    expect(manager).to_have_url(re.compile(r"\?show=check$"))
    expect(manager.locator("tbody")).to_contain_text("are the same person")
    manager.get_by_role("link", name="Next", exact=True).click()
    expect(manager).to_have_url(re.compile(r"show=check&page=2$"))

    # Applied by a job, with its progress; the page may be left, and tells the end when one comes back.
    manager.get_by_role("button", name="Bring 5000 people in").click()
    expect(manager.locator(".progress")).to_be_visible()
    address = manager.url
    manager.goto(program)
    manager.goto(address)
    expect(manager.locator(".progress")).to_contain_text(
        "5000 added, 0 changed, 0 unchanged, 0 skipped", timeout=30_000
    )

    # Found.
    manager.get_by_role("link", name="See the roster").click()
    expect(manager.locator("main")).to_contain_text("5000 people on the roster")
    expect(manager.locator("tbody tr")).to_have_count(50)
    manager.get_by_role("link", name="Next", exact=True).click()
    expect(manager.locator("main")).to_contain_text("51 to 100 of 5000")
    manager.get_by_label("Name, address or organization").fill(" 4321")
    manager.get_by_role("button", name="Find").click()
    expect(manager.locator("tbody tr")).to_have_count(1)

    # Formed, published and invited, each by a job with its progress.
    manager.goto(f"{program}formations/")
    manager.get_by_label("Homework needs a stable team").check()
    manager.get_by_role("spinbutton", name="Smallest size").fill("8")
    manager.get_by_role("spinbutton", name="Largest size").fill("15")
    manager.get_by_role("button", name="Work out a proposal").click()
    expect(manager.get_by_role("link", name="Publish and invite")).to_be_visible(timeout=120_000)
    expect(manager.locator("main")).to_contain_text(re.compile("5[,.]?000 people"))
    manager.get_by_role("link", name="Publish and invite").click()
    manager.wait_for_url("**/publication/")
    manager.locator("form.form button.button-main").click()
    manager.get_by_role("link", name="Go to the program board").click(timeout=120_000)
    expect(manager.locator("tbody tr").first).to_be_visible()
