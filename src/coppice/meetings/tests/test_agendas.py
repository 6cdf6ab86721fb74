"""The agenda of a meeting: ready ones, items, their order, the box, what is waiting, the reminder."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Membership, Priority
from coppice.communities.plan_models import Goal
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.history.models import Entry
from coppice.meetings import actions as meeting_actions
from coppice.meetings import errors
from coppice.meetings.actions import agendas
from coppice.meetings.agenda_models import AgendaItem
from coppice.meetings.agendas import Draft, offered_formats, ready_agendas, waiting_for
from coppice.meetings.queries import active_members
from coppice.meetings.tests.factories import answer_pulse, hold, make_meeting, make_past_meeting
from coppice.meetings.timetable import timetable_of
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
FIRST = {"title": "First", "minutes": "12", "owner": "", "detail": ""}


@pytest.fixture
def community():
    return make_community(name="Hedgerow")


@pytest.fixture
def staff(community):
    return make_staff(community.program)


@pytest.fixture
def leader(community):
    return add_member(community, "Ana Leader", role=Membership.Role.LEADER)


@pytest.fixture
def member(community):
    return add_member(community, "Ben Member")


@pytest.fixture
def meeting(community):
    return make_meeting(community)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def titles(meeting) -> list[str]:
    return [slot.item.title for slot in timetable_of(meeting).slots]


def origins(meeting) -> set[str]:
    return {each.origin for each in meeting.agenda.there()}


def waiting(meeting) -> list[Draft]:
    return waiting_for(meeting, there=origins(meeting), members=active_members(meeting.community))


def add(meeting, staff, *names: str) -> list[AgendaItem]:
    return [agendas.add_item(meeting, Draft(name, 10), by=staff) for name in names]


@pytest.mark.parametrize("minutes", [10, 45, 60, 90, 720])
@pytest.mark.parametrize("ready", ready_agendas(), ids=lambda ready: ready.key)
def test_a_ready_agenda_fills_the_meeting_whatever_its_length(ready, minutes):
    drafts = ready.drafts(minutes)

    assert sum(draft.minutes for draft in drafts) == minutes
    assert min(draft.minutes for draft in drafts) >= 1
    assert all(draft.title and draft.detail for draft in drafts)


def test_a_ready_agenda_begins_an_empty_one_only(meeting, staff):
    agendas.begin_with(meeting, ready_agendas()[0], by=staff)

    assert timetable_of(meeting).minutes == 60
    with pytest.raises(errors.AgendaHasItems):
        agendas.begin_with(meeting, ready_agendas()[1], by=staff)


def test_items_begin_one_after_the_other_and_what_does_not_fit_is_said(meeting, staff):
    add(meeting, staff, "One", "Two")
    agendas.add_item(meeting, Draft("Three", 45), by=staff)

    timetable = timetable_of(meeting)

    assert [slot.starts_at - meeting.starts_at for slot in timetable.slots] == [
        timedelta(minutes=minutes) for minutes in (0, 10, 20)
    ]
    assert (timetable.minutes, timetable.over, timetable.left) == (65, 5, 0)


def test_an_item_moves_by_one_and_the_ends_stay(meeting, staff):
    one, two, three = add(meeting, staff, "One", "Two", "Three")

    agendas.move_item(three, earlier=True, by=staff)
    agendas.move_item(one, earlier=True, by=staff)
    agendas.move_item(two, earlier=False, by=staff)
    assert titles(meeting) == ["One", "Three", "Two"]

    agendas.move_item(one, earlier=False, by=staff)
    assert titles(meeting) == ["Three", "One", "Two"]


def test_what_is_not_on_the_agenda_does_not_move(meeting, staff, member):
    add(meeting, staff, "One", "Two")
    asked = agendas.ask_for(meeting, Draft("Three", 10), membership=member, by=member.person)

    agendas.move_item(asked, earlier=True, by=staff)

    assert titles(meeting) == ["One", "Two"]


def test_an_item_taken_off_comes_back_where_it_was_and_twice_is_once(meeting, staff):
    one, _two = add(meeting, staff, "One", "Two")

    for _time in (1, 2):
        agendas.take_off(one, by=staff)
    assert titles(meeting) == ["Two"]

    for _time in (1, 2):
        agendas.put_back(one, by=staff)
    assert titles(meeting) == ["One", "Two"]
    assert Entry.objects.filter(verb="agenda.changed").count() == 4  # two added, one off, one back


def test_what_a_member_asks_for_waits_in_the_box_until_it_is_taken_up(meeting, staff, member):
    asked = agendas.ask_for(meeting, Draft("A case of mine", 15), membership=member, by=member.person)
    assert titles(meeting) == []

    agendas.take_off(asked, by=member.person)
    assert not meeting.agenda.in_the_box().exists()
    agendas.put_back(asked, by=member.person)
    assert [each.title for each in meeting.agenda.in_the_box()] == ["A case of mine"]

    for _time in (1, 2):
        agendas.take_up(asked, by=staff)
    [slot] = timetable_of(meeting).slots
    assert (slot.item.title, slot.item.owner, slot.item.minutes) == ("A case of mine", member, 15)
    agendas.put_back(agendas.take_off(asked, by=staff), by=staff)
    assert titles(meeting) == ["A case of mine"]


def test_only_who_is_in_the_group_asks_for_something(meeting):
    stranger = add_member(make_community(name="Elsewhere"), "Cy")
    gone = add_member(meeting.community, "Di")
    Membership.objects.filter(pk=gone.pk).update(state=Membership.State.LEFT)

    for membership in (stranger, gone):
        with pytest.raises(errors.NotYourMeeting):
            agendas.ask_for(meeting, Draft("Mine", 5), membership=membership, by=membership.person)

    assert not AgendaItem.objects.exists()


def test_an_agenda_holds_forty_items(meeting, staff, member):
    add(meeting, staff, *(f"Item {number}" for number in range(39)))
    agendas.ask_for(meeting, Draft("The last", 5), membership=member, by=member.person)

    with pytest.raises(errors.AgendaIsFull):
        agendas.add_item(meeting, Draft("One more", 5), by=staff)

    agendas.take_off(meeting.agenda.on_the_agenda()[0], by=staff)
    assert agendas.add_item(meeting, Draft("One more", 5), by=staff).title == "One more"


def test_an_equal_change_writes_nothing_down(meeting, staff, member):
    [item] = add(meeting, staff, "One")
    before = Entry.objects.count()

    agendas.change_item(item, by=staff, title="One", minutes=10, owner=None, detail="")
    assert Entry.objects.count() == before

    agendas.change_item(item, by=staff, title="One", minutes=25, owner=member, detail="Why")
    item.refresh_from_db()
    assert (item.minutes, item.owner, item.detail) == (25, member, "Why")
    assert Entry.objects.count() == before + 1


def test_the_agenda_of_a_meeting_that_is_over_or_cancelled_stays(community, staff):
    over, cancelled = make_past_meeting(community), make_meeting(community, cancelled_at=timezone.now())

    for meeting, refusal in ((over, errors.AgendaIsOver), (cancelled, errors.MeetingIsCancelled)):
        with pytest.raises(refusal):
            agendas.add_item(meeting, Draft("One", 5), by=staff)

    assert not AgendaItem.objects.exists()


def test_what_waits_is_offered_until_it_is_taken_up_and_again_when_taken_off(
    community, staff, leader, member
):
    past = hold(make_past_meeting(community, days_ago=30), present=[leader, member])
    answer_pulse(past, member, 4, will_try="Call a partner")
    Membership.objects.filter(community=community).update(joined_at=timezone.now() - timedelta(days=90))
    newcomer = add_member(community, "Cy Newcomer")
    Membership.objects.filter(pk=newcomer.pk).update(joined_at=timezone.now() - timedelta(days=2))
    need = Priority.objects.create(
        community=community, need="Find volunteers", together=Priority.Together.ONLY, how="Share one list"
    )
    Priority.objects.create(community=community, need="Not weighed yet")
    meeting = make_meeting(community)
    today = timezone.localdate()
    for days, state in ((-3, "made"), (2, "tried"), (90, "made"), (1, "done")):
        Commitment.objects.create(
            community=community,
            membership=member,
            what="Call",
            due_on=today + timedelta(days=days),
            state=state,
        )
    Goal.objects.create(community=community, words="More volunteers")
    Goal.objects.create(community=community, words="Reached", state=Goal.State.REACHED)

    drafts = waiting(meeting)

    assert [(draft.origin.partition(":")[0], draft.title) for draft in drafts] == [
        ("new", "Welcome to who is new"),
        ("tried", "What we tried since we last met"),
        ("commitments", "What we said that we would do"),
        ("goals", "How far we are with our goals"),
        ("need", "Find volunteers"),
    ]
    assert drafts[0].detail == "Cy Newcomer"
    assert [draft.why for draft in drafts[2:4]] == ["2 commitments are due by then.", "1 goal is open."]
    assert drafts[4].detail == "Share one list"
    item = agendas.add_item(meeting, drafts[4], by=staff)
    assert agendas.add_item(meeting, drafts[4], by=staff) == item
    assert f"need:{need.pk}" not in {draft.origin for draft in waiting(meeting)}
    agendas.take_off(item, by=staff)
    assert f"need:{need.pk}" in {draft.origin for draft in waiting(meeting)}
    assert agendas.add_item(meeting, drafts[4], by=staff) == item
    assert titles(meeting) == ["Find volunteers"]


def test_of_many_who_are_new_five_are_named(community, leader):
    hold(make_past_meeting(community, days_ago=30), present=[leader])
    for number in range(7):
        add_member(community, f"Person {number}")
    Membership.objects.filter(community=community).update(joined_at=timezone.now())

    [draft] = waiting(make_meeting(community))

    assert draft.detail.endswith(" and others")
    assert draft.why == "8 people joined since you last met."


def test_before_the_first_meeting_and_after_one_without_words_nothing_waits(community, leader):
    meeting = make_meeting(community)
    assert waiting(meeting) == []

    Membership.objects.filter(community=community).update(joined_at=timezone.now() - timedelta(days=90))
    hold(make_past_meeting(community, days_ago=30), present=[leader])
    assert waiting(meeting) == []


def test_formats_are_offered_with_the_minutes_of_their_steps(meeting, staff):
    found = {draft.origin: draft for draft in offered_formats(there=origins(meeting))}

    draft = found["format:impromptu_networking"]
    assert draft.minutes > 5
    item = agendas.add_item(meeting, draft, by=staff)
    assert item.format_key == "impromptu_networking"
    assert draft.origin not in {each.origin for each in offered_formats(there=origins(meeting))}


def test_the_reminder_carries_the_agenda(meeting, staff, member):
    agendas.add_item(meeting, Draft("A case", 15), by=staff, owner=member)

    meeting_actions.remind(meeting)

    [message] = Message.objects.filter(occasion=f"meeting-reminder:{meeting.pk}")
    for body in (message.text, message.html):
        assert "A case (15 minutes, Ben Member)" in body
        assert reverse("meetings:agenda", args=[meeting.pk]) in body


def test_a_leader_puts_an_agenda_together(meeting, leader):
    client, page = client_of(leader.person), reverse("meetings:agenda", args=[meeting.pk])
    assert "Begin with it" in client.get(page).content.decode()

    client.post(reverse("meetings:agenda_ready", args=[meeting.pk]), {"ready": "check_in"})
    assert "Begin with it" not in client.get(page).content.decode()
    client.post(
        reverse("meetings:new_item", args=[meeting.pk]),
        {"title": "My own", "minutes": "5", "owner": str(leader.pk), "detail": ""},
    )
    client.post(
        reverse("meetings:agenda_waiting", args=[meeting.pk]), {"origin": "format:impromptu_networking"}
    )

    assert titles(meeting)[-3:] == ["My own", "Impromptu networking", "Closing round"]
    content = client.get(page).content.decode()
    assert "more than the meeting has" in content
    assert "?format=impromptu_networking" in content
    assert "My own" in client.get(meeting.get_absolute_url()).content.decode()


def test_bad_input_says_so_and_changes_nothing(meeting, leader, member):
    client = client_of(leader.person)

    answers = [
        client.post(reverse("meetings:agenda_ready", args=[meeting.pk]), {"ready": "other"}),
        client.post(reverse("meetings:new_item", args=[meeting.pk]), {"title": "Kept", "minutes": "0"}),
        client_of(member.person).post(
            reverse("meetings:ask_for", args=[meeting.pk]), {"title": "Kept", "minutes": "x"}
        ),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert all("Kept" in answer.content.decode() for answer in answers[1:])
    assert not AgendaItem.objects.exists()


def test_what_no_longer_waits_changes_nothing(meeting, leader):
    answer = client_of(leader.person).post(
        reverse("meetings:agenda_waiting", args=[meeting.pk]), {"origin": "need:9"}, follow=True
    )

    assert "Nothing changed." in answer.content.decode()
    assert not AgendaItem.objects.exists()


def test_a_member_takes_their_own_wish_back_and_nobody_elses(meeting, member, leader, staff):
    ask = reverse("meetings:ask_for", args=[meeting.pk])
    client = client_of(member.person)
    client.post(ask, {"title": "Mine", "minutes": "10", "detail": ""})
    mine = meeting.agenda.in_the_box().get()
    theirs = agendas.ask_for(meeting, Draft("Theirs", 10), membership=leader, by=leader.person)

    refused = client.post(reverse("meetings:item_removal", args=[theirs.pk]))
    done = client.post(reverse("meetings:item_removal", args=[mine.pk]), follow=True)

    assert refused.status_code == 403
    assert "Taken off." in done.content.decode()
    assert [each.title for each in meeting.agenda.in_the_box()] == ["Theirs"]


def test_every_press_on_an_item_does_what_it_says(meeting, leader, member, staff):
    one, two = add(meeting, staff, "One", "Two")
    asked = agendas.ask_for(meeting, Draft("Three", 10), membership=member, by=member.person)
    client = client_of(leader.person)

    client.post(reverse("meetings:item_taking_up", args=[asked.pk]))
    client.post(reverse("meetings:item_earlier", args=[asked.pk]))
    client.post(reverse("meetings:item_later", args=[one.pk]))
    assert titles(meeting) == ["Three", "One", "Two"]

    client.post(reverse("meetings:item_removal", args=[two.pk]))
    assert titles(meeting) == ["Three", "One"]
    client.post(reverse("meetings:item_return", args=[two.pk]))
    saved = client.post(
        reverse("meetings:item", args=[one.pk]),
        FIRST,
    )
    assert saved.status_code == 302
    assert titles(meeting) == ["Three", "First", "Two"]


def test_pages_of_a_meeting_that_is_over_refuse_kindly(community, leader, member):
    meeting = make_past_meeting(community)
    item = AgendaItem.objects.create(meeting=meeting, title="One", position=1)
    client = client_of(leader.person)
    posts = [
        ("meetings:agenda_ready", meeting.pk, {"ready": "check_in"}),
        ("meetings:new_item", meeting.pk, {"title": "Mine", "minutes": "10", "owner": "", "detail": ""}),
        ("meetings:item_later", item.pk, {}),
        ("meetings:item_removal", item.pk, {}),
        ("meetings:ask_for", meeting.pk, {"title": "Mine", "minutes": "10", "detail": ""}),
    ]

    for name, key, fields in posts:
        answer = client.post(reverse(name, args=[key]), fields, follow=True)
        assert "stays as it was" in answer.content.decode(), name
    saved = client.post(
        reverse("meetings:item", args=[item.pk]),
        FIRST,
    )

    assert (saved.status_code, "stays as it was" in saved.content.decode()) == (422, True)
    assert titles(meeting) == ["One"]
