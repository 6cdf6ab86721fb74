"""Calendar feeds: what stands in them and for whom, how they are asked again, and how they stop."""

from datetime import UTC, timedelta

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import feed_actions
from coppice.accounts.actions import stop_links
from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.history.models import Entry
from coppice.meetings.actions import feeds as actions
from coppice.meetings.feeds import feeds_of, subjects_of
from coppice.meetings.models import CalendarFeed, MeetingReply
from coppice.meetings.tests.factories import make_meeting, make_past_meeting, reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community(name="Hedgerow")


@pytest.fixture
def member(community):
    return add_member(community, "Ben Member")


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(feed, **headers):
    return Client().get(feed.path, headers=headers)


def events_in(feed) -> dict[str, icalendar.Event]:
    response = ask(feed)
    assert response.status_code == 200
    calendar = icalendar.Calendar.from_ical(response.content)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def test_own_feed_holds_the_meetings_of_all_ones_communities(community, member):
    other = make_community(name="Orchard", program=community.program)
    Membership.objects.create(
        community=other, person=member.person, enrollment=member.enrollment, state="active"
    )
    make_meeting(community, title="First")
    make_meeting(other, title="Second")
    make_meeting(make_community(name="Strange"), title="Third")

    events = events_in(actions.make(by=member.person))

    assert set(events) == {"First · Hedgerow", "Second · Orchard"}


def test_a_feed_tells_when_to_ask_again_and_is_called_by_its_name(member, community):
    feed = actions.make(by=member.person, community=community)

    calendar = icalendar.Calendar.from_ical(ask(feed).content)

    assert str(calendar["X-WR-CALNAME"]) == "Hedgerow"
    assert calendar["REFRESH-INTERVAL"].to_ical() == b"PT1H"
    assert "METHOD" not in calendar


def test_who_leaves_reads_no_meeting_of_the_community_any_more(community, member):
    make_meeting(community, title="First")
    feeds = [actions.make(by=member.person), actions.make(by=member.person, community=community)]
    before = [len(events_in(feed)) for feed in feeds]

    member.state = Membership.State.LEFT
    member.save()

    assert (before, [len(events_in(feed)) for feed in feeds]) == ([1, 1], [0, 0])


def test_a_feed_of_a_program_is_for_its_staff_as_long_as_they_work_there(community):
    staff = make_staff(community.program)
    make_meeting(community, title="First")
    feed = actions.make(by=staff, program=community.program)
    before = set(events_in(feed))

    staff.staff_posts.update(is_active=False)

    assert (before, set(events_in(feed))) == ({"First · Hedgerow"}, set())


def test_what_is_cancelled_stays_for_a_time_and_what_is_past_for_a_year(community, member):
    now = timezone.now()
    make_meeting(community, title="Just cancelled", cancelled_at=now - timedelta(days=1))
    make_past_meeting(community, title="Cancelled lately", days_ago=20, cancelled_at=now - timedelta(days=25))
    make_past_meeting(
        community, title="Cancelled long ago", days_ago=40, cancelled_at=now - timedelta(days=45)
    )
    make_past_meeting(community, title="Last spring", days_ago=300)
    make_past_meeting(community, title="The year before", days_ago=400)

    events = events_in(actions.make(by=member.person, community=community))

    assert {title: str(event["STATUS"]) for title, event in events.items()} == {
        "Just cancelled": "CANCELLED",
        "Cancelled lately": "CANCELLED",
        "Last spring": "CONFIRMED",
    }


def test_links_and_numbers_stay_out_of_a_feed_that_others_may_open(community, member):
    meeting = make_meeting(community, title="First", place="+1 555 0100", purpose="Meet")
    shown = actions.make(by=member.person, community=community)
    hidden = actions.make(by=member.person, shows_links=False)

    assert b"meet.example.org" in ask(shown).content
    event = events_in(hidden)["First · Hedgerow"]
    assert "LOCATION" not in event
    assert "meet.example.org" not in str(event["DESCRIPTION"])
    assert meeting.get_absolute_url() in str(event["DESCRIPTION"])


def test_a_meeting_that_one_cannot_make_leaves_the_time_free(community, member):
    gone, kept = make_meeting(community, title="Gone"), make_meeting(community, title="Kept")
    reply(gone, member, MeetingReply.Answer.NOT_COMING)
    reply(kept, member)

    events = events_in(actions.make(by=member.person, community=community))

    assert {title: str(event.get("TRANSP", "")) for title, event in events.items()} == {
        "Gone": "TRANSPARENT",
        "Kept": "",
    }


def test_a_program_that_has_read_it_is_told_that_nothing_changed(community, member):
    meeting = make_meeting(community)
    feed = actions.make(by=member.person)
    first = ask(feed)

    by_tag = ask(feed, if_none_match=first["ETag"])
    by_day = ask(feed, if_modified_since=first["Last-Modified"])
    meeting.title = "Moved"
    meeting.save()
    CalendarFeed.objects.update(altered_at=timezone.now() - timedelta(days=1))
    after = ask(feed, if_none_match=first["ETag"])

    assert (first.status_code, by_tag.status_code, by_day.status_code) == (200, 304, 304)
    assert (by_tag["ETag"], by_tag.content) == (first["ETag"], b"")
    assert (after.status_code, after["ETag"] != first["ETag"]) == (200, True)


