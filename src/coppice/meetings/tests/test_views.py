"""The pages of meetings: who gets which, what they refuse, how often they ask the database."""

import re
from datetime import date, timedelta
from unittest.mock import patch

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import (
    add_member,
    make_community,
    make_person,
    make_program,
    make_staff,
)
from coppice.history.models import Entry
from coppice.meetings.actions import ask_pulse
from coppice.meetings.links import answer_path, pulse_path
from coppice.meetings.models import Meeting, MeetingReply, PulseAnswer
from coppice.meetings.tasks import send_pulses
from coppice.meetings.tests.factories import answer_pulse, hold, make_meeting, make_past_meeting, reply
from coppice.notifications.models import Message

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


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def typed(**fields: str) -> dict[str, str]:
    return {
        "title": "First meeting",
        "day": (timezone.localdate() + timedelta(days=10)).isoformat(),
        "clock": "14:00",
        "minutes": "60",
        "time_zone": "America/New_York",
        "mode": "online",
        **fields,
    }


def addresses(meeting) -> list[str]:
    """Every page of a meeting and its community that is read by GET when signed in."""
    return [
        reverse("meetings:meetings", args=[meeting.community_id]),
        reverse("meetings:meeting", args=[meeting.pk]),
        reverse("meetings:calendar_file", args=[meeting.pk]),
        reverse("meetings:plan", args=[meeting.community_id]),
        reverse("meetings:edit", args=[meeting.pk]),
        reverse("meetings:cancellation", args=[meeting.pk]),
        reverse("meetings:attendance", args=[meeting.pk]),
    ]


def statuses(person, meeting) -> list[int]:
    client = client_of(person)
    return [client.get(address).status_code for address in addresses(meeting)]


def test_each_kind_of_person_gets_their_pages(community, leader, member):
    meeting = make_meeting(community)
    invited = add_member(community, state=Membership.State.INVITED)
    other_staff = make_staff(make_program())

    assert statuses(leader.person, meeting) == [200] * 7
    assert statuses(make_staff(community.program), meeting) == [200] * 7
    assert statuses(member.person, meeting) == [200, 200, 200, 403, 403, 403, 403]
    assert statuses(invited.person, meeting) == [403, 404, 404, 403, 404, 404, 404]
    assert statuses(make_person(), meeting) == [404] * 7
    assert statuses(other_staff, meeting) == [404] * 7
    assert [Client().get(address).status_code for address in addresses(meeting)] == [302] * 7


def test_reading_never_writes(community, leader, member):
    meeting = hold(make_past_meeting(community), present=[member], absent=[leader])
    before = (Entry.objects.count(), Message.objects.count())
    client = client_of(leader.person)

    for address in [*addresses(meeting), answer_path(meeting, member), pulse_path(meeting, member, worth=5)]:
        assert client.get(address).status_code == 200

    assert (Entry.objects.count(), Message.objects.count()) == before
    assert not MeetingReply.objects.exists()
    assert not PulseAnswer.objects.exists()


def test_links_alone_answer_nothing_for_somebody_else(community, member):
    meeting = make_meeting(community)
    token = answer_path(meeting, member).split("/")[2]

    forged = [
        Client().get(f"/meeting-answers/{token[:-2]}xx/").status_code,
        Client().get(f"/pulses/{token}/").status_code,
        Client().post(f"/meeting-answers/{token[:-2]}xx/reply/", {"answer": "coming"}).status_code,
    ]
    Membership.objects.filter(pk=member.pk).update(state=Membership.State.LEFT)

    assert forged == [404, 404, 404]
    assert Client().get(answer_path(meeting, member)).status_code == 404


