"""Check-ins are logged, calls put off, and the list of calls follows."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coppice.communities.tests import factories
from coppice.history.models import Entry
from coppice.programs.models import Staff
from coppice.stewardship import actions
from coppice.stewardship.errors import NextBeforeSpoken, SpokenInFuture
from coppice.stewardship.models import LeaderCheckIn, Snooze
from coppice.stewardship.permissions import can_check_in, can_correct_check_in
from coppice.stewardship.queries import next_call_on, to_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    """A community that began sixty days ago and has a leader."""
    made = factories.make_community(
        starts_on=timezone.localdate() - timedelta(days=60), ends_on=timezone.localdate() + timedelta(days=60)
    )
    membership = factories.add_member(made, "Tom Whitehorse", state="active", role="leader")
    made.led_by = membership.person
    return made


def test_a_check_in_is_kept_and_recorded(community) -> None:
    staff = factories.make_staff(community.program)

    check_in = actions.log_check_in(
        community,
        leader=community.led_by,
        spoken_on=actions.today(community),
        mood=LeaderCheckIn.Mood.STRAINED,
        blockers="Three people changed jobs.",
        agreed_action="Share the agenda.",
        by=staff,
    )

    entry = Entry.objects.of(community.program.scope).get(verb="leader_check_in.logged")
    assert (entry.actor, entry.about, entry.detail) == (
        staff,
        community.led_by,
        {"community": community.pk, "mood": "strained"},
    )
    assert (check_in.blockers, check_in.agreed_action) == ("Three people changed jobs.", "Share the agenda.")


def test_a_conversation_to_come_cannot_be_logged(community) -> None:
    with pytest.raises(SpokenInFuture):
        actions.log_check_in(
            community, spoken_on=actions.today(community) + timedelta(days=1), mood="steady", by=None
        )

    assert LeaderCheckIn.objects.count() == 0


def test_the_next_conversation_lies_after_this_one(community) -> None:
    today = actions.today(community)

    with pytest.raises(NextBeforeSpoken):
        actions.log_check_in(community, spoken_on=today, next_on=today, mood="steady", by=None)

    assert LeaderCheckIn.objects.count() == 0


def test_a_leader_not_spoken_to_is_called_until_the_check_in_is_logged(community) -> None:
    today = actions.today(community)
    before = to_call(community.program, on=today)

    actions.log_check_in(community, spoken_on=today, mood="steady", by=None)

    assert before == [community.pk]
    assert to_call(community.program, on=today) == []
    assert to_call(community.program, on=today + timedelta(days=30)) == [community.pk]


def test_an_agreed_day_goes_before_the_programs_rhythm(community) -> None:
    today = actions.today(community)
    actions.log_check_in(
        community, spoken_on=today, next_on=today + timedelta(days=40), mood="thriving", by=None
    )

    called = [bool(to_call(community.program, on=today + timedelta(days=days))) for days in (31, 39, 40)]

    assert called == [False, False, True]


def test_a_call_put_off_comes_back_after_three_days(community) -> None:
    staff, today = factories.make_staff(community.program), actions.today(community)

    actions.snooze(community, by=staff)
    actions.snooze(community, by=staff)

    assert to_call(community.program, on=today) == []
    assert to_call(community.program, on=today + timedelta(days=3)) == [community.pk]
    assert Snooze.objects.count() == 1


def test_a_check_in_ends_a_snooze(community) -> None:
    actions.snooze(community, by=None)

    actions.log_check_in(community, spoken_on=actions.today(community), mood="steady", by=None)

    assert Snooze.objects.count() == 0


def test_the_next_call_is_the_earliest_of_what_was_agreed_is_due_or_was_put_off(community) -> None:
    program, today = community.program, actions.today(community)
    days = [next_call_on(factories.make_program(), on=today)]

    actions.snooze(community, by=None)
    days.append(next_call_on(program, on=today))
    actions.log_check_in(community, spoken_on=today, mood="steady", by=None)
    days.append(next_call_on(program, on=today))
    other = factories.make_community(program)
    factories.add_member(other, role="leader")
    Snooze.objects.create(community=other, until=today + timedelta(days=1))  # put off before it was due
    actions.log_check_in(other, spoken_on=today, next_on=today + timedelta(days=2), mood="steady", by=None)
    days.append(next_call_on(program, on=today))

    assert days == [
        None,
        today + timedelta(days=3),
        today + timedelta(days=program.call_after_days),
        today + timedelta(days=2),
    ]


def test_a_call_put_off_before_it_was_due_is_due_in_its_time(community) -> None:
    today = actions.today(community)
    community.starts_on = today
    community.save()
    Snooze.objects.create(community=community, until=today + timedelta(days=3))

    assert next_call_on(community.program, on=today) == today + timedelta(
        days=community.program.call_after_days
    )


def test_whoever_calls_finds_the_leaders_number(client: Client, community) -> None:
    client.force_login(factories.make_staff(community.program))
    enrollment = community.memberships.get().enrollment
    pages = {}

    for phone in ("+1 (555) 010-0199", "ask at the desk", ""):
        enrollment.phone = phone
        enrollment.save()
        board, calls, form = (
            client.get(address).content.decode()
            for address in (
                f"/programs/{community.program_id}/",
                f"/programs/{community.program_id}/leader-calls/",
                f"/communities/{community.pk}/check-ins/new/",
            )
        )
        pages[phone] = (board, calls, form)

    for page in pages["+1 (555) 010-0199"]:
        assert '<a href="tel:+15550100199">+1 (555) 010-0199</a>' in page
    for page in pages["ask at the desk"]:
        assert "ask at the desk" in page
        assert "tel:" not in page
    for page in pages[""]:
        assert "tel:" not in page
    assert "No phone number on the roster." in pages[""][2]


def test_check_ins_are_for_staff_of_the_program_alone(community) -> None:
    staff, other = factories.make_staff(community.program), factories.make_staff(factories.make_program())
    check_in = actions.log_check_in(community, spoken_on=actions.today(community), mood="steady", by=staff)

    assert can_check_in(staff, community)
    assert not can_check_in(community.led_by, community)
    assert list(LeaderCheckIn.objects.visible_to(staff)) == [check_in]
    assert list(LeaderCheckIn.objects.visible_to(other)) == []


def test_the_form_logs_and_goes_back_to_the_board(client: Client, community) -> None:
    client.force_login(factories.make_staff(community.program))

    shown = client.get(f"/communities/{community.pk}/check-ins/new/")
    wrong = client.post(
        f"/communities/{community.pk}/check-ins/new/", {"spoken_on": "2999-01-01", "mood": "steady"}
    )
    empty = client.post(f"/communities/{community.pk}/check-ins/new/", {})
    logged = client.post(
        f"/communities/{community.pk}/check-ins/new/",
        {"spoken_on": actions.today(community).isoformat(), "mood": "thriving"},
    )

    assert "Tom Whitehorse" in shown.content.decode()
    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert logged.url == f"/programs/{community.program_id}/"
    assert LeaderCheckIn.objects.get().leader == community.led_by


def test_snoozing_goes_back_to_the_board(client: Client, community) -> None:
    client.force_login(factories.make_staff(community.program))

    answer = client.post(f"/communities/{community.pk}/snooze/")

    assert answer.url == f"/programs/{community.program_id}/"
    assert Snooze.objects.get().community == community


def logged(community, *, by, **said) -> LeaderCheckIn:
    return actions.log_check_in(
        community,
        leader=community.led_by,
        by=by,
        **{"spoken_on": actions.today(community), "mood": "steady", "blockers": "Time.", **said},
    )


def test_a_check_in_is_corrected_and_the_record_keeps_what_changed_not_the_words(community) -> None:
    staff = factories.make_staff(community.program)
    check_in = logged(community, by=staff)

    actions.correct_check_in(check_in, by=staff, mood="strained", blockers="A secret.")
    actions.correct_check_in(check_in, by=staff, mood="strained")

    kept = LeaderCheckIn.objects.get()
    assert (kept.mood, kept.blockers) == ("strained", "A secret.")
    entry = Entry.objects.get(verb="leader_check_in.corrected")
    assert (entry.actor, entry.about, entry.detail) == (
        staff,
        community.led_by,
        {"community": community.pk, "changed": ["blockers", "mood"]},
    )


def test_a_correction_keeps_the_days_in_order(community) -> None:
    check_in = logged(community, by=None)
    today = actions.today(community)

    with pytest.raises(SpokenInFuture):
        actions.correct_check_in(check_in, by=None, spoken_on=today + timedelta(days=1))
    with pytest.raises(NextBeforeSpoken):
        actions.correct_check_in(check_in, by=None, next_on=today)


def test_a_check_in_taken_back_counts_no_longer(community) -> None:
    staff = factories.make_staff(community.program)
    today = actions.today(community)
    check_in = logged(community, by=staff)
    before = list(to_call(community.program, on=today))

    actions.take_back_check_in(check_in, by=staff)

    assert (before, list(to_call(community.program, on=today))) == ([], [community.pk])
    entry = Entry.objects.get(verb="leader_check_in.taken_back")
    assert entry.detail == {"community": community.pk, "spoken_on": today.isoformat()}


def test_who_logged_it_and_administrators_correct_a_check_in(client: Client, community) -> None:
    staff, other = (factories.make_staff(community.program, name) for name in ("Rosa", "Otis"))
    admin = factories.make_staff(community.program, "Ada")
    Staff.objects.filter(person=admin).update(role=Staff.Role.ADMIN)
    outsider = factories.make_staff(factories.make_program())
    check_in = logged(community, by=staff)

    allowed = [can_correct_check_in(person, check_in) for person in (staff, other, admin, outsider)]
    offers = []
    for person in (staff, other, admin):
        client.force_login(person)
        page = client.get(f"/communities/{community.pk}/check-ins/new/").content.decode()
        offers.append(f"/check-ins/{check_in.pk}/" in page)

    assert (allowed, offers) == ([True, False, True, False], [True, False, True])


def test_a_check_in_is_corrected_and_taken_back_from_its_page(client: Client, community) -> None:
    staff = factories.make_staff(community.program)
    check_in = logged(community, by=staff)
    today = actions.today(community)
    client.force_login(staff)
    page = f"/check-ins/{check_in.pk}/"
    said = {
        "spoken_on": today.isoformat(),
        "mood": "stuck",
        "blockers": "",
        "agreed_action": "",
        "next_on": "",
    }

    shown = client.get(page).content.decode()
    wrong = client.post(page, {**said, "next_on": today.isoformat()})
    saved = client.post(page, said)
    mood = LeaderCheckIn.objects.get().mood
    removed = client.post(f"{page}removal/")

    assert "Time." in shown
    assert "The next conversation lies before this one." in wrong.content.decode()
    back = f"/communities/{community.pk}/check-ins/new/"
    assert (wrong.status_code, saved.url, mood, removed.url) == (422, back, "stuck", back)
    assert not LeaderCheckIn.objects.exists()


def test_no_rhythm_leads_out_of_the_calendar(community) -> None:
    community.program.call_after_days = 9_999_999  # as a row may have held before the database refused it
    today = actions.today(community)

    assert to_call(community.program, on=today) == []
    assert next_call_on(community.program, on=today) == date.max


@pytest.mark.parametrize("wrong", [{"spoken_on": "0001-01-01"}, {"next_on": "9999-12-31"}])
def test_a_day_out_of_reach_is_refused_beside_its_field(client: Client, community, wrong) -> None:
    client.force_login(factories.make_staff(community.program))

    refused = client.post(
        f"/communities/{community.pk}/check-ins/new/",
        {"spoken_on": actions.today(community).isoformat(), "mood": "thriving", **wrong},
    )

    assert (refused.status_code, LeaderCheckIn.objects.count()) == (422, 0)
    assert "Give a day from the year 2000 to 2100." in refused.content.decode()
