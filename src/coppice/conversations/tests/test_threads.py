"""Answering, reading and muting."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from coppice.communities.models import Community
from coppice.communities.talk_ways import Trace, source_of
from coppice.communities.tests.factories import make_staff
from coppice.conversations import errors
from coppice.conversations.actions import readings, threads
from coppice.conversations.board import audience, board
from coppice.conversations.circle import circle_of
from coppice.conversations.lists import news, talk
from coppice.conversations.models import Help, Thread
from coppice.conversations.queries import count_new, thread_of
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.history.models import Entry
from coppice.notifications.actions import mute

pytestmark = pytest.mark.django_db


def test_a_question_is_answered_by_a_post_and_by_people():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ana)
    reply = say(thread, ben)

    threads.settle(thread, by=ana.person, post=reply)
    thread = threads.settle(thread, by=ana.person, helpers=[cora.person_id, ana.person_id])

    assert thread.is_settled
    assert list(Help.objects.order_by("pk").values_list("asker", "helper", "post")) == [
        (ana.person_id, ben.person_id, reply.pk),
        (ana.person_id, cora.person_id, None),
    ]
    assert list(Entry.objects.filter(verb="thread.helped").values_list("about", flat=True)) == [
        cora.person_id,
        ben.person_id,
    ]
    assert not any("Sundays" in each.subject_name for each in Entry.objects.exclude(verb="thread.started"))


def test_answering_can_be_taken_back():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    threads.settle(thread, by=ana.person, post=say(thread, ben))

    for _time in range(2):
        thread = threads.unsettle(thread, by=ana.person)

    assert not thread.is_settled
    assert not Help.objects.exists()
    assert Entry.objects.filter(verb="thread.unsettled").count() == 1


def test_what_cannot_be_answered():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    (stranger,) = make_circle("Dan Poe")
    update, question = begin(ana, kind=Thread.Kind.UPDATE), begin(ana)

    with pytest.raises(errors.NotAQuestion):
        threads.settle(update, by=ana.person)
    with pytest.raises(errors.NotOfThisThread):
        threads.settle(question, by=ana.person, post=say(update, ben))
    with pytest.raises(errors.NobodyHere):
        threads.settle(question, by=ana.person, helpers=[stranger.person_id])


def test_a_question_that_is_none_any_more_is_not_answered_either():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    thread = threads.settle(thread, by=ana.person, post=say(thread, ben))

    thread = threads.correct(thread, by=ana.person, kind="story", title="Sundays", topic=None)
    threads.correct(thread, by=ana.person, kind="story", title="Sundays", topic=None)

    assert (thread.is_settled, Help.objects.count()) == (False, 0)
    assert Entry.objects.filter(verb="thread.corrected").count() == 1
    with pytest.raises(errors.NoTitle):
        threads.correct(thread, by=ana.person, kind="story", title=" ", topic=None)


def test_what_is_new_to_whom():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    staff = make_staff(ana.community.program)
    thread, other = begin(ana), begin(ana, title="Other")
    say(thread, ana)

    [newest, older] = news(ana.community, ben.person)
    assert [(newest.thread, newest.new), (older.thread, older.new)] == [(thread, 2), (other, 1)]
    assert (newest.last_by, newest.last_words) == ("Ana Ruiz", "I can.")
    assert [count_new(each, ana.community) for each in (ana.person, ben.person, staff)] == [0, 2, 0]

    readings.read(thread_of(ben.person, thread_id=thread.pk), by=ben.person)
    readings.mute(other, by=ben.person)
    say(other, ana)
    assert count_new(ben.person, ana.community) == 0
    assert [each.thread for each in talk(ana.community, ben.person).lines] == [other, thread]

    readings.unmute(other, by=ben.person)
    assert count_new(ben.person, ana.community) == 1
    readings.read_all(ana.community, by=ben.person)
    assert count_new(ben.person, ana.community) == 0


def test_reading_goes_only_forward():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    first = thread.posts.get().written_at
    last = say(thread, ana).written_at

    readings.read(thread, by=ben.person, until=last)
    readings.read(thread, by=ben.person, until=first)

    assert thread_of(ben.person, thread_id=thread.pk).read_at == last


def test_staff_hear_of_what_they_wrote_in():
    (ana,) = make_circle("Ana Ruiz")
    staff = make_staff(ana.community.program)
    thread = begin(ana)
    readings.read(thread, by=staff)

    say(thread, ana)

    assert count_new(staff, ana.community) == 1


def test_the_list_pages_by_key():
    (ana,) = make_circle("Ana Ruiz")
    made = [begin(ana, title=f"Number {number}") for number in range(27)]

    first = talk(ana.community, ana.person)
    second = talk(ana.community, ana.person, after=first.after)

    shown = [line.thread for line in [*first.lines, *second.lines]]
    assert shown == made[::-1]
    assert (len(first.lines), second.after) == (25, "")
    for nonsense in ("x", "_", "2026-01-01_1", "2026-01-01T00:00:00+00:00_99999999999999999999"):
        assert talk(ana.community, ana.person, after=nonsense).lines[0].thread == made[-1]


def test_who_reads_and_who_gets_mail_is_exact():
    ana, ben, cora, dan = make_circle("Ana Ruiz", "Ben Ode", "Cora Li", "Dan Poe")
    make_staff(ana.community.program)
    mute(cora.person, list_key=ana.community.list_key)
    thread = begin(ana)
    readings.mute(thread, by=dan.person)

    here = audience(circle_of(ana.community), writer_id=ana.person_id)
    within = thread_of(ben.person, thread_id=thread.pk)
    there = audience(circle_of(within.community), writer_id=ana.person_id)

    assert (here.members, here.staff, here.mailed, here.without) == (3, 1, 2, 1)
    assert (there.mailed, there.without) == (1, 2)


def test_a_long_thread_opens_where_it_is_new():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    sent = [say(thread, ana, f"Post {number}") for number in range(110)]
    readings.read(thread, by=ben.person, until=sent[60].written_at)

    def opened(**wanted: str) -> tuple[int, int]:
        page = board(thread_of(ben.person, thread_id=thread.pk), ben.person, **wanted).page
        return page.number, page.paginator.num_pages

    assert opened() == (2, 3)
    assert opened(post_id=str(sent[108].pk)) == (3, 3)
    assert opened(number="1") == (1, 3)
    readings.read(thread, by=ben.person)
    assert opened() == (3, 3)


def test_a_pause_of_mail_that_is_over_counts_no_longer(monkeypatch):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    begin(ana)
    mute(ben.person, list_key=ben.community.list_key, until=timezone.now() + timedelta(minutes=5))
    during = circle_of(Community.objects.get(pk=ana.community_id)).people[ben.person_id].is_muted

    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(minutes=6))
    after = circle_of(Community.objects.get(pk=ana.community_id)).people[ben.person_id].is_muted

    assert (during, after) == (True, False)


def test_other_rooms_name_a_conversation_for_who_may_read_it():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    stranger, _other = make_circle("Cy Fox", "Di Low")
    thread = begin(ana)

    assert source_of(ana.person, ana.community, thread.pk) == Trace(
        thread.title, "", thread.get_absolute_url()
    )
    assert source_of(stranger.person, ana.community, thread.pk) is None
    assert source_of(ana.person, stranger.community, thread.pk) is None
