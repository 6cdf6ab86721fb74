"""A leader moderates, by keyboard: flags, hiding with a reason, putting back, the first post of somebody."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from coppice.communities.tests.factories import add_member
from coppice.conversations.models import Post
from coppice.conversations.tests.factories import say
from coppice.notifications.models import Message
from tests.cast import Cast
from tests.journeys.pages import checked

pytestmark = pytest.mark.browser


def press(place: Locator, key: str = "Enter") -> None:
    """Reach a place by keyboard and press it; another page comes."""
    place.focus()
    with place.page.expect_navigation():
        place.page.keyboard.press(key)


def write(place: Locator, words: str) -> None:
    place.focus()
    place.page.keyboard.type(words)


def test_a_leader_moderates_by_keyboard(look, cast: Cast):
    community, thread = cast.ours.community, cast.ours.thread
    zoe, yan = (add_member(community, name) for name in ("Zoe Bell", "Yan Oak"))
    post = say(thread, zoe, "Call my brother, he sells vans.")

    member = look(cast.people["member"], post.get_absolute_url())
    member.locator(f"#post-{post.pk} summary").focus()
    member.keyboard.press("Enter")
    press(member.get_by_role("link", name="Flag Zoe Bell"))
    checked(member, "flag")
    press(member.get_by_role("button", name="Flag it"))
    checked(member, "flag-wrong")
    member.get_by_label("It advertises or sells").focus()
    member.keyboard.press("Space")
    write(member.get_by_label("In your words"), "Vans again.")
    press(member.get_by_role("button", name="Flag it"))
    expect(member.get_by_text("Flagged. Whoever decides looks at it.")).to_be_visible()

    leader = look(cast.people["leader"], reverse("home:now", args=[community.pk]))
    press(leader.get_by_role("link", name="See and decide"))
    item = leader.get_by_role("article", name="Zoe Bell")
    expect(item).to_contain_text("Vans again.")
    checked(leader, "queue")
    press(item.get_by_role("link", name="Hide it"))
    write(leader.get_by_label("Why"), "We sell nothing here.")
    checked(leader, "hide")
    press(leader.get_by_role("button", name="Hide it"))
    member.reload()
    expect(member.locator(f"#post-{post.pk}")).to_contain_text(
        "Hidden by whoever leads: We sell nothing here."
    )
    expect(member.get_by_text("he sells vans")).to_have_count(0)
    checked(member, "hidden")
    assert "We sell nothing here." in Message.objects.get(occasion=f"post-hidden:{post.pk}").text
    author = look(zoe.person, post.get_absolute_url())
    expect(author.get_by_text("he sells vans")).to_be_visible()
    checked(author, "hidden-mine")
    press(leader.get_by_role("button", name="Show it again Zoe Bell"))
    member.reload()
    expect(member.get_by_text("he sells vans")).to_be_visible()

    press(leader.get_by_role("button", name="Let them wait"))
    new = look(yan.person, reverse("conversations:new", args=[community.pk]))
    new.get_by_label("Question", exact=True).focus()
    new.keyboard.press("Space")
    write(new.get_by_label("Title"), "Who shows me around?")
    write(new.get_by_label("What you want to say"), "I am new here.")
    press(new.get_by_role("button", name="Post it"))
    expect(new.get_by_text("It waits until whoever leads has read it")).to_be_visible()
    checked(new, "waits")
    first = Post.objects.get(author=yan.person)
    member.goto(reverse("conversations:threads", args=[community.pk]))
    expect(member.get_by_text("Who shows me around?")).to_have_count(0)
    leader.reload()
    checked(leader, "queue-first")
    press(leader.get_by_role("button", name="Post it Yan Oak"))
    member.reload()
    expect(member.get_by_role("link", name="Who shows me around?").first).to_be_visible()
    assert Message.objects.filter(occasion=f"post-approved:{first.pk}", recipient=yan.person).exists()
