"""What somebody wrote in a room, or others heard from them, becomes needs and offers of their profile."""

import re

import pytest

from coppice.activities.actions import keeping, points, write_ups
from coppice.activities.errors import NoSuchPoint, NoSuchWriteUp, NothingTicked, NotKnownHere, WordsMissing
from coppice.activities.models import Point, WriteUp
from coppice.activities.tests.factories import alone, gathered, interviews
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.live import links
from coppice.live.actions import claims, rooms
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.profiles.models import Expertise, Need

pytestmark = pytest.mark.django_db

ALONE, INTERVIEWS = range(2)
SOON = {"urgency": "soon", "audience": "communities"}


@pytest.fixture
def room() -> Room:
    return make_room(make_program(), steps=[alone(), interviews()])


@pytest.fixture
def rosa(room) -> Participant:
    """Somebody on the roster, with a phone in the room."""
    return make_participant(room, "Rosa", person=enroll(room.program, "Rosa Medina").person)


def wrote(step: Step, who: Participant, *lines: str) -> list[Point]:
    for words in lines:
        points.add(step, participant=who, round=step.round, words=words, has_tables=False)
    return list(Point.objects.filter(step=step, participant=who))


def afterwards(client, who: Participant) -> str:
    answer = client.get(links.phone_path(who))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def send(client, step: Step, who: Participant, act: str, **fields):
    return client.post(f"{links.phone_path(who)}steps/{step.pk}/{act}/", {"round": 1, **fields})


def test_notes_written_alone_are_kept_as_needs_once_by_who_wrote_them(client, room, rosa):
    step = opened(room, ALONE)
    money, _rides = wrote(step, rosa, "A second grant", "Rides")
    rooms.end(room, by=None)

    before = afterwards(client, rosa)
    sent = [send(client, fresh(step), rosa, "keep-needs", points=[money.pk], **SOON) for _twice in range(2)]
    after = afterwards(client, rosa)

    assert "What of it do you need? A second grant Rides" in before
    assert [answer.status_code for answer in sent] == [302, 302]
    assert [(need.enrollment.name, need.text, need.source) for need in Need.objects.all()] == [
        ("Rosa Medina", "A second grant", "activity")
    ]
    assert "Kept." in after
    assert "What of it do you need? Rides" in after
    assert "On your profile A second grant" in after
    assert "Your profile" in after


def test_when_all_is_kept_nothing_more_is_asked(client, room, rosa):
    step = opened(room, ALONE)
    [money] = wrote(step, rosa, "A second grant")
    rooms.end(room, by=None)

    send(client, step, rosa, "keep-needs", points=[money.pk], **SOON)

    assert "What of it do you need?" not in afterwards(client, rosa)


def test_a_guest_reads_their_notes_and_whoever_wrote_none_reads_nothing(client, room):
    guest, silent = gathered(room, "Ana", "Bo")
    step = opened(room, ALONE)
    [note] = wrote(step, guest, "Rides")
    rooms.end(room, by=None)

    refused = send(client, step, guest, "keep-needs", points=[note.pk], **SOON)

    assert "What you wrote" in afterwards(client, guest)
    assert "Keep it on my profile" not in afterwards(client, guest)
    assert "What you wrote" not in afterwards(client, silent)
    assert refused.status_code == 422
    assert "Say first who you are" in refused.content.decode()
    assert not Need.objects.exists()


def test_nothing_ticked_is_said_and_nobody_keeps_what_another_wrote(client, room, rosa):
    [other] = gathered(room, "Ana")
    step = opened(room, ALONE)
    [hers] = wrote(step, other, "Hers")
    wrote(step, rosa, "Mine")
    rooms.end(room, by=None)

    none, foreign = (send(client, step, rosa, "keep-needs", points=ids, **SOON) for ids in ([], [hers.pk]))

    assert (none.status_code, foreign.status_code) == (422, 422)
    assert "Tick what you want to keep" in none.content.decode()
    with pytest.raises(NoSuchPoint):
        keeping.keep_needs(step, participant=rosa, point_ids=[hers.pk], **SOON)
    with pytest.raises(NothingTicked):
        keeping.keep_needs(step, participant=rosa, point_ids=[], **SOON)
    assert not Need.objects.exists()


