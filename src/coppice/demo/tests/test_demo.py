"""The demo: its story once, a door for each kind of person, a roster as untidy as real ones."""

import importlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings
from django.urls import clear_url_caches
from django.utils import timezone

import coppice.urls
from coppice.accounts.models import Person
from coppice.activities.models import Card, CardPhoto
from coppice.communities.models import Community, Membership
from coppice.conversations.actions import deciding, decisions
from coppice.conversations.decision_models import Decision
from coppice.conversations.import_models import Archive
from coppice.conversations.models import Post
from coppice.demo import galleries, minutes, story, trading, walls
from coppice.demo.doors import doors
from coppice.demo.remembering import MAILS
from coppice.formation.market_board import Tally, cards_of, tally_of
from coppice.history.models import Entry
from coppice.live.models import Room
from coppice.meetings.minutes_models import commitments_of
from coppice.meetings.models import CalendarFeed, Meeting
from coppice.notifications.models import Message
from coppice.programs.models import Program, Provider
from coppice.surveys.models import Wave

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The story, told once for all tests of it; what each of them does to it is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        story.tell()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_urls():
    with override_settings(DEMO=True):
        importlib.reload(coppice.urls)
        clear_url_caches()
        yield
    importlib.reload(coppice.urls)
    clear_url_caches()


def test_the_story_is_told_once() -> None:
    people = Person.objects.count()

    story.tell()

    program = Program.objects.get(name="Healthy Start TTA 2026")
    assert Person.objects.count() == people
    assert program.enrollments.count() == 85
    assert program.organizations.count() == 61
    assert list(program.communities.order_by("pk").values_list("name", "stage")) == [
        ("Volunteer retention", "maturing"),
        ("First-time grant seekers", "coalescing"),
        ("Rural transport", "maturing"),
        ("Board development", "stewardship"),
        ("Youth outreach", "potential"),
        ("Data without tears", "transformation"),
    ]
    assert Membership.objects.filter(state="invited", community__program=program).count() == 11
    assert Provider.objects.count() == 2


def test_every_door_lets_the_right_person_in(client: Client, demo_urls: None) -> None:
    for door in doors():
        shown = client.get(f"/demo/sign-in/{door.key}/")
        entered = client.post(f"/demo/sign-in/{door.key}/")
        assert str(Person.objects.get(email=door.email)) in shown.content.decode()
        assert entered.url == "/"
        assert client.session["_auth_user_id"] == str(Person.objects.get(email=door.email).pk)

    assert client.get("/demo/").status_code == 200
    assert client.get("/demo/sign-in/nobody/").status_code == 404


def test_no_two_doors_lead_to_the_same_person_and_each_shows_one_kind(
    client: Client, demo_urls: None
) -> None:
    emails = {door.key: door.email for door in doors()}
    assert len(set(emails.values())) == len(emails) == 13
    member, lead = (Person.objects.get(email=emails[key]) for key in ("member", "organization-lead"))
    organization = lead.enrollments.get().affiliations.get(is_lead=True).organization
    client.force_login(lead)
    counts = client.get(f"/organizations/{organization.pk}/").content.decode()
    assert not member.enrollments.filter(affiliations__is_lead=True).exists()
    assert not lead.memberships.exists()
    assert "6 of your people take part." in counts
    assert "hidden: fewer than five people" not in counts


