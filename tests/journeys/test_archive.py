"""A leader brings in the archive of a mailing list, finds its conversations, and brings it in once more."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from coppice.conversations import tasks
from coppice.conversations.import_models import Archive
from coppice.conversations.models import Thread
from coppice.conversations.tests.archives import FOLDER
from tests.browser import go_by
from tests.journeys.pages import checked

pytestmark = pytest.mark.browser


def send(page: Page) -> Archive:
    """Send the list's archive by the page on which the leader is, and have it read."""
    page.get_by_label("File", exact=True).set_input_files(FOLDER / "rides.mbox")
    expect(page.get_by_text("The file is here.")).to_be_visible()
    go_by(page.get_by_role("button", name="Upload and look"))
    archive = Archive.objects.latest("pk")
    tasks.read_archive.func(archive.pk)
    page.goto(archive.get_absolute_url())
    return archive


def test_a_list_comes_in_once_however_often_its_archive_is_brought(look, cast):
    community = cast.ours.community
    before = community.threads.count()
    leader = look(cast.people["leader"], reverse("conversations:threads", args=[community.pk]))

    go_by(leader.get_by_role("link", name="Bring in an archive"))
    checked(leader, "archives")
    archive = send(leader)
    expect(leader.get_by_role("button", name="Bring 50 posts in")).to_be_visible()
    checked(leader, "preview")
    go_by(leader.get_by_role("button", name="Bring 50 posts in"))
    checked(leader, "bringing")
    tasks.bring_archive_in.func(archive.pk)
    leader.goto(archive.get_absolute_url())
    expect(leader.get_by_text("50 posts were brought in.")).to_be_visible()
    checked(leader, "brought")
    go_by(leader.get_by_role("link", name="Look at the conversations"))
    go_by(leader.get_by_role("link", name="Van with a lift, who has one?").first)
    expect(leader.get_by_text("You have saved our Easter.")).to_be_visible()
    checked(leader, "thread")

    leader.goto(Thread.objects.get(title="The card on the fridge").get_absolute_url())
    go_by(leader.get_by_role("link", name="show the whole"))
    expect(leader.get_by_text("Bigger letters!")).to_be_visible()
    checked(leader, "original")

    leader.goto(reverse("conversations:archives", args=[community.pk]))
    send(leader)
    expect(leader.get_by_text("50: here already")).to_be_visible()
    expect(leader.get_by_role("button", name="Throw the file away")).to_be_visible()
    expect(leader.get_by_role("button", name="Bring")).to_have_count(0)
    checked(leader, "again")
    assert community.threads.count() == before + 11

    leader.goto(reverse("conversations:archive_returning", args=[archive.pk]))
    checked(leader, "returning")
    go_by(leader.get_by_role("button", name="Take it back"))
    tasks.take_archive_back.func(archive.pk)
    leader.goto(archive.get_absolute_url())
    expect(leader.get_by_text("Everything that it brought was taken back.")).to_be_visible()
    checked(leader, "returned")
    assert community.threads.count() == before