def test_answer_link_preselects_and_a_real_form_records(community, member):
    meeting = make_meeting(community)
    client = Client(enforce_csrf_checks=True)

    page = client.get(answer_path(meeting, member, answer="not_coming")).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    once = page.split('name="once" value="')[1].split('"')[0]
    post = {"csrfmiddlewaretoken": token, "once": once, "answer": "not_coming"}
    replies = [client.post(answer_path(meeting, member) + "reply/", post).status_code for _each in range(2)]

    assert "button-main" in page.split('value="not_coming"')[0].rsplit("<button", 1)[1]
    assert page.count("button-main") == 1
    assert replies == [302, 302]
    assert Entry.objects.filter(verb="meeting.replied").count() == 1
    assert "Your answer: Can&#x27;t make it" in client.get(answer_path(meeting, member)).content.decode()


@pytest.mark.parametrize(("answer", "words"), [("perhaps", "Choose one of the two"), ("coming", "is over")])
def test_answers_that_reach_nobody_are_refused_kindly(community, member, answer, words):
    meeting = make_past_meeting(community) if answer == "coming" else make_meeting(community)

    response = Client().post(answer_path(meeting, member) + "reply/", {"answer": answer})

    assert response.status_code == 422
    assert words in response.content.decode()


def test_calendar_file_by_link_and_by_account_is_the_same(community, member):
    meeting = make_meeting(community, purpose="Meet one another")

    by_link = Client().get(answer_path(meeting, member) + "meeting.ics")
    by_account = client_of(member.person).get(reverse("meetings:calendar_file", args=[meeting.pk]))

    calendar = icalendar.Calendar.from_ical(by_link.content)
    (event,) = calendar.walk("VEVENT")
    assert by_link.content == by_account.content
    assert by_link.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert (calendar["METHOD"], event["SUMMARY"], "ATTENDEE" in event) == ("PUBLISH", "First meeting", False)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (meeting.starts_at, meeting.ends_at)


def test_reply_on_the_page_is_one_own(community, member):
    meeting = make_meeting(community)
    client = client_of(member.person)
    address = reverse("meetings:reply", args=[meeting.pk])

    wrong = client.post(address, {"answer": "perhaps"}, follow=True)
    right = client.post(address, {"answer": "coming"}, follow=True)
    staff = client_of(make_staff(community.program)).post(address, {"answer": "coming"})
    Meeting.objects.update(cancelled_at=timezone.now())
    late = client.post(address, {"answer": "not_coming"}, follow=True)

    assert "Choose one of the two answers." in wrong.content.decode()
    assert "Your answer: I&#x27;m coming" in right.content.decode()
    assert staff.status_code == 403
    assert "This meeting is cancelled. Plan a new one instead." in late.content.decode()
    assert list(MeetingReply.objects.values_list("membership", "answer")) == [(member.pk, "coming")]


def test_time_is_told_in_the_readers_zone_and_the_organizers(community, member):
    member.person.time_zone = "Europe/Madrid"
    member.person.save()
    meeting = make_meeting(community)

    page = client_of(member.person).get(meeting.get_absolute_url()).content.decode()

    assert "your time (Madrid)" in page
    assert "New York time" in page


def test_plan_form_refuses_the_past_and_the_hour_that_never_is(community, leader):
    client = client_of(leader.person)
    address = reverse("meetings:plan", args=[community.pk])
    year = timezone.localdate().year + 1
    second_sunday = next(day for day in (date(year, 3, n) for n in range(8, 15)) if day.weekday() == 6)

    past = client.post(address, typed(day="2020-01-01"))
    gap = client.post(address, typed(day=second_sunday.isoformat(), clock="02:30"))
    empty = client.post(address, {})

    assert [response.status_code for response in (past, gap, empty)] == [422, 422, 422]
    assert "This time has already passed. Choose a later one." in past.content.decode()
    assert "Clocks are put forward over this time on that day." in gap.content.decode()
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("9999-12-31", "Give a day from the year 2000 to 2100."),
        ("0001-01-01", "Give a day from the year 2000 to 2100."),
        ("2099-01-01", "This is more than five years away."),
    ],
)
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
def test_plan_form_refuses_a_day_out_of_reach(community, leader, day, sentence, zone):
    address = reverse("meetings:plan", args=[community.pk])

    refused = client_of(leader.person).post(address, typed(day=day, clock="23:30", time_zone=zone))

    assert (refused.status_code, Meeting.objects.count()) == (422, 0)
    assert sentence in refused.content.decode()


