"""A guest's place becomes a known person's: signed in, by a mailed link, by a host, and back again."""

import re

import pytest
from django.core.cache import cache
from django.http import Http404
from django.urls import reverse

from coppice.accounts import actions as accounts
from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_person,
    make_program,
    make_staff,
)
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, people
from coppice.live.errors import BothAnswered, NotAGuest, NotOnRoster
from coppice.live.kinds import kind_of
from coppice.live.models import Answer, FormerPlace, Participant, Room
from coppice.live.tests.factories import make_participant, make_room, opened
from coppice.notifications.models import Message
from coppice.programs.models import Enrollment

pytestmark = pytest.mark.django_db

TEXT = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def nobody_has_asked() -> None:
    """What is counted is kept in the process, and tests are many hours in one."""
    cache.clear()


@pytest.fixture
def room() -> Room:
    return make_room(make_program())


@pytest.fixture
def guest(room) -> Participant:
    return make_participant(room, "Femi")


@pytest.fixture
def enrollment(room) -> Enrollment:
    return enroll(room.program, "Oluwafemi Ade", email="femi@example.org")


def text(response) -> str:
    return re.sub(r"\s+", " ", TEXT.sub(" ", response.content.decode()))


def keeping_of(guest: Participant) -> str:
    return reverse("live:keeping", args=[links.token_of(guest)])


def mailed_path() -> str:
    [path] = re.findall(r"/live-claims/\S+/", Message.objects.get().text)
    return path


def verbs() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def test_a_guest_types_their_address_and_the_mailed_button_makes_the_place_theirs(
    client, room, guest, enrollment
):
    step = opened(room)
    phone = links.phone_path(guest)
    client.post(f"{phone}steps/{step.pk}/answer/", {"round": 1, "pick": 1})
    assert keeping_of(guest) in client.get(phone).content.decode()

    asked = client.post(keeping_of(guest), {"email": "Femi@Example.org"})
    question = client.get(mailed_path())
    assert Participant.objects.get().is_guest
    kept = client.post(mailed_path())

    assert "a mail is on its way there" in text(asked)
    assert "somebody joined “Launch evening” as Femi, a guest" in text(question)
    place = Participant.objects.get()
    assert (place.person, place.name, place.guest_name) == (enrollment.person, "Oluwafemi Ade", "Femi")
    assert place.answers.get().picks == [1]
    assert kept.headers["Location"] == links.phone_path(place) == phone
    assert "You are here as Oluwafemi Ade" in text(client.get(phone))
    entry = Entry.objects.get(verb="live_room.guest_joined")
    assert (entry.actor, entry.about) == (enrollment.person, enrollment.person)
    assert "all that you did there is kept as yours" in text(client.get(mailed_path()))
    assert client.post(mailed_path()).headers["Location"] == phone
    assert verbs().count("live_room.guest_joined") == 1


def test_nobody_learns_whether_the_program_knows_an_address(client, guest, enrollment):
    known = text(client.post(keeping_of(guest), {"email": "femi@example.org"}))
    unknown = text(client.post(keeping_of(guest), {"email": "nobody@example.org"}))

    assert known.replace("femi@", "nobody@") == unknown
    assert [each.recipient for each in Message.objects.all()] == [enrollment.person]


def test_an_address_that_is_none_is_sent_back(client, guest):
    assert client.post(keeping_of(guest), {"email": "femi"}).status_code == 422
    assert not Message.objects.exists()


def test_one_guest_can_ask_for_so_many_mails_only(client, guest, settings):
    settings.GUEST_MAIL_LIMITS = {"guest_asks": "1/h/key", "mailbox_asked": "3/h/key"}
    client.post(keeping_of(guest), {"email": "one@example.org"})

    answer = client.post(keeping_of(guest), {"email": "two@example.org"})

    assert (answer.status_code, "Enough mails for now" in text(answer)) == (422, True)


def test_somebody_signed_in_keeps_it_by_one_button(client, room, guest, enrollment):
    assert "Sign in instead" in text(client.get(keeping_of(guest)))
    client.force_login(enrollment.person)
    assert "Keep it as Oluwafemi Ade" in text(client.get(keeping_of(guest)))

    client.post(keeping_of(guest), {"known": "yes"})

    assert Participant.objects.get().person == enrollment.person
    page = client.get(keeping_of(Participant.objects.select_related("person").get()))
    assert "the program knows you as Oluwafemi Ade" in text(page)


def test_somebody_whom_the_program_does_not_know_stays_a_guest(client, guest):
    stranger = make_person()
    client.force_login(stranger)

    answer = client.post(keeping_of(guest), {"known": "yes"})

    assert answer.status_code == 422
    with pytest.raises(NotOnRoster):
        claims.claim(guest, person=stranger, by=stranger)
    assert Participant.objects.get().is_guest


def test_who_was_in_the_room_already_gets_all_that_the_guest_did_and_the_guests_phone_goes_on(
    client, room, guest, enrollment, monkeypatch
):
    step, gathered = opened(room), []
    own = people.join(room, name="Oluwafemi Ade", language="en", person=enrollment.person)
    phone = links.phone_path(guest)
    client.post(f"{phone}steps/{step.pk}/answer/", {"round": 1, "pick": 2})
    client.force_login(enrollment.person)
    assert "You are in this room already, as Oluwafemi Ade" in text(client.get(keeping_of(guest)))
    monkeypatch.setattr(kind_of(step), "gather", gathered.append)
    client.post(keeping_of(guest), {"known": "yes"})

    assert list(Participant.objects.all()) == [own]
    assert own.answers.get().picks == [2]
    assert verbs()[-1] == "live_room.guest_merged"
    assert gathered == [step]
    assert f'data-base="{phone}"' in client.get(phone).content.decode()
    client.post(f"{phone}steps/{step.pk}/answer/", {"round": 1, "pick": 0})
    assert own.answers.get().picks == [0]
    forged = phone.rstrip("/") + "x/"
    assert client.get(forged).status_code == 404