def test_leaving_counts_as_a_change_by_date_as_well(community, member):
    make_meeting(community)
    feed = actions.make(by=member.person)
    ask(feed)
    CalendarFeed.objects.update(altered_at=timezone.now() - timedelta(days=1))
    since = ask(feed)["Last-Modified"]

    member.state = Membership.State.LEFT
    member.save()

    assert ask(feed, if_modified_since=since).status_code == 200


def test_last_use_is_kept_to_the_hour(community, member):
    feed = actions.make(by=member.person)
    assert feed.used_at is None
    ask(feed)
    first = CalendarFeed.objects.get().used_at

    ask(feed)
    again = CalendarFeed.objects.get().used_at
    CalendarFeed.objects.update(used_at=first - timedelta(hours=2))
    ask(feed)

    assert again == first
    assert CalendarFeed.objects.get().used_at > first


def test_a_revoked_feed_is_gone_and_a_renewed_one_has_another_address(community, member):
    feed = actions.make(by=member.person, community=community, shows_links=False)
    old = feed.path
    anew = feed_actions.renew(feed, by=member.person)

    statuses = [Client().get(path).status_code for path in (old, anew.path)]
    feed_actions.revoke(anew, by=member.person)
    feed_actions.revoke(anew, by=member.person)

    assert (statuses, anew.shows_links, anew.community) == ([404, 200], False, community)
    assert ask(anew).status_code == 404
    verbs = Entry.objects.filter(subject_kind="calendarfeed").order_by("pk").values_list("verb", "scope")
    assert list(verbs) == [
        (f"calendar_feed.{verb}", community.program.scope) for verb in ("made", "renewed", "revoked")
    ]


def test_renewing_what_is_revoked_makes_it_anew(member):
    feed = actions.make(by=member.person)
    feed_actions.revoke(feed, by=member.person)

    anew = feed_actions.renew(feed, by=member.person)

    assert CalendarFeed.objects.get() == anew


def test_there_is_one_feed_of_each(community, member):
    first = actions.make(by=member.person, community=community)

    assert actions.make(by=member.person, community=community, shows_links=False) == first
    assert Entry.objects.get(verb="calendar_feed.made").about == member.person


def test_the_history_of_ones_own_feed_is_ones_own(member):
    actions.make(by=member.person)

    assert Entry.objects.get(verb="calendar_feed.made").scope == f"person:{member.person_id}"


def test_stopping_all_links_stops_feeds(member):
    path = actions.make(by=member.person).path
    before = Client().get(path).status_code

    stop_links(member.person, by=member.person)

    assert (before, Client().get(path).status_code) == (200, 404)


def test_the_page_makes_renews_and_revokes(community, member):
    client = client_of(member.person)
    page = reverse("meetings:feeds")
    made = client.post(page, {"what": f"community-{community.pk}", "shows_links": "on"})
    feed = CalendarFeed.objects.get()
    shown = client.get(page).text

    renewed = client.post(reverse("meetings:feed_renewal", args=[feed.pk]))
    anew = CalendarFeed.objects.get()
    revoked = client.post(reverse("meetings:feed_revocation", args=[anew.pk]))

    assert [each.status_code for each in (made, renewed, revoked)] == [302, 302, 302]
    assert feed.path in shown
    assert f"webcal://localhost:8000{feed.path}" in shown
    assert anew.pk != feed.pk
    assert not CalendarFeed.objects.exists()


def test_a_feed_of_what_is_not_ones_own_is_refused(community, member):
    strange = make_community(name="Strange")
    answers = [
        client_of(member.person).post(reverse("meetings:feeds"), {"what": what})
        for what in (f"community-{strange.pk}", f"program-{community.program_id}", "")
    ]

    assert [each.status_code for each in answers] == [422, 422, 422]
    assert not CalendarFeed.objects.exists()


def test_somebody_elses_feed_does_not_exist(community, member):
    feed = actions.make(by=member.person)
    other = client_of(make_person("Eve Other"))

    answers = [
        other.post(reverse(f"meetings:feed_{what}", args=[feed.pk])) for what in ("renewal", "revocation")
    ]

    assert [each.status_code for each in answers] == [404, 404]
    assert CalendarFeed.objects.get() == feed


def test_one_may_make_feeds_of_what_one_has_none_of(community):
    staff = make_staff(community.program)
    before = [each.key for each in subjects_of(staff)]
    actions.make(by=staff, program=community.program)

    assert before == ["mine", f"program-{community.program_id}"]
    assert [each.key for each in subjects_of(staff)] == ["mine"]
    assert [str(line.feed) for line in feeds_of(staff)] == [community.program.name]


def test_the_meetings_of_a_community_are_brought_in_as_a_file(community, member):
    meeting = make_meeting(community, title="First")

    response = client_of(member.person).get(reverse("meetings:community_file", args=[community.pk]))

    [event] = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert (str(event["SUMMARY"]), event.start.astimezone(UTC)) == ("First", meeting.starts_at)
    assert response["Content-Disposition"] == 'attachment; filename="meetings.ics"'