def test_saving_the_form_unchanged_tells_nobody(community, leader):
    meeting = make_meeting(
        community, starts_at=timezone.now().replace(second=0, microsecond=0) + timedelta(days=5)
    )
    client = client_of(leader.person)
    form = client.get(reverse("meetings:edit", args=[meeting.pk])).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}

    response = client.post(reverse("meetings:edit", args=[meeting.pk]), shown)

    assert response.status_code == 302
    assert Meeting.objects.get().sequence == 0
    assert not Message.objects.exists()


def test_what_has_begun_is_neither_changed_nor_cancelled(community, leader):
    meeting = make_past_meeting(community)
    client = client_of(leader.person)

    changed = client.post(reverse("meetings:edit", args=[meeting.pk]), typed())
    cancelled = client.post(reverse("meetings:cancellation", args=[meeting.pk]), {"typed": "Cancel"})

    for response in (changed, cancelled):
        assert response.status_code == 422
        assert "This meeting has already begun." in response.content.decode()


def test_attendance_before_the_meeting_is_refused(community, leader):
    meeting = make_meeting(community)

    response = client_of(leader.person).post(
        reverse("meetings:attendance", args=[meeting.pk]), {"present": [leader.pk]}, follow=True
    )

    assert "This meeting has not begun." in response.content.decode()
    assert Meeting.objects.get().attendance_taken_at is None


@pytest.mark.parametrize("unknown", ["9" * 5000, "9" * 19, "-1", "\u0661", "nobody"])
def test_a_tick_for_nobody_counts_for_nothing(community, leader, unknown):
    meeting = make_past_meeting(community)
    address = reverse("meetings:attendance", args=[meeting.pk])

    saved = client_of(leader.person).post(address, {"present": [unknown, str(leader.pk)]})

    meeting.refresh_from_db()
    assert (saved.status_code, meeting.present_count) == (302, 1)


def test_saved_attendance_is_shown_for_correction(community, leader, member):
    meeting = hold(make_past_meeting(community), present=[leader], absent=[member])
    reply(meeting, member)

    page = client_of(leader.person).get(reverse("meetings:attendance", args=[meeting.pk])).content.decode()

    assert page.count(" checked") == 1
    assert f'value="{leader.pk}" checked' in page


def test_pulse_can_be_changed_and_refuses_nothing_chosen_or_who_was_away(community, leader, member):
    meeting = hold(make_past_meeting(community), present=[member], absent=[leader])
    address = pulse_path(meeting, member)

    empty = Client().post(address + "answer/", {"will_try": "Listen"})
    first = Client().post(address + "answer/", {"worth": "2", "will_try": "Listen"}, follow=True)
    Client().post(address + "answer/", {"worth": "5", "will_try": ""})
    away = Client().post(pulse_path(meeting, leader) + "answer/", {"worth": "5"})

    assert [empty.status_code, first.status_code, away.status_code] == [422, 200, 422]
    assert "This is what you answered." in first.content.decode()
    assert "This question is for people who were there." in away.content.decode()
    assert list(PulseAnswer.objects.values_list("membership", "worth", "will_try")) == [(member.pk, 5, "")]


def test_leader_reads_the_distribution_once_five_answered(community, leader, member):
    people = [leader, member, *(add_member(community) for _each in range(3))]
    meeting = hold(make_past_meeting(community), present=people)
    for each in people[:4]:
        answer_pulse(meeting, each, 4)
    client = client_of(leader.person)

    few = client.get(meeting.get_absolute_url()).content.decode()
    answer_pulse(meeting, people[4], 4)
    enough = client.get(meeting.get_absolute_url()).content.decode()

    assert "so that nobody can tell who said what" in few
    assert "4: yes" not in few
    assert "4: yes" in enough
    assert "4: yes" not in client_of(member.person).get(meeting.get_absolute_url()).content.decode()


