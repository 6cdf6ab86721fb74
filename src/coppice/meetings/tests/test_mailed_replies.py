"""Answers of calendar programs: read as each of them sends it, counted once, and never for somebody else."""

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from coppice import cli
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community
from coppice.history.models import Entry
from coppice.meetings import actions, errors
from coppice.meetings.actions.mailed_replies import Outcome, take
from coppice.meetings.itip_replies import LARGEST, Unread, UnreadError, read_mail
from coppice.meetings.models import MailedReply, MeetingReply
from coppice.meetings.tests.factories import make_meeting, make_past_meeting, reply
from coppice.meetings.tests.replies import STAMP, mail, mail_of
from coppice.notifications.models import Message

PROGRAMS = ("outlook", "exchange", "gmail", "apple", "thunderbird")
Answer = MeetingReply.Answer
PLAIN = b"text/calendar; method=REPLY; charset=UTF-8"
WORDS = {
    "name": "Ben Member",
    "sender": "Ben@Example.org",
    "attendee": "ben@example.org",
    "uid": "8c5f@coppice",
    "sequence": 3,
    "said": "DECLINED",
    "comment": "",
    "organizer": "",
    "stamp": "20261120T090000Z",
}


@pytest.fixture
def meeting(db):
    return make_meeting(make_community(name="Hedgerow"))


@pytest.fixture
def member(meeting):
    return add_member(meeting.community, "Ben Member")


def said_of(meeting) -> list[str]:
    return [each.answer for each in meeting.replies.all()]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_is_understood(program):
    read = read_mail(mail_of(program, WORDS))

    assert (read.senders, read.attendee) == (frozenset({"ben@example.org"}), "ben@example.org")
    assert (read.uid, read.said, read.sequence, read.stamp) == ("8c5f@coppice", "DECLINED", 3, STAMP)
    assert (read.is_counter, read.occurrence) == (False, None)


def with_line(line: str, **words) -> bytes:
    """A mail of Thunderbird with one line in the place of its ATTENDEE."""
    lines = mail_of("thunderbird", WORDS | words).decode().split("\r\n")
    return "\r\n".join(line if each.startswith("ATTENDEE") else each for each in lines).encode()


@pytest.mark.parametrize(
    ("line", "attendee", "said"),
    [
        ("ATTENDEE;PARTSTAT=accepted:mailto:BEN@example.org", "ben@example.org", "ACCEPTED"),
        ("ATTENDEE;PARTSTAT=TENTATIVE:ben@example.org", "ben@example.org", "TENTATIVE"),
        ('ATTENDEE;PARTSTAT=DECLINED;CN="Ben, M":mailto:<ben@example.org>', "ben@example.org", "DECLINED"),
        ("ATTENDEE;PARTSTAT=ACCEPTED:invalid:nomail", "", "ACCEPTED"),
        ("ATTENDEE;PARTSTAT=ACCEPTED:EX:/O=EXCH/CN=BEN@X", "", "ACCEPTED"),
        ("ATTENDEE:mailto:ben@example.org", "ben@example.org", "NEEDS-ACTION"),
        ("ATTENDEE;PARTSTAT=X-ODD:mailto:ben@example.org", "ben@example.org", "NEEDS-ACTION"),
        (
            'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:eve@example.org":mailto:ben@example.org\r\n'
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@example.org",
            "ben@example.org",
            "DELEGATED",
        ),
        (
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@example.org\r\n"
            "ATTENDEE;PARTSTAT=DECLINED:mailto:ben@example.org",
            "ben@example.org",
            "DECLINED",
        ),
    ],
)
def test_odd_attendees_are_understood(line, attendee, said):
    read = read_mail(with_line(line))

    assert (read.attendee, read.said) == (attendee, said)


