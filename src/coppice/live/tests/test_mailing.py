"""A room's link by mail: who gets it, once each, and joining by it without an account."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.links import token_of
from coppice.communities.models import Membership
from coppice.communities.next_steps import choices, known, with_choices
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links, tasks
from coppice.live.actions import mailing, people, rooms
from coppice.live.audience import audience_of
from coppice.live.errors import RoomHasEnded
from coppice.live.models import Participant, Room
from coppice.live.queries import join_from_place
from coppice.live.tests.factories import make_room, opened
from coppice.notifications.models import Message, Mute
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community()


@pytest.fixture
def room(community) -> Room:
    return make_room(community.program, community=community)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names(rows) -> list[str]:
    return sorted(each.name for each in rows)


def mailed() -> list[str]:
    return sorted(Message.objects.values_list("recipient__name", flat=True))


def test_active_members_get_the_link_and_everybody_else_is_told_apart(community, room):
    add_member(community, "Ada")
    add_member(community, "Pausing", state=Membership.State.PAUSED)
    add_member(community, "Invited", state=Membership.State.INVITED)
    add_member(community, "Paper", enrollment=enroll(community.program, "Paper", contact_mode="paper"))
    there, muted = add_member(community, "There"), add_member(community, "Muted")
    enroll(community.program, "Not a member")
    people.join(room, name="There", language="en", person=there.person)
    Mute.objects.create(person=muted.person, list_key=community.list_key)

    audience = audience_of(room)

    assert names(audience.reached) == ["Ada"]
    assert names(audience.without_mail) == ["Paper"]
    assert names(audience.is_there) == ["There"]
    assert names(audience.left_list) == ["Muted"]


def test_a_room_of_the_program_writes_to_its_roster():
    program = make_program()
    enroll(program, "Ada")
    enroll(program, "Left", ended_at=timezone.now())
    enroll(make_program(), "Elsewhere")

    room = make_room(program)

    assert names(audience_of(room).reached) == ["Ada"]
    assert room.list_key == f"live-rooms:{program.pk}"


def test_the_host_sees_who_gets_it_presses_once_and_each_gets_one_mail(client, community, room):
    leader = add_member(community, "Lea", role="leader")
    add_member(community, "Ada")
    client.force_login(leader.person)
    page = reverse("live:sending", args=[room.pk])
    assert page in client.get(room.get_absolute_url()).content.decode()
    assert "Send the link to 2 people" in text(client.get(page))

    client.post(page)
    tasks.send_links.call()
    tasks.send_links.call()
    client.post(page)
    tasks.send_links.call()

    assert mailed() == ["Ada", "Lea"]
    room.refresh_from_db()
    assert room.link_sent_at > room.link_asked_at
    assert not Room.objects.with_links_to_send().exists()
    assert "2 people have the link and are not here yet" in text(client.get(page))
    assert "Nobody: whoever can get it has it" in text(client.get(page))
    assert Entry.objects.filter(verb="live_room.link_sent", actor=leader.person).count() == 2


def test_who_comes_later_gets_it_when_it_is_asked_for_again(community, room):
    add_member(community, "Ada")
    mailing.send_link(room, by=None)
    tasks.send_links.call()
    add_member(community, "Ben")
    tasks.send_links.call()
    assert mailed() == ["Ada"]

    mailing.send_link(room, by=None)
    tasks.send_links.call()

    assert mailed() == ["Ada", "Ben"]


def test_a_wish_made_while_the_mails_were_written_is_still_done(community, room):
    mailing.send_link(room, by=None)
    earlier = Room.objects.get()
    mailing.send_link(room, by=None)

    mailing.post_links(earlier, [])

    assert Room.objects.with_links_to_send().exists()


def test_a_room_that_has_ended_sends_nothing(client, community, room):
    add_member(community, "Ada")
    mailing.send_link(room, by=None)
    rooms.end(room, by=None)

    tasks.send_links.call()
    with pytest.raises(RoomHasEnded):
        mailing.send_link(room, by=None)
    client.force_login(make_staff(community.program))
    answer = client.post(reverse("live:sending", args=[room.pk]))

    assert mailed() == []
    assert answer.headers["Location"] == reverse("live:results", args=[room.pk])


def test_the_mailed_link_joins_without_an_account_and_twice_is_the_same_place(client, community, room):
    member = add_member(community, "Ada")
    mailing.send_link(room, by=None)
    tasks.send_links.call()
    mail = Message.objects.get()
    [path] = set(re.findall(r"/live-links/[^\s\"]+/", mail.text))
    assert (mail.list_key, mail.to_address) == (community.list_key, member.enrollment.email)

    assert "Join as Ada" in text(client.get(path))
    assert not Participant.objects.exists()
    first = client.post(path)
    again, third = client.get(path), client.post(path)

    place = Participant.objects.get()
    assert (place.person, place.name, place.source) == (member.person, "Ada", "link")
    assert {each.headers["Location"] for each in (first, again, third)} == {links.phone_path(place)}


def test_the_mailed_link_speaks_the_readers_language(client, room):
    enrollment = enroll(room.program, "Ada", language="es")

    page = client.get(links.link_path(room, enrollment.person))

    assert "Entrar como Ada" in text(page)


def test_somebody_absent_adds_theirs_after_the_end_for_as_long_as_the_host_said(client, community, room):
    member = add_member(community, "Ada")
    path = links.link_path(room, member.person)
    rooms.end(room, late_until=timezone.now() + timedelta(days=1), by=None)
    assert "add your answers until" in text(client.get(path))

    client.post(path)

    assert Participant.objects.get().person == member.person


def test_when_the_room_is_over_the_link_says_so(client, room):
    path = links.link_path(room, enroll(room.program, "Ada").person)
    rooms.end(room, by=None)

    assert "Ask the host what came of it" in text(client.get(path))
    assert client.post(path).status_code == 422


def test_the_link_of_somebody_who_is_off_the_roster_opens_nothing(client, room):
    enrollment = enroll(room.program, "Ada")
    path = links.link_path(room, enrollment.person)

    Enrollment.objects.update(ended_at=timezone.now())

    assert client.get(path).status_code == 404


def test_the_page_of_an_invitation_offers_the_room_that_is_going_on(client, community, room):
    member = add_member(community, "Ada", state=Membership.State.INVITED)

    def offered() -> list[tuple[str, str]]:
        return [(each.url, str(each.label)) for each in choices(member) if "live" in each.url]

    assert offered() == []
    opened(room)
    assert offered() == [(links.link_path(room, member.person), "Join the live room")]
    [row] = with_choices(Membership.objects.filter(pk=member.pk))
    assert (known(row, join_from_place), choices(row)) == (True, choices(member))
    page = client.get(reverse("communities:invitation", args=[token_of(member)]))
    assert "The live room “Launch evening” is going on now." in text(page)
    member.state = Membership.State.DECLINED
    assert offered() == []
