"""A leader opens the charter template filled with the community's facts, copies it, and takes it as Word."""

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.browser import go_by
from tests.journeys.live import Enter, assert_fits_all

pytestmark = pytest.mark.browser


def test_a_leader_copies_the_charter_into_the_library_and_takes_it_as_word(enter: Enter) -> None:
    leader = enter("leader")
    community = str(leader.get_by_role("link", name="Rural transport").first.get_attribute("href"))
    leader.goto(f"{community}library/")
    go_by(leader.get_by_role("link", name="Templates"))
    expect(leader.get_by_role("heading", level=3)).to_have_count(6)
    assert_fits_all((leader, (1360, 320)))
    leader.set_viewport_size({"width": 1360, "height": 860})

    go_by(leader.get_by_role("link", name="Charter", exact=True))
    words = leader.get_by_role("article")
    expect(words.get_by_role("row", name="Our name Rural transport")).to_be_visible()
    expect(words.get_by_text("______________ (our mission, in one sentence)")).to_be_visible()
    assert_fits_all((leader, (1360, 320)))
    leader.set_viewport_size({"width": 1360, "height": 860})

    with leader.expect_download() as taken:
        leader.get_by_role("link", name="Word").click()
    document = Document(str(taken.value.path()))
    assert taken.value.suggested_filename == "charter-rural-transport.docx"
    assert "Rural transport" in [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "☐\tEverybody was asked by name" in [each.text for each in document.paragraphs]

    go_by(leader.get_by_role("button", name="Copy into our library"))
    expect(leader.get_by_role("heading", name="Charter", exact=True)).to_be_visible()
    expect(leader.get_by_role("row", name="Our name Rural transport")).to_be_visible()
    expect(leader.get_by_role("link", name="Change the text")).to_be_visible()