def test_one_launch_evening_waits_for_guests_and_another_is_told_to_members(
    client: Client, demo_urls: None
) -> None:
    held, (ready, *formats) = (
        Room.objects.filter(state="ended", market=None).exclude(title=galleries.TITLE).get(),
        Room.objects.filter(state="ready").order_by("pk"),
    )
    front = client.get("/demo/").content.decode()
    joined = client.post(f"/join/{ready.code}/", {"name": "Femi"}, follow=True)
    client.post("/demo/sign-in/member/")
    rooms = client.get(f"/communities/{held.community_id}/live/").content.decode()
    happened = client.get(f"/live-rooms/{held.pk}/results/").content.decode()

    assert f"/join/{ready.code}/" in front
    assert ready.spoken_code in front
    assert joined.status_code == 200
    assert list(ready.steps.values_list("kind", flat=True)) == [
        "talk", "scale", "talk", "words", "choice", "ranking",
    ]  # fmt: skip
    assert ready.program.name == "Safe Routes 2027"
    assert len(formats) == 9  # one for each format
    assert f"/live-rooms/{held.pk}/results/" in rooms
    assert "13 people were there" in happened
    assert "The first three months leads, with 7 of 13 people" in happened
    assert "somebody knew my name" in happened
    assert "12 offers of help tie 13 people in" in happened
    assert set(held.participants.values_list("source", flat=True)) == {"phone", "link", "paper"}
    ended = Entry.objects.get(verb="live_room.ended", subject_id=str(held.pk))
    assert ended.at <= held.ended_at


def test_people_chose_their_topics_at_one_evening_and_another_waits_for_the_rest(
    client: Client, demo_urls: None
) -> None:
    held, ready = Room.objects.exclude(market=None).exclude(title=trading.TITLE).order_by("pk")
    client.post("/demo/sign-in/manager/")
    happened = client.get(f"/live-rooms/{held.pk}/results/").content.decode()

    assert (held.state, ready.state) == ("ended", "ready")
    assert held.market.marketplace == ready.market.marketplace
    assert held.ended_at.date() <= timezone.localdate() - timedelta(days=2)
    assert "24 people were there" in happened
    assert "42 people have a place. Topics with enough people: 4 of 6" in happened
    assert "10 of 12" in happened
    assert "3 more and it starts" in happened


def test_a_gallery_was_held_and_hangs_with_pictures(client: Client, demo_urls: None) -> None:
    room = Room.objects.get(title=galleries.TITLE)
    client.post("/demo/sign-in/manager/")
    happened = client.get(f"/live-rooms/{room.pk}/results/").content.decode()
    wall = client.get(f"/programs/{room.program_id}/gallery/").content.decode()

    assert "5 objects stand for what people here know" in happened
    assert "8 wishes to hear more about objects" in happened
    assert wall.count("<img") == 5
    assert (Card.objects.count(), CardPhoto.objects.count()) == (5, 4)


def test_an_evening_of_badges_was_held_and_its_groups_stand(client: Client, demo_urls: None) -> None:
    room = Room.objects.get(title=trading.TITLE)
    client.post("/demo/sign-in/manager/")
    happened = client.get(f"/live-rooms/{room.pk}/results/").content.decode()

    assert room.state == "ended"
    assert room.ended_at.date() <= timezone.localdate() - timedelta(days=1)
    assert "14 people were there" in happened
    assert "14 badges were written" in happened
    assert "14 people are in groups. Groups: 3" in happened
    assert "Crossing guards who come in winter too" in happened
    assert "Bea" not in happened
    assert room.market.marketplace.is_open


def test_a_wall_of_posters_hangs_in_its_middle_and_waits_for_its_host(
    client: Client, demo_urls: None
) -> None:
    room = Room.objects.get(title=walls.TITLE)
    client.post("/demo/sign-in/manager/")
    shown = client.get(f"/live-rooms/{room.pk}/").content.decode()

    assert room.state == "running"
    assert "5 posters are under no theme" in shown
    assert "2 people say so" in shown
    assert "People at the crossing, 3 posters" in shown


def test_people_said_what_interests_them_and_some_are_on_the_board(client: Client, demo_urls: None) -> None:
    marketplace = Program.objects.get(name="Safe Routes 2027").marketplaces.get(name="Choose your network")
    client.post("/demo/sign-in/manager/")
    read = client.get(f"/marketplaces/{marketplace.pk}/interests/").content.decode()

    assert "34 of" in read
    assert "7 are on the profile board." in read
    assert "Hidden" not in read