def test_who_leads_so_few_reads_at_once_that_there_are_no_numbers(community, leader, member):
    meeting = hold(make_past_meeting(community), present=[leader, member])
    client = client_of(leader.person)

    before = client.get(meeting.get_absolute_url()).content.decode()
    answer_pulse(meeting, member, 4)
    after = client.get(meeting.get_absolute_url()).content.decode()

    said = "Fewer than five people were there. Answers of so few are not shown as numbers"
    assert (said in before, said in after, "4: yes" in after) == (True, True, False)


def test_pages_ask_the_database_equally_often_for_any_number_of_rows(
    community, leader, django_assert_max_num_queries
):
    client = client_of(leader.person)
    counts = []
    for more in (1, 12):
        members = [add_member(community) for _each in range(more)]
        meeting = hold(make_past_meeting(community), present=members)
        for each in members:
            answer_pulse(meeting, each, 4, "Listen")
            reply(meeting, each)
            make_meeting(community)
        pages = [
            reverse("meetings:meetings", args=[community.pk]),
            meeting.get_absolute_url(),
            reverse("meetings:attendance", args=[meeting.pk]),
            make_meeting(community).get_absolute_url(),
        ]
        asked = []
        for page in pages:
            with django_assert_max_num_queries(12) as queries:
                client.get(page)
            asked.append(len(queries))
        counts.append(asked)

    assert counts[0] == counts[1]


def test_empty_list_shows_what_it_is_for(community, leader, member):
    address = reverse("meetings:meetings", args=[community.pk])

    assert "Plan a meeting" in client_of(leader.person).get(address).content.decode()
    assert "Plan a meeting" not in client_of(member.person).get(address).content.decode()


def test_each_page_of_a_meeting_is_headed_by_what_it_is_about(community, leader) -> None:
    ahead, past = make_meeting(community, title="Bus timetables"), make_past_meeting(community)
    pages = {
        f"/meetings/{ahead.pk}/": "Bus timetables",
        f"/meetings/{ahead.pk}/edit/": "Change “Bus timetables”",
        f"/meetings/{ahead.pk}/cancellation/": "Cancel “Bus timetables”",
        f"/meetings/{past.pk}/attendance/": f"Who was at “{past.title}”?",
        f"/communities/{community.pk}/meetings/new/": "Plan a meeting",
        f"/communities/{community.pk}/people/": "Hedgerow",
    }
    client = client_of(leader.person)

    texts = {path: client.get(path).content.decode() for path in pages}

    headings = {path: re.findall(r"<h1>\s*(.*?)\s*</h1>", text, re.DOTALL) for path, text in texts.items()}
    assert headings == {path: [heading] for path, heading in pages.items()}
    people = texts[f"/communities/{community.pk}/people/"]
    assert re.search(rf'href="/communities/{community.pk}/people/" aria-current="page">People<', people)


def test_a_leader_asks_those_who_have_yet_to_say(client):
    community = make_community()
    leader = add_member(community, "Lea", role="leader")
    member = add_member(community, "Max")
    meeting = make_meeting(community)
    address = reverse("meetings:asking_again", args=[meeting.pk])
    client.force_login(leader.person)

    before = client.get(meeting.get_absolute_url()).content.decode()
    sent = client.post(address, follow=True).content.decode()
    again = client.post(address, follow=True).content.decode()
    client.force_login(member.person)
    to_member = client.get(meeting.get_absolute_url()).content.decode()

    assert ("Ask these 2 again" in before, "Asked again on" in before) == (True, False)
    assert "A mail is on its way to 2 people." in sent
    assert ("You can ask once more tomorrow." in sent, "Asked again on" in sent) == (True, True)
    assert "They were asked today already." in again
    assert address not in to_member


def form_of(client, address: str) -> dict[str, str]:
    """What the edit form of a page carries and shows, ready to be changed and sent."""
    context = client.get(address).context
    form = context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {
        **{name: "" if value is None else str(value) for name, value in shown.items()},
        "opened_with": hidden(str(form.opened_with)),
    }


def hidden(html: str) -> str:
    return html.split('name="opened_with" value="')[1].split('"')[0]