def test_what_a_counter_proposes_is_read_by_the_clocks_of_windows():
    read = read_mail(mail_of("outlook", WORDS | {"comment": "An hour\\nlater?"}, method="COUNTER"))

    assert (read.is_counter, read.comment) == (True, "An hour\nlater?")
    assert (read.starts, read.ends) == (
        datetime(2026, 12, 8, 15, tzinfo=UTC),
        datetime(2026, 12, 8, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("line", "occurrence"),
    [
        ("RECURRENCE-ID:20261208T150000Z", datetime(2026, 12, 8, 15, tzinfo=UTC)),
        ("RECURRENCE-ID;TZID=America/New_York:20261208T100000", datetime(2026, 12, 8, 15, tzinfo=UTC)),
        ("RECURRENCE-ID;TZID=Nowhere/Atall:20261208T150000", datetime(2026, 12, 8, 15, tzinfo=UTC)),
        ("RECURRENCE-ID;VALUE=DATE:20261208", datetime(2026, 12, 8, tzinfo=UTC)),
        ("RECURRENCE-ID:whenever", None),
    ],
)
def test_which_meeting_of_a_series_is_meant(line, occurrence):
    raw = mail_of("thunderbird", WORDS).replace(b"SEQUENCE:3", line.encode())

    read = read_mail(raw)

    assert (read.occurrence, read.sequence) == (occurrence, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ((b"METHOD:REPLY", b"METHOD:REQUEST"), Unread.OTHER_METHOD),
        ((b"UID:8c5f@coppice", b"X-UID:1"), Unread.INCOMPLETE),
        ((b"ATTENDEE;", b"X-ATTENDEE;"), Unread.INCOMPLETE),
        ((b"VEVENT", b"VTODO"), Unread.INCOMPLETE),
        ((b"BEGIN:VCALENDAR", b"BEGIN"), Unread.BROKEN),
        ((b"text/calendar", b"text/plain"), Unread.NO_CALENDAR),
        ((PLAIN, b"text/plain\r\nAuto-Submitted: auto-replied"), Unread.AUTOMATIC),
        ((PLAIN, b"text/plain\r\nPrecedence: bulk"), Unread.AUTOMATIC),
        ((PLAIN, b"text/plain\r\nReturn-Path: <>"), Unread.AUTOMATIC),
    ],
)
def test_what_is_no_answer_says_why(change, why):
    with pytest.raises(UnreadError) as refused:
        read_mail(mail_of("thunderbird", WORDS).replace(*change))

    assert refused.value.why is why


def test_a_method_may_stand_in_the_headers_alone():
    read = read_mail(mail_of("thunderbird", WORDS).replace(b"METHOD:REPLY\r\n", b""))

    assert read.said == "DECLINED"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"From: =?x?q?\r\n\r\n", b"x" * (LARGEST + 1)])
def test_what_is_no_mail_is_no_answer(raw):
    with pytest.raises(UnreadError) as refused:
        read_mail(raw)

    assert refused.value.why is (Unread.TOO_LARGE if len(raw) > LARGEST else Unread.NO_CALENDAR)


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_answer_counts_as_the_members_own(program, meeting, member):
    outcome = take(read_mail(mail(program, meeting, member, said="DECLINED")))

    [given] = meeting.replies.all()
    assert (outcome, given.membership, given.answer) == (Outcome.COUNTED, member, Answer.NOT_COMING)
    entry = Entry.objects.get(verb="meeting.replied")
    assert (entry.actor, entry.about) == (member.person, member.person)


def test_a_repeated_mail_counts_once(meeting, member):
    outcomes = [take(read_mail(mail("outlook", meeting, member))) for _ in range(3)]

    assert outcomes == [Outcome.COUNTED, Outcome.REPEATED, Outcome.REPEATED]
    assert Entry.objects.filter(verb="meeting.replied").count() == 1


