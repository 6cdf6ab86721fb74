"""A lesson from a conversation, written on a phone, read by another, tried by a third who read her digest."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from coppice.communities.tests.factories import add_member, make_community
from coppice.conversations.tests.factories import begin
from coppice.library import tasks
from coppice.library.practice_models import Practice
from coppice.notifications import digests
from coppice.notifications.models import Line, Message, Rhythm
from tests.browser import go_by
from tests.journeys.pages import checked

pytestmark = pytest.mark.browser


def test_a_lesson_goes_from_a_phone_to_somebody_who_tries_it(look):
    community = make_community(name="Volunteer retention")
    ana, ben, cora = (add_member(community, name=name) for name in ("Ana Ruiz", "Ben Ode", "Cora Li"))
    Rhythm.objects.create(person=cora.person, list_key=community.list_key, rhythm="weekly")
    thread = begin(ana, "We called them too late", kind="story", markdown="Nobody came a second time.")

    phone = look(ana.person, thread.get_absolute_url(), width=360)
    go_by(phone.get_by_role("link", name="Keep this as a practice"))
    checked(phone, "kinds")
    go_by(phone.get_by_role("link", name="Lesson learned"))
    learnt = phone.get_by_label("What did you learn, in one sentence?")
    expect(learnt).to_have_value("We called them too late")
    expect(phone.get_by_label("What happened?")).to_have_value("Nobody came a second time.")
    go_by(phone.get_by_role("button", name="Keep it as a draft"))
    checked(phone, "missing")
    phone.get_by_label("Where was it, and who was concerned?").fill("A pantry with forty volunteers")
    phone.get_by_label("What will you do another time?").fill("- Call on the **same** evening")
    phone.get_by_label("How do you know?").select_option("Somebody tried it once")
    go_by(phone.get_by_role("button", name="Keep it as a draft"))
    checked(phone, "draft")
    go_by(phone.get_by_role("button", name="Ask the others to read it"))

    practice = Practice.objects.get()
    reviewer = look(ben.person, reverse("library:library", args=[community.pk]))
    go_by(reviewer.get_by_role("link", name="Practices"))
    checked(reviewer, "waiting")
    go_by(reviewer.get_by_role("link", name="We called them too late"))
    go_by(reviewer.get_by_role("link", name="Say what you think"))
    reviewer.get_by_label("What is good?").fill("I could begin tomorrow")
    reviewer.get_by_label("Yes, it is ready").check()
    checked(reviewer, "review")
    go_by(reviewer.get_by_role("button", name="Send my review"))

    phone.goto(practice.get_absolute_url())
    checked(phone, "reviewed")
    go_by(phone.get_by_role("button", name="Publish it"))
    tasks.tell_practice.func(practice.pk)
    Line.objects.update(due_at=timezone.now() - timedelta(hours=1))
    digests.tell_due()
    digest = Message.objects.get(recipient=cora.person)
    assert "New practices" in digest.text
    [path] = set(re.findall(rf"(/practices/{practice.pk}/)", digest.text))

    third = look(cora.person, path, width=360)
    expect(third.locator("main")).to_contain_text("Call on the same evening")
    third.get_by_label("How did it go, in one line?").fill("Three of four stayed")
    checked(third, "published")
    third.get_by_label("How did it go, in one line?").press("Tab")
    third.keyboard.press("Enter")
    expect(third.locator("main")).to_contain_text("1 member tried it.")
    expect(third.locator("main")).to_contain_text("Three of four stayed")
    checked(third, "tried")
    phone.goto(thread.get_absolute_url())
    expect(phone.get_by_role("link", name="Kept as a practice")).to_be_visible()