def test_an_older_form_does_not_move_a_meeting_back(community, leader, member):
    next_week = timezone.now() + timedelta(days=7)
    meeting = make_meeting(
        community,
        starts_at=next_week.astimezone(community.zone).replace(hour=14, minute=0, second=0, microsecond=0),
    )
    address = reverse("meetings:edit", args=[meeting.pk])
    staff, their_leader = client_of(make_staff(community.program)), client_of(leader.person)
    opened = {each: form_of(each, address) for each in (staff, their_leader)}

    staff.post(address, opened[staff] | {"clock": "16:30"})
    moved, mails = Meeting.objects.get(), Message.objects.count()
    older = their_leader.post(address, opened[their_leader] | {"title": "Let us meet"})

    assert older.status_code == 422
    assert "<strong>Starts at</strong> 16:30" in older.text
    assert 'value="Let us meet"' in older.text
    assert "Save over it and tell everybody" in older.text
    assert (Meeting.objects.get().starts_at, Message.objects.count()) == (moved.starts_at, mails)

    knowingly = opened[their_leader] | {"title": "Let us meet", "opened_with": hidden(older.text)}
    assert their_leader.post(address, knowingly).status_code == 302
    assert Meeting.objects.get().starts_at == meeting.starts_at


def test_an_older_page_does_not_overwrite_the_attendance(community, leader):
    people = [leader, *(add_member(community, f"Member {number}") for number in range(9))]
    meeting = make_past_meeting(community)
    address = reverse("meetings:attendance", args=[meeting.pk])
    staff, their_leader = client_of(make_staff(community.program)), client_of(leader.person)
    older = hidden(their_leader.get(address).text)
    carried = hidden(staff.get(address).text)

    staff.post(address, {"present": [each.pk for each in people], "opened_with": carried})
    refused = their_leader.post(address, {"opened_with": older})

    assert refused.status_code == 422
    assert refused.text.count("</strong> was there") == 10
    assert "Save over it" in refused.text
    assert Meeting.objects.get().present_count == 10

    their_leader.post(address, {"present": [leader.pk], "opened_with": hidden(refused.text)})
    assert Meeting.objects.get().present_count == 1


def test_a_reply_that_came_meanwhile_does_not_stop_the_attendance(community, leader, member):
    meeting = make_past_meeting(community)
    client, address = client_of(leader.person), reverse("meetings:attendance", args=[meeting.pk])
    carried = hidden(client.get(address).text)
    reply(meeting, member, "coming")

    assert client.post(address, {"present": [leader.pk], "opened_with": carried}).status_code == 302
    assert Meeting.objects.get().present_count == 1


def test_the_other_link_of_a_mail_asks_for_a_press_and_names_the_earlier_answer(community, member):
    meeting = make_meeting(community)
    reply(meeting, member, "coming")
    client = Client()

    other = client.get(answer_path(meeting, member, answer="not_coming")).text
    same = client.get(answer_path(meeting, member, answer="coming")).text

    assert "You chose: Can&#x27;t make it. Press to confirm." in other
    assert other.index('value="not_coming"') < other.index('value="coming"')
    assert other.index('value="coming"') < other.index("your earlier answer counts: I&#x27;m coming")
    assert "Your answer: I&#x27;m coming" in same
    assert "Press to confirm" not in same
    assert MeetingReply.objects.get().answer == "coming"


def test_the_first_link_of_a_mail_asks_for_a_press_as_well(community, member):
    page = Client().get(answer_path(make_meeting(community), member, answer="coming")).text

    assert "You chose: I&#x27;m coming. Press to confirm." in page
    assert "earlier answer" not in page