def test_what_was_said_last_counts_in_whatever_order_mails_come(meeting, member):
    later = take(read_mail(mail("gmail", meeting, member, said="DECLINED", stamp=STAMP + timedelta(hours=1))))
    earlier = take(read_mail(mail("outlook", meeting, member)))

    assert (later, earlier, said_of(meeting)) == (Outcome.COUNTED, Outcome.SUPERSEDED, [Answer.NOT_COMING])


def test_a_page_answered_after_the_mail_was_written_counts(meeting, member):
    reply(meeting, member, Answer.NOT_COMING)

    outcome = take(read_mail(mail("gmail", meeting, member)))

    assert (outcome, said_of(meeting)) == (Outcome.SUPERSEDED, [Answer.NOT_COMING])


def test_a_mail_written_after_the_page_counts(meeting, member):
    given = reply(meeting, member, Answer.NOT_COMING)
    MeetingReply.objects.update(at=STAMP - timedelta(minutes=5))

    outcome = take(read_mail(mail("gmail", meeting, member)))

    given.refresh_from_db()
    assert (outcome, given.answer) == (Outcome.COUNTED, Answer.COMING)


def test_a_maybe_takes_back_what_was_said_and_counts_among_those_yet_to_say(meeting, member):
    take(read_mail(mail("gmail", meeting, member)))
    before = said_of(meeting)
    maybe = mail("gmail", meeting, member, said="TENTATIVE", stamp=STAMP + timedelta(hours=1))

    outcomes = [take(read_mail(maybe)), take(read_mail(mail("gmail", meeting, member)))]
    again = take(
        read_mail(mail("gmail", meeting, member, said="TENTATIVE", stamp=STAMP + timedelta(hours=2)))
    )

    assert (before, said_of(meeting)) == ([Answer.COMING], [])
    assert (outcomes, again) == ([Outcome.MAYBE, Outcome.SUPERSEDED], Outcome.MAYBE)
    assert Entry.objects.filter(verb="meeting.reply_withdrawn").count() == 1


@pytest.mark.parametrize("said", ["DELEGATED", "NEEDS-ACTION"])
def test_what_says_nothing_changes_nothing(said, meeting, member):
    assert take(read_mail(mail("outlook", meeting, member, said=said))) is Outcome.NOTHING_SAID
    assert said_of(meeting) == []


def test_an_answer_to_an_earlier_time_asks_again_and_one_to_an_earlier_title_counts(meeting, member):
    older = mail("outlook", meeting, member)
    moved = actions.change(
        meeting,
        by=None,
        starts_at=meeting.starts_at + timedelta(days=1),
        ends_at=meeting.ends_at + timedelta(days=1),
    )
    renamed = actions.change(moved, by=None, title="Another title")
    of_moved = mail("outlook", renamed, member, sequence=moved.sequence, stamp=STAMP + timedelta(hours=1))

    outcomes = [take(read_mail(older)), take(read_mail(older))]
    before = said_of(meeting)
    counted = take(read_mail(of_moved))

    assert outcomes == [Outcome.ASKED_AGAIN, Outcome.REPEATED]
    assert (before, counted, said_of(meeting)) == ([], Outcome.COUNTED, [Answer.COMING])
    assert Message.objects.filter(occasion=f"meeting-asked_again:{meeting.pk}").count() == 1


def test_a_counter_is_a_note_to_the_leaders_and_its_own_answer(meeting, member):
    leader = add_member(meeting.community, "Ana Leader", role=Membership.Role.LEADER)
    raw = mail("outlook", meeting, member, said="DECLINED", comment="An hour later?", method="COUNTER")

    outcomes = [take(read_mail(raw)), take(read_mail(raw))]

    assert outcomes == [Outcome.PASSED_ON, Outcome.REPEATED]
    assert said_of(meeting) == [Answer.NOT_COMING]
    message = Message.objects.get(occasion=f"meeting-time_proposed:{meeting.pk}")
    assert (message.recipient, message.about) == (leader.person, member.person)
    assert "Ben Member writes: An hour later?" in message.text
    assert "8 December" in message.text


