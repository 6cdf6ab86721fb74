"""What is written at a meeting: by several hands, each their own; taken back; shown in the agenda's order."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.actions import commitments
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.history.models import Entry
from coppice.meetings import errors
from coppice.meetings.actions import minutes
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.hands import Hand
from coppice.meetings.links import answer_path
from coppice.meetings.minutes_board import board_of
from coppice.meetings.minutes_models import Decision, Lesson, Note, item_in
from coppice.meetings.models import Meeting
from coppice.meetings.tests.factories import make_meeting
from coppice.notifications.models import Message
from coppice.profiles.models import Audience, Need

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community(name="Hedgerow")


@pytest.fixture
def leader(community):
    return add_member(community, "Ana Leader", role=Membership.Role.LEADER)


@pytest.fixture
def member(community):
    return add_member(community, "Ben Member")


@pytest.fixture
def meeting(community):
    return make_meeting(community, starts_at=timezone.now() - timedelta(minutes=10))


@pytest.fixture
def item(meeting):
    return AgendaItem.objects.create(meeting=meeting, title="A form for all", position=1)


def hand_of(membership, meeting) -> Hand:
    leads = membership.role == Membership.Role.LEADER
    return Hand(meeting, membership, by=membership.person, leads=leads)


def client_of(membership) -> Client:
    client = Client()
    client.force_login(membership.person)
    return client


def write(who, meeting, kind: str, follow: bool = True, /, **typed):
    address = reverse("meetings:written", args=[meeting.pk, kind])
    return client_of(who).post(address, typed, follow=follow)


def verbs() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_each_hand_has_its_own_notes_and_writes_over_no_others(meeting, item, leader, member):
    ana, ben = hand_of(leader, meeting), hand_of(member, meeting)

    minutes.write_note(ana, item=item, text="Ana's")
    minutes.write_note(ben, item=item, text="Ben's")
    minutes.write_note(ben, item=item, text="Ben's, longer")
    minutes.write_note(ben, item=None, text="Beside")

    assert list(Note.objects.values_list("author", "item", "text")) == [
        (leader.pk, item.pk, "Ana's"),
        (member.pk, item.pk, "Ben's, longer"),
        (member.pk, None, "Beside"),
    ]


def test_whom_no_summary_is_to_reach_is_asked_by_a_mail_of_its_own(community, leader, member):
    now = timezone.now()
    paused = add_member(community, "Cy Paused", state=Membership.State.PAUSED)

    def asked(who=member, **changes):
        meeting = make_meeting(community, starts_at=now - timedelta(minutes=10))
        Meeting.objects.filter(pk=meeting.pk).update(**changes)
        minutes.commit(
            hand_of(leader, meeting), item=None, membership=who, what="Call the county", due_on=None
        )
        written = community.commitments.latest("pk")
        return written.word, Message.objects.filter(occasion=f"commitment-written:{written.pk}").count()

    old = {"starts_at": now - timedelta(days=9), "ends_at": now - timedelta(days=8)}
    assert {
        "a summary is to come": asked(),
        "it was closed just now": asked(closed_at=now),
        "the summary went out": asked(closed_at=now, summary_sent_at=now),
        "it is over long since": asked(**old),
        "it was closed long since": asked(**old, closed_at=now - timedelta(days=7)),
        "it was closed today": asked(**old, closed_at=now),
        "it was entered afterwards": asked(entered_afterwards=True),
        "they pause": asked(paused),
    } == {
        "a summary is to come": ("asked", 0),
        "it was closed just now": ("asked", 0),
        "the summary went out": ("asked", 1),
        "it is over long since": ("asked", 1),
        "it was closed long since": ("asked", 1),
        "it was closed today": ("asked", 0),
        "it was entered afterwards": ("asked", 1),
        "they pause": ("asked", 0),
    }


def test_notes_without_words_go(meeting, item, member):
    hand = hand_of(member, meeting)
    minutes.write_note(hand, item=item, text="Something")
    same = minutes.write_note(hand, item=item, text="Something")

    gone = minutes.write_note(hand, item=item, text="  ")
    again = minutes.write_note(hand, item=item, text="")

    assert (same.text, gone, again, Note.objects.exists()) == ("Something", None, None, False)


def test_an_older_page_does_not_overwrite_what_its_writer_added_elsewhere(meeting, item, member):
    client = client_of(member)
    run = reverse("meetings:run", args=[meeting.pk]) + f"?item={item.pk}"
    opened = client.get(run).content.decode().partition('name="opened_with" value="')[2].partition('"')[0]
    minutes.write_note(hand_of(member, meeting), item=item, text="From the phone")

    older = write(member, meeting, "note", item=item.pk, text="From the desk", opened_with=opened)

    assert older.status_code == 422
    assert [words in older.content.decode() for words in ("From the phone", "From the desk")] == [True, True]
    assert Note.objects.get().text == "From the phone"


def test_program_staff_write_in_their_own_name(meeting, item, member):
    staff = make_staff(meeting.community.program)
    client = Client()
    client.force_login(staff)
    address = reverse("meetings:written", args=[meeting.pk, "note"])

    client.post(address, {"item": item.pk, "text": "Staff"})
    client.post(address, {"item": item.pk, "text": "Staff, longer"})
    other = Hand(meeting, None, by=make_staff(meeting.community.program), leads=True)
    minutes.write_note(other, item=item, text="Other staff")

    assert list(Note.objects.values_list("author", "text")) == [
        (None, "Staff, longer"),
        (None, "Other staff"),
    ]
    assert "Staff, longer</textarea>" in client.get(
        reverse("meetings:run", args=[meeting.pk]) + f"?item={item.pk}"
    ).content.decode().replace("\n", "")


@pytest.mark.parametrize("kind", ["decision", "lesson", "need"])
def test_a_row_without_words_is_refused_under_its_item_with_its_form_open(meeting, item, member, kind):
    answer = write(member, meeting, kind, item=item.pk, text="  ", reason="because")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("<details open>") == 2  # the notes, and the one that was refused
    assert "Under: A form for all" in page
    assert (kind == "decision") == ('value="because"' in page)


def test_actions_refuse_what_has_no_words(meeting, member):
    hand = hand_of(member, meeting)

    with pytest.raises(errors.NothingWritten):
        minutes.decide(hand, item=None, text=" ")
    with pytest.raises(errors.NothingWritten):
        minutes.learn(hand, item=None, text="\u200b \u2060")


def test_nobody_promises_at_a_meeting_what_was_due_before_it(meeting, item, member):
    held_on = timezone.localdate(meeting.starts_at, timezone=meeting.community.zone)
    typed = {"item": item.pk, "what": "Send the form"}

    refused = write(member, meeting, "commitment", **typed, due_on=held_on - timedelta(days=1))
    write(member, meeting, "commitment", **typed, due_on=held_on)

    assert "This day was over before the meeting." in refused.content.decode()
    assert [each.due_on for each in Commitment.objects.all()] == [held_on]


def test_only_who_leads_writes_down_what_somebody_else_does(meeting, item, leader, member):
    typed = {"item": item.pk, "what": "Send the form", "membership": leader.pk}

    write(member, meeting, "commitment", **typed)  # a member's form has no such field: it is their own
    write(leader, meeting, "commitment", **{**typed, "membership": member.pk})

    made = Commitment.objects.order_by("pk")
    assert [(each.membership, each.source, item_in(each.source_key)) for each in made] == [
        (member, "meeting", item.pk),
        (member, "meeting", item.pk),
    ]
    with pytest.raises(errors.NotForOthers):
        minutes.commit(hand_of(member, meeting), item=item, membership=leader, what="Call", due_on=None)
    with pytest.raises(errors.NotForOthers):
        minutes.need(hand_of(member, meeting), item=item, membership=leader, text="Rides")
    stranger = add_member(make_community(name="Elsewhere"), "Ola Outside")
    with pytest.raises(errors.NotYourMeeting):
        minutes.need(hand_of(leader, meeting), item=item, membership=stranger, text="Rides")


def test_who_leads_chooses_who_it_is(meeting, item, leader, member):
    nobody = write(leader, meeting, "commitment", item=item.pk, what="Send the form", membership="")
    stranger = add_member(make_community(name="Elsewhere"), "Ola Outside")
    other = write(leader, meeting, "need", item=item.pk, text="Rides", membership=stranger.pk)

    assert (nobody.status_code, other.status_code) == (422, 422)
    assert "Send the form" in nobody.content.decode()
    assert not Commitment.objects.exists()
    assert not Need.objects.exists()


def test_a_decision_that_was_taken_back_can_be_put_back(meeting, item, member):
    write(member, meeting, "decision", item=item.pk, text="We share one form")
    decision = Decision.objects.get()
    rest = [meeting.pk, "decision", decision.pk]

    client = client_of(member)
    taken = client.post(reverse("meetings:removal", args=rest), follow=True).content.decode()
    client.post(reverse("meetings:removal", args=rest))
    gone = board_of(hand_of(member, meeting)).decisions
    client.post(reverse("meetings:return", args=rest))
    client.post(reverse("meetings:return", args=rest))

    assert reverse("meetings:return", args=rest) in taken
    assert gone == []
    assert [row.text for row in board_of(hand_of(member, meeting)).decisions] == ["We share one form"]
    assert verbs() == ["decision.written", "minutes.taken_back", "minutes.put_back"]


def test_a_commitment_and_a_need_that_are_taken_back_are_deleted(meeting, member):
    write(member, meeting, "commitment", what="Send the form")
    write(member, meeting, "need", text="Rides")
    [commitment], [need] = Commitment.objects.all(), Need.objects.all()
    client = client_of(member)

    for kind, row in (("commitment", commitment), ("need", need)):
        client.post(reverse("meetings:removal", args=[meeting.pk, kind, row.pk]))

    assert not Commitment.objects.exists()
    assert not Need.objects.exists()
    assert verbs() == ["commitment.made", "need.voiced", "commitment.withdrawn", "need.removed"]


def test_nobody_takes_back_what_another_wrote_save_who_leads(meeting, leader, member):
    other = add_member(meeting.community, "Cleo Other")
    write(member, meeting, "lesson", text="One page is enough")
    write(member, meeting, "commitment", what="Send the form")
    write(member, meeting, "need", text="Rides")
    lesson = Lesson.objects.get()
    rows = [
        ("lesson", lesson.pk),
        ("commitment", Commitment.objects.get().pk),
        ("need", Need.objects.get().pk),
    ]

    addresses = [reverse("meetings:removal", args=[meeting.pk, *row]) for row in rows]
    refused = [client_of(other).post(address).status_code for address in addresses]
    by_link = (
        Client()
        .post(f"{answer_path(meeting, other)}written/lesson/{lesson.pk}/removal/", follow=True)
        .content.decode()
    )
    led = client_of(leader).post(addresses[0]).status_code

    assert refused == [403, 403, 403]
    assert "Only who wrote this can take it back" in by_link
    assert led == 302
    lesson.refresh_from_db()
    assert lesson.taken_back_at is not None
    refused = Client().post(f"{answer_path(meeting, other)}written/lesson/{lesson.pk}/return/", follow=True)
    assert "Only who wrote this can take it back" in refused.content.decode()
    lesson.refresh_from_db()
    assert lesson.taken_back_at is not None


def test_by_their_link_a_member_writes_and_takes_back(meeting, item, member):
    link, client = answer_path(meeting, member), Client()

    client.post(f"{link}written/decision/", {"item": item.pk, "text": "We share one form"})
    decision = Decision.objects.get()
    taken = client.post(f"{link}written/decision/{decision.pk}/removal/", follow=True).content.decode()
    client.post(f"{link}written/decision/{decision.pk}/return/")
    still = client.get(f"{link}run/state/").content.decode()

    assert f"{link}written/decision/{decision.pk}/return/" in taken
    assert "We share one form" in still
    decision.refresh_from_db()
    assert (decision.taken_back_at, decision.membership, decision.entered_by) == (None, member, member.person)


def test_rows_of_another_meeting_and_kinds_that_are_not_do_not_exist(meeting, community, member):
    other = make_meeting(community, starts_at=timezone.now())
    decision = Decision.objects.create(meeting=other, membership=member, text="Elsewhere")
    client = client_of(member)

    answers = [
        client.post(reverse("meetings:removal", args=[meeting.pk, "decision", decision.pk])),
        client.post(reverse("meetings:removal", args=[other.pk, "note", decision.pk])),
        client.post(reverse("meetings:written", args=[meeting.pk, "poem"])),
    ]

    assert [each.status_code for each in answers] == [404, 404, 404]


def test_putting_back_is_for_what_can_be_put_back(meeting, member):
    write(member, meeting, "commitment", what="Send the form")
    commitment = Commitment.objects.get()

    client_of(member).post(reverse("meetings:return", args=[meeting.pk, "commitment", commitment.pk]))

    assert Commitment.objects.get() == commitment
    assert verbs() == ["commitment.made"]


def test_members_write_until_it_is_closed_and_who_leads_later_too(meeting, item, leader, member):
    Meeting.objects.update(closed_at=timezone.now())
    meeting.refresh_from_db()

    late = write(member, meeting, "decision", item=item.pk, text="Typed too late")
    write(leader, meeting, "decision", item=item.pk, text="Added by who leads")

    assert late.status_code == 422
    assert [words in late.content.decode() for words in ("This meeting is closed", "Typed too late")] == [
        True
    ] * 2
    assert [each.text for each in Decision.objects.all()] == ["Added by who leads"]
    row = Decision.objects.get()
    refused = client_of(leader).post(reverse("meetings:return", args=[meeting.pk, "decision", row.pk]))
    assert refused.status_code == 302
    with pytest.raises(errors.MeetingIsClosed):
        minutes.take_back(hand_of(member, meeting), row)


def test_nobody_writes_before_the_hour_nor_at_what_is_cancelled(community, leader):
    early = make_meeting(community, starts_at=timezone.now() + timedelta(hours=2))
    cancelled = make_meeting(community, cancelled_at=timezone.now())

    with pytest.raises(errors.NotYet):
        minutes.learn(hand_of(leader, early), item=None, text="Something")
    with pytest.raises(errors.MeetingIsCancelled):
        minutes.learn(hand_of(leader, cancelled), item=None, text="Something")
    page = write(leader, early, "lesson", text="Typed too early").content.decode()
    assert ("This opens an hour before the meeting begins." in page, "Typed too early" in page) == (
        True,
        True,
    )


def test_who_is_pausing_reads_and_does_not_write(meeting, item, member):
    Membership.objects.filter(pk=member.pk).update(state=Membership.State.PAUSED)

    page = client_of(member).get(reverse("meetings:run", args=[meeting.pk]))
    refused = write(member, meeting, "lesson", text="Something")

    assert (page.status_code, "Write it down" in page.content.decode(), refused.status_code) == (
        200,
        False,
        403,
    )


def test_the_record_is_in_the_order_of_the_agenda_with_what_was_taken_off_and_what_is_beside(
    meeting, item, leader
):
    second = AgendaItem.objects.create(meeting=meeting, title="Second", position=2)
    off = AgendaItem.objects.create(meeting=meeting, title="Off", state=AgendaItem.State.TAKEN_OFF)
    AgendaItem.objects.create(meeting=meeting, title="Off and empty", state=AgendaItem.State.TAKEN_OFF)
    hand = hand_of(leader, meeting)
    minutes.learn(hand, item=None, text="Beside")
    minutes.learn(hand, item=off, text="Of what is off")
    minutes.learn(hand, item=second, text="Learned later")
    minutes.decide(hand, item=second, text="Decided last, shown first", reason="so it is")

    shown = [(part.item, [row.text for row in part.rows]) for part in board_of(hand).parts]

    assert shown == [
        (item, []),
        (second, ["Decided last, shown first", "Learned later"]),
        (off, ["Of what is off"]),
        (None, ["Beside"]),
    ]


def test_a_need_that_its_person_keeps_to_themself_is_shown_to_nobody_else(meeting, leader, member):
    minutes.need(hand_of(member, meeting), item=None, membership=member, text="Rides")
    shown = [len(board_of(hand_of(who, meeting)).of_kind("need")) for who in (leader, member)]

    Need.objects.update(audience=Audience.STAFF)

    hidden = [len(board_of(hand_of(who, meeting)).of_kind("need")) for who in (leader, member)]
    assert (shown, hidden) == ([1, 1], [0, 1])


def test_what_somebody_calls_not_theirs_is_in_the_record_no_more(meeting, leader, member):
    hand = hand_of(leader, meeting)
    written = minutes.commit(hand, item=None, membership=member, what="Pay the rent", due_on=None)
    shown = [row.text for row in board_of(hand).of_kind("commitment")]

    commitments.give_word(written, word=Commitment.Word.NOT_MINE, by=member.person)

    assert (shown, board_of(hand).of_kind("commitment")) == (["Pay the rent"], [])


def test_the_table_holds_what_is_typed_and_no_notes(meeting, item, leader, member):
    hand = hand_of(leader, meeting)
    day = timezone.localdate() + timedelta(days=7)
    minutes.write_note(hand, item=item, text="Only a note")
    minutes.decide(hand, item=item, text="=1+1", reason="Why")
    minutes.commit(hand, item=item, membership=member, what="Send the form", due_on=day)

    file = client_of(member).get(reverse("meetings:minutes_file", args=[meeting.pk]))

    assert file.headers["Content-Disposition"] == 'attachment; filename="minutes.csv"'
    assert file.content.decode("utf-8-sig").splitlines() == [
        "item,what it is,words,reason,name,by when",
        "A form for all,Decided,'=1+1,Why,Ana Leader,",
        f"A form for all,Who does what,Send the form,,Ben Member,{day.isoformat()}",
    ]


def test_writing_at_the_close_leads_back_to_it(meeting, leader, member):
    at_close = write(leader, meeting, "decision", False, text="One more", **{"from": "close"})
    as_member = write(member, meeting, "decision", False, text="Mine", **{"from": "close"})

    assert at_close.headers["Location"] == reverse("meetings:close", args=[meeting.pk])
    assert as_member.headers["Location"] == reverse("meetings:run", args=[meeting.pk]) + "?item=0#write"


def test_a_commitment_that_is_gone_is_withdrawn_once(meeting, member):
    hand = hand_of(member, meeting)
    made = minutes.commit(hand, item=None, membership=member, what="Send the form", due_on=None)

    minutes.take_back(hand, made)
    made.pk = made.pk or 1
    minutes.take_back(hand, made)

    assert verbs() == ["commitment.made", "commitment.withdrawn"]


def test_words_are_what_rows_are_called():
    assert [str(row(text="Words")) for row in (Note, Decision, Lesson)] == ["Words"] * 3
    assert [item_in(key) for key in ("meeting:1:2:x", "meeting:1:0:x", "plan:1", "")] == [2, 0, 0, 0]


def test_who_is_pausing_is_told_so_under_their_link(meeting, member):
    Membership.objects.filter(pk=member.pk).update(state=Membership.State.PAUSED)
    address = f"{answer_path(meeting, member)}written/lesson/"

    paused = Client().post(address, {"lesson-text": "Something", "text": "Something"}).content.decode()
    Meeting.objects.update(closed_at=timezone.now())
    closed = Client().post(address, {"lesson-text": "Something", "text": "Something"}).content.decode()

    assert ("You are pausing" in paused, "This meeting is closed, and you" in paused) == (True, False)
    assert ("You are pausing" in closed, "This meeting is closed, and you" in closed) == (False, True)