def told(room: Room, about: Participant) -> WriteUp:
    """Somebody wrote up what this person told."""
    [by] = gathered(room, "Bo")
    step = opened(room, INTERVIEWS)
    return write_ups.write(step, by=by, about_id=about.pk, round=step.round, words="She kept it open.")


def test_what_a_story_showed_is_kept_as_an_offer_in_ones_own_words(client, room, rosa):
    story = told(room, rosa)
    rooms.end(room, by=None)
    fields = {"write_up": story.pk, "level": "shows", "audience": "program"}

    before = afterwards(client, rosa)
    for words in ("Keeping a pantry open", "The same again"):
        send(client, story.step, rosa, "keep-offer", words=words, **fields)
    after = afterwards(client, rosa)

    assert "What Bo heard: can you help others with it?" in before
    assert [(each.text, each.level, each.audience, each.source) for each in Expertise.objects.all()] == [
        ("Keeping a pantry open", "shows", "program", "activity")
    ]
    assert "can you help others with it?" not in after
    assert "Your profile" in after


def test_an_offer_wants_words_and_a_story_of_ones_own(client, room, rosa):
    story = told(room, rosa)
    other = Participant.objects.get(name="Bo")
    rooms.end(room, by=None)
    fields = {"level": "does", "audience": "program"}

    answers = [
        send(client, story.step, rosa, "keep-offer", write_up=story.pk, words="", **fields),
        send(client, story.step, rosa, "keep-offer", write_up=0, words="Maps", **fields),
        send(client, story.step, other, "keep-offer", write_up=story.pk, words="Maps", **fields),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    for refusal, who, words in ((WordsMissing, rosa, " "), (NotKnownHere, other, "Maps")):
        with pytest.raises(refusal):
            keeping.keep_offer(story.step, participant=who, write_up_id=story.pk, words=words, **fields)
    with pytest.raises(NoSuchWriteUp):
        keeping.keep_offer(story.step, participant=rosa, write_up_id=0, words="Maps", **fields)
    assert "can you help others" not in afterwards(client, other)
    assert not Expertise.objects.exists()


@pytest.mark.parametrize("has_place", [False, True])
def test_whom_only_a_host_has_named_is_offered_nothing_that_belongs_to_a_profile(client, room, has_place):
    [guest] = gathered(room, "A stranger")
    rosa = enroll(room.program, "Rosa Medina").person
    if has_place:
        make_participant(room, "Rosa Medina", person=rosa)
    step = opened(room, ALONE)
    wrote(step, guest, "Rides")
    link = links.phone_path(guest)

    claims.claim(guest, person=rosa, by=make_staff(room.program))
    rooms.end(room, by=None)
    named = client.get(link).content.decode()
    refused = client.post(f"{link}steps/{step.pk}/keep-needs/", {"round": 1, "points": [1], **SOON})
    claims.claim(Participant.objects.get(person=rosa), person=rosa, by=rosa)
    confirmed = client.get(link).content.decode()

    assert "A host said who you are." in named
    assert "/profile/" not in named
    assert "Keep it on my profile" not in named
    assert (refused.status_code, Need.objects.count()) == (422, 0)
    assert ("/profile/" in confirmed) is not has_place


def test_whoever_says_themself_who_they_are_keeps_what_they_wrote(client, room):
    [guest] = gathered(room, "Rosa")
    rosa = enroll(room.program, "Rosa Medina").person
    place = make_participant(room, "Rosa Medina", person=rosa)
    step = opened(room, ALONE)
    wrote(step, guest, "Rides")
    link = links.phone_path(guest)

    claims.claim(guest, person=rosa, by=rosa)
    rooms.end(room, by=None)

    assert "/profile/" in client.get(link).content.decode()
    assert "/profile/" in client.get(links.phone_path(place)).content.decode()