def test_another_number_of_the_day_after_asks_for_a_press_and_names_the_earlier(community, member):
    meeting = hold(make_past_meeting(community), present=[member])
    first = Client().get(pulse_path(meeting, member, worth=2)).text
    answer_pulse(meeting, member, worth=4)

    other, same = (Client().get(pulse_path(meeting, member, worth=worth)).text for worth in (2, 4))

    label = PulseAnswer.Worth(2).label
    assert f"You chose: {label}. Press “Send my answer” to confirm." in first
    assert "earlier answer" not in first
    assert f"You chose: {label}. Press “Send my answer” to confirm." in other
    assert f"your earlier answer counts: {PulseAnswer.Worth(4).label}" in other
    assert "This is what you answered. You can change it." in same
    assert PulseAnswer.objects.get().worth == 4


def test_who_leads_reads_who_was_there_and_members_read_the_number(community, leader, member):
    away = add_member(community, "Cid Absent")
    meeting = hold(make_past_meeting(community), present=[member, leader], absent=[away])

    pages = [
        client_of(person).get(meeting.get_absolute_url()).text
        for person in (leader.person, make_staff(community.program), member.person)
    ]

    for page in pages[:2]:
        there, not_there = page.index(">Were there <"), page.index(">Were not there <")
        assert there < page.index("Ana Leader", there) < page.index("Ben Member", there) < not_there
        assert not_there < page.index("Cid Absent", not_there)
        assert page.count("Correct the attendance") == 1
    assert "2 of 3" in pages[2]
    assert [words in pages[2] for words in ("Cid Absent", "Correct the attendance")] == [False, False]


@pytest.fixture
def older(community):
    """The community, two months old."""
    community.starts_on -= timedelta(days=60)
    community.save()
    return community


def test_a_past_meeting_is_entered_with_its_attendance_and_nobody_is_written_to(older, leader, member):
    client, address = client_of(leader.person), reverse("meetings:enter", args=[older.pk])
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()

    page = client.get(address).text
    entered = client.post(address, typed(day=yesterday))
    meeting = Meeting.objects.get()
    client.post(entered.headers["Location"], {"present": [member.pk]})
    tomorrow = timezone.now() + timedelta(days=1)
    with patch("django.utils.timezone.now", return_value=tomorrow):
        send_pulses.call()
        ask_pulse(meeting)

    assert "Nobody is written to" in page
    assert entered.headers["Location"] == reverse("meetings:attendance", args=[meeting.pk])
    meeting.refresh_from_db()
    assert (meeting.entered_afterwards, meeting.present_count, meeting.expected_count) == (True, 1, 2)
    assert Message.objects.count() == 0
    assert "The day after" not in client.get(meeting.get_absolute_url()).text
    assert "worth your time" not in client_of(member.person).get(meeting.get_absolute_url()).text


def test_a_past_meeting_is_refused_outside_its_time_and_corrected_within(older, leader):
    client, address = client_of(leader.person), reverse("meetings:enter", args=[older.pk])
    today = timezone.localdate()
    before = (older.starts_on - timedelta(days=1)).isoformat()

    to_come, too_early = client.post(address, typed()), client.post(address, typed(day=before))
    client.post(address, typed(day=(today - timedelta(days=2)).isoformat()))
    meeting = Meeting.objects.get()
    edit = reverse("meetings:edit", args=[meeting.pk])
    shown = client.get(edit).text
    corrected = client.post(edit, typed(title="First talk", day=(today - timedelta(days=3)).isoformat()))
    moved_on = client.post(edit, typed())

    assert (to_come.status_code, too_early.status_code, moved_on.status_code) == (422, 422, 422)
    assert "This time has yet to come. Plan the meeting instead." in to_come.text
    assert "Choose a day within the group&#x27;s own time" in too_early.text
    assert "Nobody is written to." in shown
    assert corrected.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.title, meeting.sequence, Message.objects.count()) == ("First talk", 0, 0)
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == ["meeting.entered", "meeting.changed"]


def test_plan_and_list_lead_to_entering_a_past_meeting(community, leader, member):
    entering = reverse("meetings:enter", args=[community.pk])
    listing = reverse("meetings:meetings", args=[community.pk])

    assert entering in client_of(leader.person).get(reverse("meetings:plan", args=[community.pk])).text
    assert entering in client_of(leader.person).get(listing).text
    assert entering not in client_of(member.person).get(listing).text
