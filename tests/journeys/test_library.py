"""From the plan's answer to folders; a file over a line that breaks, which a member opens on a phone."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from coppice.library.models import Item
from tests.browser import go_by
from tests.journeys.pages import checked

pytestmark = pytest.mark.browser
WORDS = b"Call before the third day, and say who you are.\n" * 25_000


class Line:
    """A line that carries pieces of files or does not, and remembers from which byte each began."""

    def __init__(self, carries: int) -> None:
        self.carries = carries
        self.offsets: list[int] = []

    def __call__(self, route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        self.offsets.append(int(route.request.headers["upload-offset"]))
        self.carries -= 1
        if self.carries < 0:
            route.abort()
        else:
            route.continue_()


def test_folders_come_from_the_plan_and_a_file_over_a_line_that_breaks(look, cast, tmp_path):
    community = cast.ours.community
    leader = look(cast.people["leader"], reverse("communities:plan_question", args=[community.pk, "sharing"]))

    leader.get_by_label("Folders of our library").fill("Meetings\nTools that work")
    leader.get_by_label("What never goes in").fill("Names of clients")
    checked(leader, "answer")
    go_by(leader.get_by_role("button", name="Save"))
    go_by(leader.get_by_role("link", name="Make these 2 folders"))
    leader.get_by_label("Folder 1").fill("Minutes")
    checked(leader, "planned")
    go_by(leader.get_by_role("button", name="Make these 2 folders"))
    expect(leader.get_by_role("link", name="Minutes")).to_be_visible()
    expect(leader.locator("main")).to_contain_text("What never goes in: Names of clients")
    checked(leader, "library")

    handbook, line = tmp_path / "handbook.txt", Line(carries=1)
    handbook.write_bytes(WORDS)
    leader.route("**/library-uploads/**", line)
    go_by(leader.get_by_role("link", name="Add a file"))
    leader.get_by_label("File", exact=True).set_input_files(handbook)
    expect(leader.get_by_text("The line is gone.")).to_be_visible()
    checked(leader, "lost")
    leader.reload()
    expect(leader.get_by_text("Files that did not arrive")).to_be_visible()
    arrived, line.carries, line.offsets = line.offsets[1], 100, []
    leader.get_by_label("File", exact=True).set_input_files(handbook)
    expect(leader.get_by_text("The file is here.")).to_be_visible()
    assert line.offsets[0] == arrived > 0
    expect(leader.get_by_label("Title")).to_have_value("handbook")
    leader.get_by_label("Title").fill("Handbook for buddies")
    leader.get_by_label("Folder (optional)").select_option("Tools that work")
    leader.get_by_label("Our own").check()
    checked(leader, "here")
    go_by(leader.get_by_role("button", name="Put it into the library"))
    checked(leader, "item")

    phone = look(cast.people["member"], reverse("library:library", args=[community.pk]), width=360)
    go_by(phone.get_by_role("link", name="Tools that work"))
    go_by(phone.get_by_role("link", name="Handbook for buddies"))
    expect(phone.get_by_text("Call before the third day").first).to_be_visible()
    with phone.expect_download() as saved:
        phone.get_by_role("link", name="Download").click()
    assert Path(saved.value.path()).read_bytes() == WORDS
    assert Item.objects.get(title="Handbook for buddies").current.name == "handbook.txt"