def test_a_member_and_the_manager_read_meetings_in_their_own_calendars(
    client: Client, demo_urls: None
) -> None:
    feeds = {feed.program_id is not None: feed for feed in CalendarFeed.objects.all()}
    served = client.get(feeds[False].path)

    assert (len(feeds), feeds[True].shows_links) == (2, False)
    assert feeds[False].person.email in [door.email for door in doors() if door.key == "member"]
    assert served.content.count(b"BEGIN:VEVENT") > 3


def test_no_survey_is_younger_than_the_rounds_in_which_it_was_asked() -> None:
    assert Wave.objects.exists()
    assert not Wave.objects.filter(opened_at__lt=F("instrument__created_at")).exists()


def test_one_round_is_published_and_its_first_days_have_passed(client: Client, demo_urls: None) -> None:
    formation = Program.objects.get(name="Young Readers").formations.get()
    client.post("/demo/sign-in/manager/")
    swaps = client.get(f"/formations/{formation.pk}/swaps/").content.decode()
    late = client.get(f"/formations/{formation.pk}/late/")

    assert formation.is_published
    assert not formation.outcome["broken"]
    assert formation.has_swaps
    assert [column.community.topic.name for column in formation.proposed_communities.all()]
    assert formation.swap_requests.count() == 3
    assert "Somebody I would learn from is there." in swaps
    assert late.context["page"].paginator.count == 2


def test_a_mailing_list_was_brought_in_and_its_years_can_be_read(client: Client) -> None:
    archive = Archive.objects.get()
    brought = Post.objects.filter(via=Post.Via.ARCHIVE)
    original = brought.exclude(brought__original="").first()
    client.force_login(archive.by)

    page = client.get(archive.get_absolute_url())

    assert (archive.state, archive.counts["left_out"], brought.count()) == ("brought", {}, len(MAILS))
    assert not brought.filter(markdown__contains="wrote:").exists()
    assert {post.author_name for post in brought} == {"", "Pat Lowe", "Dolores Whitfield", "June Okafor"}
    assert "9 posts were brought in" in page.text
    assert client.get(f"/posts/{original.pk}/original/").status_code == 200


def test_outside_the_demo_there_are_no_doors(client: Client) -> None:
    assert client.get("/demo/sign-in/manager/").status_code == 404


def test_a_marketplace_is_in_its_middle() -> None:
    marketplace = Program.objects.get(name="Safe Routes 2027").marketplaces.get(name="Choose your network")
    assert {card.topic.name: (card.people, card.waiting) for card in cards_of(marketplace)} == {
        "Crossing guards who stay": (12, 2),
        "Walking groups in small towns": (10, 0),
        "First bike lessons": (8, 0),
        "Talking with traffic engineers": (7, 0),
        "Bus stops that feel safe": (3, 0),
        "Safer bus stops": (2, 0),
    }
    assert tally_of(marketplace) == Tally(chosen=42, deciding=42, from_paper=4)


def test_each_community_wrote_down_what_came_of_the_meeting_held_last() -> None:
    communities = Community.objects.filter(name__in=minutes.WRITTEN)
    last = [Meeting.objects.of(each).held().latest("starts_at") for each in communities]

    written = [
        (each.notes.count(), each.decisions.count(), each.lessons.count(), commitments_of(each).count())
        for each in last
    ]

    assert written == [(2, 1, 1, 2)] * 5


def test_what_is_decided_in_the_demo_is_told() -> None:
    decision = Decision.objects.undecided().order_by("pk")[0]
    leader = Membership.objects.leaders().filter(community=decision.thread.community)[0]
    decisions.decide(decision, outcome="We take turns of a week.", by=leader.person)

    assert deciding.see_to(decision.pk) > 1
    assert Message.objects.filter(text__contains="We take turns of a week.").exists()
