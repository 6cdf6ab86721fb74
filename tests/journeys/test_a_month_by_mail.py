"""A member who never signs in lives a month by mail alone: invited, says yes, tells when she can, comes, says
what it was worth, asks, is helped, and reports what she tried."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from email.message import EmailMessage
from unittest.mock import patch

import pytest
from django.utils import timezone

from coppice.communities.actions import invitations
from coppice.communities.models import InvitationWord, Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_staff
from coppice.conversations import tasks as talk_tasks
from coppice.conversations.actions import posts, threads
from coppice.conversations.actions.posts import Words
from coppice.conversations.models import Help, Post, Thread
from coppice.meetings import actions as meetings
from coppice.meetings import tasks as meeting_tasks
from coppice.meetings.actions import time_polls
from coppice.meetings.models import FollowUp, MeetingReply, PulseAnswer, TimeAnswer
from coppice.notifications import mail
from coppice.notifications.inbound import handling, taking
from coppice.notifications.inbound_models import ReceivedMail
from coppice.notifications.models import Message
from coppice.notifications.tests.mails import make_mail

pytestmark = pytest.mark.django_db
DOMAIN = "in.coppice.example"
QUOTED = "\n\nOn Tue, 24 Nov 2026 at 09:12, Coppice <post@coppice.example> wrote:\n> {}\n"


class Mailbox:
    """Somebody's mailbox, and the mail program in which they answer."""

    def __init__(self, person) -> None:
        self.person = person

    def newest(self, words: str) -> EmailMessage:
        """The newest mail whose subject or text has these words, as it went over the wire."""
        found = [
            each
            for each in Message.objects.filter(recipient=self.person)
            if words in each.subject + each.text
        ]
        return mail.build(found[0]).message()

    def answer(self, words: str, text: str) -> ReceivedMail:
        """Reply to that mail, above its quotation."""
        asked = self.newest(words)
        return self.send(asked["Reply-To"], text + QUOTED.format(asked["Subject"]), f"Re: {asked['Subject']}")

    def send(self, to: str, text: str, subject: str) -> ReceivedMail:
        """Write to an address; the carrier brings the same mail twice, as carriers do."""
        raw = make_mail(to=to, sender=self.person.email, text=text, Subject=subject)
        for _time in range(2):
            taking.take(raw, mail_from=self.person.email, rcpt_tos=[to.rpartition("<")[2].strip(">")])
            handling.handle_due()
        return ReceivedMail.objects.latest("pk")


@pytest.fixture
def later() -> Iterator[Callable[..., datetime]]:
    """Return a function that lets time pass, and returns what the clock then shows."""
    with ExitStack() as stack:
        shows = [timezone.now() + timedelta(hours=1)]  # rows that were made due by the real clock are due
        stack.enter_context(patch("django.utils.timezone.now", side_effect=lambda: shows[0]))

        def pass_by(**step: int) -> datetime:
            shows[0] += timedelta(**step)
            return shows[0]

        yield pass_by


def test_a_member_lives_a_month_by_mail_alone(later, settings, tmp_path):
    settings.MAIL_INBOUND_DOMAIN = DOMAIN
    settings.BASE_URL = "https://coppice.example"
    settings.MAIL_FROM = "Coppice <post@coppice.example>"
    settings.MEDIA_ROOT = tmp_path
    community = make_community(name="Rural transport")
    staff = make_staff(community.program)
    rosa = add_member(community, "Rosa Lee", role=Membership.Role.LEADER)
    roster = enroll(community.program, "Mei Tanaka")
    mei = Mailbox(roster.person)

    # She is invited, and says yes with a question.
    [place] = invitations.invite(community, invitees=[invitations.Invitee(roster)], by=staff)
    mei.answer("Rural transport", "Yes, gladly. Do I need a computer?")
    place.refresh_from_db()
    assert place.state == Membership.State.ACTIVE
    assert "computer" in InvitationWord.objects.get(membership=place).text

    # When can she? At the first and the third time.
    now = later(days=1)
    starts = [now + timedelta(days=days) for days in (5, 6, 7)]
    poll = time_polls.ask(
        community,
        title="First meeting",
        minutes=60,
        time_zone="UTC",
        starts=starts,
        closes_on=(now + timedelta(days=3)).date(),
        by=rosa.person,
    )
    mei.answer("First meeting", "1 and 3")
    said = TimeAnswer.objects.filter(membership=place).order_by("time__starts_at")
    assert [each.answer for each in said] == ["yes", "no", "yes"]

    # The third is planned. She comes.
    meeting = time_polls.plan(
        poll.times.get(starts_at=starts[2]),
        title="First meeting",
        starts_at=starts[2],
        ends_at=starts[2] + timedelta(hours=1),
        time_zone="UTC",
        by=rosa.person,
    )
    mei.answer("First meeting", "yes!")
    assert MeetingReply.objects.get(membership=place).answer == MeetingReply.Answer.COMING
    later(days=7, hours=2)
    meetings.take_attendance(meeting, present=[place.pk, rosa.pk], by=rosa.person)

    # After nine of the next morning she says what it was worth, and what she will try.
    later(days=2)
    meeting_tasks.send_pulses.call()
    mei.answer("worth", "5 I will call people the day before")
    given = PulseAnswer.objects.get(membership=place)
    assert (given.worth, given.will_try) == (5, "I will call people the day before")

    # She asks the whole group, by a new mail to its address, and is helped.
    group = mei.newest("First meeting")["List-Post"].strip("<>").removeprefix("mailto:")
    mei.send(group, "We need to bring nine people to the clinic.\n\n-- \nMei", "Who has a van on Fridays?")
    thread = Thread.objects.get(title="Who has a van on Fridays?")
    assert (thread.kind, thread.started_by, thread.posts.get().markdown) == (
        Thread.Kind.QUESTION,
        mei.person,
        "We need to bring nine people to the clinic.",
    )
    posts.reply(thread, by=rosa.person, words=Words("We have one, and a driver."))
    later(minutes=5)
    talk_tasks.tell_what_is_left.call()
    assert "We have one, and a driver." in mei.newest("Who has a van").get_body(("plain",)).get_content()
    mei.answer("We have one, and a driver.", "Wonderful, thank you. This Friday at nine?")
    assert [(post.author, post.via) for post in thread.posts.order_by("pk")] == [
        (mei.person, Post.Via.MAIL),
        (rosa.person, Post.Via.PAGE),
        (mei.person, Post.Via.MAIL),
    ]
    threads.settle(thread, by=rosa.person, helpers=[rosa.person_id])
    assert [(each.asker, each.helper) for each in Help.objects.all()] == [(mei.person, rosa.person)]

    # A month later she reports what she tried.
    later(days=30)
    meeting_tasks.ask_follow_ups.call()
    mei.answer("try", "3 We call everybody now. Two of three come.")
    told = FollowUp.objects.get(membership=place)
    assert (told.tried, told.story) == (3, "We call everybody now. Two of three come.")

    mei.person.refresh_from_db()
    assert mei.person.last_login is None
    assert set(ReceivedMail.objects.values_list("outcome", flat=True)) == {ReceivedMail.Outcome.TAKEN}