def test_who_is_known_by_no_address_of_the_answer_is_told_by_the_mails(meeting, member):
    raw = mail("thunderbird", meeting, member).replace(
        f"MAILTO:{member.mail_address}".encode(), b"invalid:nomail"
    )

    assert take(read_mail(raw)) is Outcome.COUNTED


def test_both_addresses_of_a_member_are_theirs(meeting, member):
    member.enrollment.email = "office@example.org"
    member.enrollment.save()

    outcome = take(read_mail(mail("gmail", meeting, member, attendee=member.person.email)))

    assert outcome is Outcome.COUNTED


@pytest.mark.parametrize("forged", [{"sender": "eve@example.org"}, {"attendee": "eve@example.org"}])
def test_nobody_answers_for_somebody_else(forged, meeting, member):
    with pytest.raises(errors.UnknownSender):
        take(read_mail(mail("gmail", meeting, member, **forged)))

    assert (said_of(meeting), MailedReply.objects.count()) == ([], 0)


def test_who_has_left_does_not_answer(meeting, member):
    member.state = Membership.State.LEFT
    member.save()

    with pytest.raises(errors.UnknownSender):
        take(read_mail(mail("gmail", meeting, member)))


@pytest.mark.parametrize("uid", ["1@google.com", "8c5f3a52-6d4e-4b1e-9a41-0a3f6a1c9d11@coppice"])
def test_an_invitation_that_is_none_of_ours_is_unknown(uid, meeting, member):
    with pytest.raises(errors.UnknownInvitation):
        take(read_mail(mail("gmail", meeting, member, uid=uid)))


def test_an_occurrence_is_the_meeting_at_its_time(meeting, member):
    at = f"{meeting.starts_at:%Y%m%dT%H%M%SZ}"
    raw = mail("gmail", meeting, member)
    of_it = raw.replace(b"SEQUENCE:0", f"RECURRENCE-ID:{at}".encode())
    of_none = raw.replace(b"SEQUENCE:0", b"RECURRENCE-ID:20200101T000000Z")

    with pytest.raises(errors.UnknownInvitation):
        take(read_mail(of_none))
    assert take(read_mail(of_it)) is Outcome.COUNTED


def test_what_is_cancelled_or_over_is_not_answered(meeting, member):
    over = make_past_meeting(meeting.community)
    actions.cancel(meeting, by=None)

    with pytest.raises(errors.MeetingIsCancelled):
        take(read_mail(mail("gmail", meeting, member)))
    with pytest.raises(errors.MeetingIsOver):
        take(read_mail(mail("gmail", over, member)))


@pytest.fixture
def read_reply(monkeypatch):
    """Give a mail to `coppice read-reply` as a mail server does; return its exit code."""

    def run(raw: bytes) -> int:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        return cli.read_reply(cli._options(["read-reply"]))

    return run


def test_a_mail_server_learns_what_became_of_a_mail(read_reply, meeting, member, capsys):
    raw = mail("outlook", meeting, member)
    automatic = b"From: a@example.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away."

    codes = [
        read_reply(each)
        for each in (
            raw,
            raw,
            automatic,
            b"hello",
            raw.replace(b"From: Ben", b"From: Eve"),
            b"Subject: x\r\n\r\n",
        )
    ]
    strange = read_reply(mail("outlook", meeting, member, sender="eve@example.org"))

    assert codes == [0, 0, 0, 65, 0, 65]
    assert strange == 67
    out, err = capsys.readouterr()
    assert out.split() == ["counted", "repeated", "repeated"]
    assert "comes from an address that we know for no member" in err


def test_a_mail_waits_for_an_installation_that_is_unwell(monkeypatch):
    monkeypatch.setattr(cli, "_configure", refuse)

    assert cli.main(["read-reply"]) == 75
    assert cli.main(["check"]) == 1


def refuse(options):
    raise cli.ImproperlyConfigured("no settings")