def test_a_merged_guests_link_ends_with_all_links_of_the_person(client, room, guest, enrollment):
    people.join(room, name="Oluwafemi Ade", language="en", person=enrollment.person)
    phone = links.phone_path(guest)
    claims.claim(guest, person=enrollment.person, by=None)

    accounts.stop_links(enrollment.person, by=enrollment.person)

    assert client.get(phone).status_code == 404
    assert client.get(links.phone_path(Participant.objects.select_related("person").get())).status_code == 200


def test_a_claimed_guests_link_ends_with_all_links_of_the_person(client, guest, enrollment):
    phone = links.phone_path(guest)
    claims.claim(guest, person=enrollment.person, by=None)
    assert client.get(phone).status_code == 200

    accounts.stop_links(enrollment.person, by=enrollment.person)

    assert client.get(phone).status_code == 404


def test_two_who_answered_the_same_round_cannot_become_one_and_nothing_changes(
    client, room, guest, enrollment
):
    step = opened(room)
    own = people.join(room, name="Oluwafemi Ade", language="en", person=enrollment.person)
    for place in (guest, own):
        Answer.objects.create(step=step, participant=place, round=1, picks=[0])
    client.post(keeping_of(guest), {"email": "femi@example.org"})

    answer = client.post(mailed_path())

    assert (answer.status_code, "took part in the same step both" in text(answer)) == (422, True)
    with pytest.raises(BothAnswered):
        claims.claim(guest, person=enrollment.person, by=None)
    assert (Participant.objects.count(), Answer.objects.count(), FormerPlace.objects.count()) == (2, 2, 0)
    assert "live_room.guest_merged" not in verbs()


def test_a_mailed_question_leads_on_after_the_two_became_one(client, room, guest, enrollment):
    people.join(room, name="Oluwafemi Ade", language="en", person=enrollment.person)
    client.post(keeping_of(guest), {"email": "femi@example.org"})
    client.post(mailed_path())

    page = client.get(mailed_path())

    assert "all that you did there is kept as yours" in text(page)


def test_a_place_that_is_somebody_elses_by_now_is_not_given_away(client, room, guest, enrollment):
    client.post(keeping_of(guest), {"email": "femi@example.org"})
    other = enroll(room.program, "Femke")
    claims.claim(guest, person=other.person, by=None)

    assert "somebody else’s by now" in text(client.get(mailed_path()))
    assert client.post(mailed_path()).status_code == 422
    answer = client.post(
        keeping_of(Participant.objects.select_related("person").get()), {"email": "x@example.org"}
    )
    assert answer.status_code == 422
    assert Participant.objects.get().person == other.person


def test_the_staff_say_who_a_guest_is_and_take_it_back(client, room, guest, enrollment):
    staff = make_staff(room.program)
    enroll(room.program, "Aaron")
    enroll(room.program, "Femi", email="other@example.org")
    client.force_login(staff)
    people_page = reverse("live:people", args=[room.pk])
    who = reverse("live:participant_person", args=[guest.pk])
    assert who in client.get(people_page).content.decode()
    page = text(client.get(who))
    assert page.index("This is them : Femi") < page.index("This is them : Aaron")
    assert "Aaron" not in text(client.get(who, {"q": "oluwa"}))
    assert client.post(who, {"enrollment": "0"}).status_code == 422

    client.post(who, {"enrollment": enrollment.pk})
    assert "came as Femi" in text(client.get(people_page))
    assert "somebody’s already" in text(client.get(who))
    phone = links.phone_path(Participant.objects.select_related("person").get())
    parting = reverse("live:participant_parting", args=[guest.pk])
    client.post(parting)

    place = Participant.objects.get()
    assert (place.person, place.name, place.guest_name, place.is_guest) == (None, "Femi", "", True)
    assert client.get(phone).status_code == 200
    assert verbs()[-2:] == ["live_room.guest_joined", "live_room.guest_parted"]
    assert "This place is somebody" in text(client.post(parting, follow=True))
    with pytest.raises(NotAGuest):
        claims.part(place, by=staff)


def test_a_leader_says_it_of_people_of_their_community_only(client):
    community = make_community()
    leader, member = add_member(community, "Lea", role="leader"), add_member(community, "Mia")
    outside = enroll(community.program, "Otto")
    guest = make_participant(make_room(community.program, community=community), "M")
    client.force_login(leader.person)
    who = reverse("live:participant_person", args=[guest.pk])

    page = text(client.get(who))

    assert ("Mia" in page, "Otto" in page) == (True, False)
    assert client.post(who, {"enrollment": outside.pk}).status_code == 422
    assert client.post(who, {"enrollment": member.enrollment.pk}).status_code == 302


def test_a_guest_who_was_taken_out_can_no_longer_be_anybody(room, guest, enrollment):
    gone = Participant.objects.get()
    people.take_out(guest, by=None)

    with pytest.raises(NotAGuest):
        claims.claim(gone, person=enrollment.person, by=None)
    with pytest.raises(Http404):
        links.participant_behind(links.token_of(gone))
