"""Telling people of posts, and bringing asks to those who offer help."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_staff
from coppice.conversations import tasks
from coppice.conversations.actions import posts, readings, telling
from coppice.conversations.board import audience
from coppice.conversations.circle import circle_of
from coppice.conversations.models import Post, Thread
from coppice.conversations.reading_models import Routing
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.notifications.actions import mute
from coppice.notifications.models import Line, Message, Rhythm
from coppice.notifications.tellings import counted, reworded, worth_telling
from coppice.profiles.models import Audience
from coppice.profiles.tests.factories import make_topic, offer

pytestmark = pytest.mark.django_db


def told(post: Post) -> dict[str, Message]:
    return {each.recipient.name: each for each in Message.objects.filter(occasion=f"post:{post.pk}")}


def test_a_post_is_mailed_once_to_whom_it_concerns():
    ana, _ben, cora, dan = make_circle("Ana Ruiz", "Ben Ode", "Cora Li", "Dan Poe")
    add_member(ana.community, "Eve", state=Membership.State.PAUSED)
    add_member(ana.community, "Fay", enrollment=enroll(ana.community.program, "Fay", email=""))
    make_staff(ana.community.program, "Gus")
    mute(cora.person, list_key=ana.community.list_key)
    thread = begin(ana)
    readings.mute(thread, by=dan.person)

    for _time in range(2):
        tasks.tell.func(thread.posts.get().pk)
        tasks.tell_what_is_left.func()

    mails = told(thread.posts.get())
    assert set(mails) == {"Ben Ode"}
    mail = mails["Ben Ode"]
    assert (mail.subject, mail.sender_name) == ("Who drives on Sundays?", "Ana Ruiz via Rural transport")
    assert (mail.thread, mail.list_key, mail.about) == (
        f"thread-{thread.pk}",
        ana.community.list_key,
        ana.person,
    )
    assert "Ana Ruiz asks a question" in mail.text
    assert "We need two people." in mail.html


def test_a_reply_quotes_and_whom_it_names_is_told_although_muted():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    staff = make_staff(ana.community.program, "Gus Moe")
    thread = begin(ana)
    readings.mute(thread, by=ana.person)

    post = say(thread, ben, "@Ana Ruiz, @Gus Moe: yes & no", quoted=thread.posts.get(), quoted_text="two")
    telling.tell(post.pk)

    mails = told(post)
    assert set(mails) == {"Ana Ruiz", staff.name}
    assert mails["Ana Ruiz"].subject == "Re: Who drives on Sundays?"
    assert "Ana Ruiz wrote:\n> two" in mails["Ana Ruiz"].text
    assert "yes & no" in mails["Ana Ruiz"].text
    assert "because Ben Ode names you" in mails["Ana Ruiz"].text


def test_a_changed_post_tells_only_whom_it_names_anew():
    ana, _ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    post = begin(ana, markdown="@Ben Ode").posts.get()
    readings.mute(post.thread, by=cora.person)
    assert telling.tell_mentioned(post.pk) == 0
    telling.tell(post.pk)

    posts.change(post, by=ana.person, markdown="@Ben Ode @Cora Li")

    assert [telling.tell_mentioned(post.pk) for _time in range(2)] == [1, 0]
    assert set(told(post)) == {"Ben Ode", "Cora Li"}


def test_a_job_that_was_lost_is_done_by_the_clock():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    post = begin(ana).posts.get()
    hidden = say(post.thread, ana)
    now = timezone.now()
    Post.objects.update(created_at=now - timedelta(minutes=3))
    Post.objects.filter(pk=hidden.pk).update(hidden_at=now)

    tasks.tell_what_is_left.func()

    assert len(told(post)) == 1
    assert not told(hidden)


def test_as_many_questions_for_many_as_for_few(django_assert_max_num_queries):
    ana, *_others = make_circle("Ana Ruiz", *(f"Person {number}" for number in range(30)))
    post = begin(ana).posts.get()

    with django_assert_max_num_queries(16):
        assert telling.tell(post.pk) == 30


def test_an_ask_is_brought_to_at_most_three_who_offer_it_and_not_too_often():
    ana, *others = make_circle("Ana Ruiz", *(f"Person {number}" for number in range(7)))
    topic = make_topic(ana.community.program, "Rides")
    for member, level in zip(others[:5], ["begun", "shows", "does", "does", "does"], strict=True):
        offer(member.enrollment, "Rides", level=level)
    offer(others[5].enrollment, "Rides", audience=Audience.STAFF)
    offer(ana.enrollment, "Rides")
    for number in range(3):
        Routing.objects.create(
            thread=begin(ana, title=f"Old {number}", kind="story"),
            person=others[2].person,
            topic_said="Rides",
        )

    thread = begin(ana, title="Who gives RIDES on Sundays?", kind=Thread.Kind.ASK)
    telling.tell(thread.posts.get().pk)

    routed = thread.routings.order_by("pk")
    assert [each.person for each in routed] == [others[1].person, others[3].person, others[4].person]
    mails = told(thread.posts.get())
    assert len(mails) == 7
    assert "You offer help with Rides. Could you answer?" in mails["Person 1"].text
    assert "You offer help with" not in mails["Person 2"].text
    assert topic.name == "Rides"


def test_an_update_or_a_reply_is_brought_to_nobody():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    topic = make_topic(ana.community.program, "Rides")
    offer(ben.enrollment, "Rides")
    update, ask = begin(ana, kind="update", topic=topic), begin(ana, kind="ask", topic=topic)

    for post in (update.posts.get(), ask.posts.get(), say(ask, ana, "Rides!")):
        telling.tell(post.pk)

    assert [each.thread for each in Routing.objects.all()] == [ask]


def test_whoever_wants_a_digest_gets_a_line_unless_they_have_read_it():
    ana, ben, cora, dan = make_circle("Ana Ruiz", "Ben Ode", "Cora Li", "Dan Poe")
    for member in (ben, cora, dan):
        Rhythm.objects.create(person=member.person, list_key=ana.community.list_key, rhythm="daily")
    post = begin(ana, markdown="@Ben Ode, who?", kind=Thread.Kind.DECISION).posts.get()

    assert telling.tell(post.pk) == 3

    assert not told(post)
    lines = Line.objects.order_by("pk")
    readings.mute(post.thread, by=ben.person)
    readings.mute(post.thread, by=dan.person)
    assert worth_telling(lines) == {lines[0].pk, lines[1].pk}
    readings.unmute(post.thread, by=dan.person)
    assert [(each.person, each.section, each.title, each.words) for each in lines] == [
        (ben.person, "answer", "Who drives on Sundays?", "Ana Ruiz: @Ben Ode, who?"),
        (cora.person, "decisions", "Who drives on Sundays?", "Ana Ruiz: @Ben Ode, who?"),
        (dan.person, "decisions", "Who drives on Sundays?", "Ana Ruiz: @Ben Ode, who?"),
    ]
    readings.read(post.thread, by=ben.person)
    cora.state = Membership.State.LEFT
    cora.save()
    assert worth_telling(lines) == {lines[2].pk}
    readings.read_all(ana.community, by=dan.person)
    assert worth_telling(lines) == set()
    Post.objects.update(hidden_at=timezone.now())
    assert worth_telling(lines) == set()
    assert counted("post", 3) == "3 new posts"


def test_who_gets_it_in_a_digest_is_said_before_posting():
    ana, ben, _cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    Rhythm.objects.create(person=ben.person, list_key=ana.community.list_key, rhythm="weekly")

    said = audience(circle_of(ana.community), writer_id=ana.person_id)

    assert (said.mailed, said.later, said.without) == (1, 1, 0)


def test_two_jobs_at_once_tell_of_a_post_once_and_a_post_that_is_gone_is_told_of_by_none(monkeypatch):
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    post = begin(ana).posts.get()
    Post.objects.update(told_at=None)
    composed = telling._told

    def overtaken(*told):
        letters = composed(*told)
        Post.objects.filter(pk=post.pk).update(told_at=timezone.now())  # the other job was quicker
        return letters

    monkeypatch.setattr(telling, "_told", overtaken)

    assert (telling.tell(post.pk), telling.tell(0), Message.objects.count()) == (0, 0, 0)


def test_a_digest_says_what_a_post_and_its_title_say_by_then():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    Rhythm.objects.create(person=ben.person, list_key=ana.community.list_key, rhythm="daily")
    thread = begin(ana, markdown="Who drives?")
    first = thread.posts.get()
    second, third = say(thread, ana, "A secret."), say(thread, ana, "Still true.")
    for post in (first, second, third):
        telling.tell(post.pk)
    posts.change(first, by=ana.person, markdown="Who drives on **Monday**?")
    posts.take_back(second, by=ana.person)
    Thread.objects.update(title="Who drives on Mondays?")
    lines = list(Line.objects.order_by("pk"))

    reworded(lines)

    assert [(line.title, line.words) for line in lines] == [
        ("Who drives on Mondays?", "Ana Ruiz: Who drives on Monday?"),
        ("Who drives on Mondays?", "Ana Ruiz: Still true."),
    ]
