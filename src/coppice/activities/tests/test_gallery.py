"""The expertise gallery: cards, photos, the walk, wishes, and what stays."""

import html
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import Http404, QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.activities import wall
from coppice.activities.actions import cards
from coppice.activities.errors import NoSuchCard, NothingBrought, NotKnownHere, OwnCard, TooLong
from coppice.activities.gallery import Bring, WalkThrough
from coppice.activities.models import Card, CardPhoto, Walk, Wish
from coppice.activities.tests.factories import gathered
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, moves, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.announcing import Presence
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.kinds import Line, Row
from coppice.live.models import Room
from coppice.live.rendering import screens_of
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.photos.renditions import pictures_of
from coppice.photos.tests.factories import content, upload
from coppice.profiles import actions as profiles
from coppice.profiles.models import Expertise, ObjectPhoto, Profile
from coppice.profiles.tests.factories import make_topic, offer

pytestmark = pytest.mark.django_db

PLANS = (Plan(kind="bring", title="What stands for it?"), Plan(kind="walk", title="A walk"))
SCREENS = [(audience, "en") for audience in ("projector", "host", "phone")]


@pytest.fixture
def program():
    made = make_program()
    for name in ("Grants", "Boards"):
        make_topic(made, name)
    return made


@pytest.fixture
def room(program):
    return make_room(program, steps=PLANS, by=make_staff(program))


@pytest.fixture
def step(room):
    return opened(room)


@pytest.fixture
def ana(room):
    return make_participant(room, "Ana")


@pytest.fixture
def rosa(program, room):
    """Somebody on the roster who is in the room."""
    enrollment = enroll(program, "Rosa Medina")
    return make_participant(room, "Rosa Medina", person=enrollment.person)


def bring(step, participant, thing="A ladle", story="It fed forty.", topics=(), round=1):
    known = [make_topic(step.room.program, name).pk for name in topics]
    return cards.bring(step, participant=participant, round=round, thing=thing, story=story, topics=known)


def photograph(step, participant, alt=""):
    return cards.put_photo(step, participant=participant, pictures=pictures_of(content()), alt=alt)


def seen(room) -> str:
    return "".join(screens_of(room.pk, SCREENS, Presence()).values())


def said(**values):
    made = QueryDict(mutable=True)
    for name, value in values.items():
        made.setlist(name, value if isinstance(value, list) else [value])
    return made


def test_all_screens_show_what_hangs(room, step, ana):
    assert "0 objects hang here" in seen(room)

    bring(step, ana, topics=["Grants"])

    assert ("A ladle" in seen(room), "Take off the wall" in seen(room)) == (True, True)


def test_a_card_is_brought_once_and_changed_since(step, ana):
    bring(step, ana, topics=["Grants", "Boards"])

    card = bring(step, ana, thing=" A  soup\nladle ", story=" One.\r\nTwo. ", topics=["Boards"])

    assert (card.thing, card.story, [topic.name for topic in card.topics.all()]) == (
        "A soup ladle",
        "One.\nTwo.",
        ["Boards"],
    )
    assert (str(card), Card.objects.count(), card.changes) == ("A soup ladle", 1, 3)
    assert str(Card()) == "An object"


def test_a_topic_of_another_program_is_left_out(step, ana):
    other = make_topic(make_program(), "Secrets")

    card = cards.bring(step, participant=ana, round=1, thing="A ladle", story="", topics=[other.pk])

    assert card.topics.count() == 0


@pytest.mark.parametrize(
    ("said", "error"),
    [({"thing": " "}, NothingBrought), ({"story": "x" * 1001}, TooLong), ({"round": 2}, NotBegun)],
)
def test_a_card_without_an_object_and_one_that_is_too_long_are_refused(step, ana, said, error):
    with pytest.raises(error):
        bring(step, ana, **said)

    assert Card.objects.count() == 0


def test_nothing_is_brought_nor_asked_once_the_room_has_ended(room, step, ana):
    bring(step, ana)
    rooms.end(room, by=None)
    ended = fresh(step)

    for act in (
        lambda: bring(ended, ana),
        lambda: photograph(ended, ana),
        lambda: cards.unwish(ended, participant=ana, round=1, card_id=1),
    ):
        with pytest.raises(NoLongerTaken):
            act()


def test_a_card_with_its_photo_can_be_taken_away_at_any_time(room, step, ana):
    photograph(step, ana)
    rooms.end(room, by=None)

    for _time in range(2):
        cards.drop_photo(fresh(step), participant=ana)
    assert (CardPhoto.objects.count(), Card.objects.count()) == (0, 1)
    for _time in range(2):
        cards.take_away(fresh(step), participant=ana)
    assert Card.objects.count() == 0
    cards.drop_photo(fresh(step), participant=ana)


def test_a_photo_alone_is_a_card_and_an_empty_one_does_not_hang(room, step, ana):
    photograph(step, ana, alt="A ladle")
    assert 'alt="A ladle"' in seen(room)

    cards.drop_photo(step, participant=ana)

    assert "0 objects hang here" in seen(room)


def keep(step, participant, audience="program", offers_topics=False):
    return cards.keep_on_profile(
        step, participant=participant, audience=audience, offers_topics=offers_topics
    )


def test_an_owner_keeps_object_photo_and_topics_on_the_profile(step, rosa):
    bring(step, rosa, topics=["Grants", "Boards"])
    photograph(step, rosa, alt="Worn")

    enrollment = keep(step, rosa, offers_topics=True)
    keep(step, rosa, offers_topics=True)

    profile = Profile.objects.get()
    assert (profile.object_name, profile.object_story, profile.object_audience) == (
        "A ladle",
        "It fed forty.",
        "program",
    )
    assert ObjectPhoto.objects.get().alt == "Worn"
    assert ObjectPhoto.objects.get().large.name != CardPhoto.objects.get().large.name
    assert sorted(each.topic_name for each in enrollment.expertises.all()) == ["Boards", "Grants"]
    assert {(each.source, each.audience) for each in Expertise.objects.all()} == {("activity", "program")}
    assert Card.objects.get().kept_at is not None


def test_nothing_is_offered_unasked_and_what_is_offered_already_stays(step, rosa):
    bring(step, rosa, topics=["Grants"])

    enrollment = keep(step, rosa, audience="everybody in town")

    assert (Expertise.objects.count(), Profile.objects.get().object_audience) == (0, "staff")
    mine = offer(enrollment, "Grants", audience="communities")
    keep(step, rosa, offers_topics=True)
    assert list(Expertise.objects.all()) == [mine]


def test_who_sees_the_object_on_the_profile_is_chosen_until_its_owner_chooses_another(step, rosa, ana):
    bring(step, rosa)
    bring(step, ana)
    kind = Bring()
    assert kind.own(step, ana)["usual"] == kind.own(step, rosa)["usual"] == "communities"

    keep(step, rosa, audience="staff")

    assert kind.own(step, rosa)["usual"] == "staff"


def test_an_offer_that_was_taken_back_stays_off_and_the_phone_says_so(client, step, rosa):
    bring(step, rosa, topics=["Grants", "Boards"])
    enrollment = keep(step, rosa, offers_topics=True)
    assert Bring().own(step, rosa)["withdrawn"] == []
    for each in Expertise.objects.all():
        profiles.retire(each, by=enrollment.person)
    offer(enrollment, "Boards")

    keep(step, rosa, offers_topics=True)

    assert Bring().own(step, rosa)["withdrawn"] == ["Grants"]
    assert "You no longer offer: Grants." in client.get(links.phone_path(rosa)).text


def test_keeping_a_card_without_a_photo_leaves_the_profiles_photo(step, rosa):
    photograph(step, rosa)
    bring(step, rosa)
    keep(step, rosa)
    cards.drop_photo(step, participant=rosa)

    keep(step, rosa)

    assert ObjectPhoto.objects.count() == 1


def test_a_photo_without_an_object_is_not_kept_and_empties_no_profile(step, rosa):
    bring(step, rosa)
    keep(step, rosa)
    cards.take_away(step, participant=rosa)
    photograph(step, rosa)

    with pytest.raises(NothingBrought):
        keep(step, rosa, audience="staff")

    profile = Profile.objects.get()
    assert (profile.object_name, profile.object_audience) == ("A ladle", "program")


def test_a_guest_and_somebody_off_the_roster_keep_nothing_and_are_told_what_to_do(step, ana, room):
    with pytest.raises(NoSuchCard):
        keep(step, ana)
    bring(step, ana)
    with pytest.raises(NotKnownHere):
        keep(step, ana)
    staff = make_participant(room, "Staff", person=room.created_by)
    bring(step, staff)
    with pytest.raises(NotKnownHere):
        keep(step, staff)


def test_what_a_host_hides_is_on_no_screen_but_the_hosts_and_comes_back(room, step, ana):
    card = bring(step, ana)
    photo = photograph(step, ana)
    address = wall.picture_path(photo)
    token = address.split("/")[2]
    kind, host = Bring(), room.created_by

    for _time in range(2):
        kind.host_acts["hide"](step, by=host, said=said(card=str(card.pk)))

    projector = screens_of(room.pk, [("projector", "en")], Presence())["projector", "en"]
    assert ("A ladle" in projector, "taken off the wall" in seen(room)) == (False, True)
    with pytest.raises(Http404):
        wall.picture_behind(None, token=token, size="large")
    kind.host_acts["show"](step, by=host, said=said(card=str(card.pk)))
    assert "A ladle" in seen(room)
    assert wall.picture_behind(None, token=token, size="large")[0] == photo
    verbs = Entry.objects.filter(verb__contains="card").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["live_room.card_hidden", "live_room.card_brought_back"]


@pytest.fixture
def walked(room, step, ana):
    """Three cards, and the walk that has begun before the first."""
    bo, cy = gathered(room, "Bo", "Cy")
    for each, thing in ((ana, "A ladle"), (bo, "A map"), (cy, "A letter")):
        bring(step, each, thing=thing)
    return opened(room, 1), ana, bo


def here(walk) -> str:
    card = Walk.objects.get(step=walk).card
    return card.thing if card else "the wall"


def test_a_walk_goes_from_card_to_card_to_the_wall_and_back(walked):
    walk, *_people = walked
    kind = WalkThrough()
    path = [here(walk)]

    for act in ("back", "forth", "forth", "forth", "forth", "back"):
        kind.host_acts[act](walk, by=None, said=said())
        path.append(here(walk))

    assert path == ["A ladle", "A ladle", "A map", "A letter", "the wall", "the wall", "A letter"]


def test_hosts_go_to_one_card_and_no_card_of_elsewhere(walked):
    walk, *_people = walked
    kind = WalkThrough()

    kind.host_acts["to"](walk, by=None, said=said(card=str(Card.objects.get(thing="A letter").pk)))
    assert here(walk) == "A letter"
    kind.host_acts["to"](walk, by=None, said=said(card="0"))
    assert here(walk) == "the wall"
    with pytest.raises(NoSuchCard):
        kind.host_acts["to"](walk, by=None, said=said(card="999999"))


def test_who_stands_before_a_card_that_is_taken_away_sees_the_wall(room, walked):
    walk, ana, _bo = walked

    cards.take_away(Card.objects.get(participant=ana).step, participant=ana)

    assert here(walk) == "the wall"
    assert "2 objects hang here" in seen(room)
    cards.set_hidden(Card.objects.all()[0].step, card_id=Card.objects.all()[0].pk, is_hidden=True, by=None)
    cards.go(fresh(walk), forth=False)
    assert here(walk) == "A letter"


def test_a_walk_past_nothing_says_so(room, step):
    walk = opened(room, 1)

    assert ("No object hangs here yet." in seen(room), here(walk)) == (True, "the wall")
    cards.go(walk, forth=True)
    assert (here(walk), str(Walk.objects.get())) == ("the wall", "A walk, 1")


def ask(walk, participant, thing, round=1):
    card = Card.objects.get(thing=thing)
    cards.wish(walk, participant=participant, round=round, card_id=card.pk)


def test_a_wish_counts_once_is_taken_back_and_not_for_ones_own(room, walked):
    walk, ana, bo = walked
    for _time in range(2):
        ask(walk, bo, "A ladle")
    assert (Wish.objects.count(), "1 wish to hear more" in seen(room)) == (1, True)
    assert str(Wish.objects.get()) == "Bo, A ladle"
    with pytest.raises(OwnCard):
        ask(walk, ana, "A ladle")
    with pytest.raises(NoSuchCard):
        cards.wish(walk, participant=ana, round=1, card_id=0)
    with pytest.raises(NotBegun):
        ask(walk, ana, "A map", round=2)

    act = WalkThrough().acts["less"]
    for _time in range(2):
        act(walk, participant=bo, round=1, said=said(card=str(Card.objects.get(thing="A ladle").pk)))
    assert Wish.objects.count() == 0


def test_each_learns_from_whom_they_want_to_hear_and_who_asked(client, room, walked):
    walk, ana, bo = walked
    WalkThrough().acts["more"](
        walk, participant=bo, round=1, said=said(card=str(Card.objects.get(thing="A ladle").pk))
    )
    kind = WalkThrough()

    assert Bring().goes_with(ana) == ["Cards of theirs: 1, with wishes of others to hear more: 1."]
    own = kind.own(walk, bo)
    assert [str(card.participant) for card in own["wanted"]] == ["Ana"]
    assert own["brought"] == list(Card.objects.filter(participant=bo))
    assert kind.afterwards(walk, ana)["heard"] == ["Bo"]
    assert kind.afterwards(walk, Card.objects.get(thing="A letter").participant) is None
    rooms.end(Room.objects.get(), by=None)
    assert "like to hear more from you" in client.get(links.phone_path(ana)).text


def test_results_and_file_count_and_name_nobody(room, step, walked):
    walk, ana, bo = walked
    bring(step, ana, thing="A ladle", topics=["Grants", "Boards"])
    bring(step, bo, thing="A map", topics=["Grants"])
    ask(walk, bo, "A ladle")
    ask(walk, bo, "A letter")
    ask(walk, ana, "A letter")
    cards.set_hidden(step, card_id=Card.objects.get(thing="A letter").pk, is_hidden=True, by=None)

    brought, wanted = Bring().result(fresh(step)), WalkThrough().result(fresh(walk))

    assert brought.finding == "2 objects stand for what people here know"
    assert brought.lines == (Line("Grants", "2", 1.0), Line("Boards", "1", 0.5))
    assert brought.texts == ("A ladle: It fed forty.", "A map: It fed forty.")
    assert brought.host_page == (reverse("activities:cards", args=[step.pk]), "The cards with their owners")
    assert (wanted.finding, wanted.lines) == (
        "1 wish to hear more about an object",
        (Line("A ladle", "1", 1.0),),
    )
    assert list(Bring().rows(fresh(step))) == [
        Row(1, "A ladle", note="Boards, Grants"),
        Row(1, "A map", note="Grants"),
    ]
    assert list(WalkThrough().rows(fresh(walk))) == [Row(1, "A ladle", 1)]


def test_where_nobody_did_anything_there_is_no_result(room, step):
    assert (Bring().result(step), WalkThrough().result(opened(room, 1))) == (None, None)


def test_a_walk_begun_afresh_counts_afresh_and_loses_no_card(room, walked):
    walk, _ana, bo = walked
    ask(walk, bo, "A ladle")
    cards.go(walk, forth=True)

    moves.repeat(walk, by=None)

    assert Walk.objects.get(step=walk, round=2).card.thing == "A ladle"
    assert WalkThrough().result(fresh(walk)) is None
    assert list(WalkThrough().rows(fresh(walk))) == [Row(1, "A ladle", 1)]
    assert Card.objects.count() == 3


def test_a_wish_of_an_earlier_walk_is_told_once_and_can_be_taken_back(walked):
    walk, ana, bo = walked
    ask(walk, bo, "A ladle")
    moves.repeat(walk, by=None)
    again, kind = fresh(walk), WalkThrough()
    assert kind.afterwards(again, ana)["heard"] == ["Bo"]
    assert kind.own(again, bo)["wanted"] == []

    ask(again, bo, "A ladle", round=2)

    assert kind.afterwards(again, ana)["heard"] == ["Bo"]
    assert [str(card) for card in kind.afterwards(again, bo)["wanted"]] == ["A ladle"]
    card = Card.objects.get(thing="A ladle")
    cards.unwish(again, participant=bo, round=2, card_id=card.pk)
    assert kind.afterwards(again, ana) is None


def test_a_card_that_a_host_hides_is_on_nobodys_phone(walked):
    walk, ana, bo = walked
    ask(walk, bo, "A ladle")
    kind, card = WalkThrough(), Card.objects.get(thing="A ladle")
    before = kind.look(walk)["own"]

    cards.set_hidden(card.step, card_id=card.pk, is_hidden=True, by=None)

    assert (kind.own(walk, bo)["wanted"], kind.look(walk)["wishes"]) == ([], 0)
    assert (kind.afterwards(walk, bo), kind.afterwards(walk, ana)) == (None, None)
    assert kind.look(walk)["own"] != before


def phone_photo(client, participant, step, **sent):
    address = reverse("activities:photo", args=[links.token_of(participant), step.pk])
    return client.post(address, sent)


def test_a_phone_without_scripts_sends_card_and_photo_and_keeps_them(client, program, step, rosa):
    path = links.phone_path(rosa)
    topic = program.topics.get(name="Grants")
    assert "What is your object?" in client.get(path).text

    client.post(f"{path}steps/{step.pk}/card/", {"round": 1, "thing": "A ladle", "topics": [topic.pk]})
    refused = phone_photo(client, rosa, step, thing="My ladle", story="Old", photo=upload(b"none"))
    assert (Card.objects.get().thing, CardPhoto.objects.count()) == ("My ladle", 0)
    kept = phone_photo(client, rosa, step, thing="A ladle", topics=[topic.pk], photo=upload(), alt="Worn")
    page = client.get(path).text

    assert (refused.status_code, "no photo that we can read" in refused.text) == (422, True)
    assert (kept.status_code, kept.headers["Location"]) == (302, path)
    assert ('alt="Worn"' in page, "Keep it on my profile" in page) == (True, True)
    picture = client.get(wall.picture_path(CardPhoto.objects.get(), "small"))
    assert picture.headers["Content-Type"] == "image/jpeg"
    client.post(f"{path}steps/{step.pk}/keep/", {"round": 1, "audience": "program", "offers": "on"})
    assert (Profile.objects.get().object_name, Expertise.objects.count()) == ("A ladle", 1)
    client.post(f"{path}steps/{step.pk}/drop_photo/", {"round": 1})
    client.post(f"{path}steps/{step.pk}/take_away/", {"round": 1})
    assert (Card.objects.count(), Profile.objects.count()) == (0, 1)


def test_what_a_photo_shows_is_said_anew_without_sending_it_again(client, step, ana):
    phone_photo(client, ana, step, thing="A ladle", photo=upload(), alt="Worn")
    before = CardPhoto.objects.get()
    assert 'value="Worn"' in client.get(links.phone_path(ana)).text

    phone_photo(client, ana, step, thing="A ladle", story="", alt="A ladle with a worn handle")
    words = said(round="1", thing="A soup ladle")
    Bring().card(step, participant=ana, round=1, said=words)

    photo = CardPhoto.objects.get()
    assert (photo.pk, photo.large.name, photo.alt) == (
        before.pk,
        before.large.name,
        "A ladle with a worn handle",
    )


def test_somebody_who_brought_a_card_from_two_places_keeps_both(client, room, step, rosa):
    guest, bo = gathered(room, "Ro", "Bo")
    bring(step, rosa, thing="A ladle")
    bring(step, guest, thing="A map")
    bring(step, bo, thing="A letter")
    photograph(step, guest)
    walk = opened(room, 1)
    for who, thing in (
        (rosa, "A map"),
        (guest, "A ladle"),
        (guest, "A letter"),
        (rosa, "A letter"),
        (bo, "A map"),
    ):
        ask(walk, who, thing)

    place = claims.claim(guest, person=rosa.person, by=rosa.person)

    assert place == rosa
    assert {(each.thing, each.is_second) for each in Card.objects.filter(participant=rosa)} == {
        ("A ladle", False),
        ("A map", True),
    }
    assert {(str(each.participant), str(each.card)) for each in Wish.objects.all()} == {
        ("Rosa Medina", "A letter"),
        ("Bo", "A map"),
    }
    step = opened(room)
    page = client.get(links.phone_path(rosa)).text
    assert "Your other card" in page
    marks = Bring().look(step)["own"]
    first = Card.objects.get(thing="A ladle")
    client.post(f"{links.phone_path(rosa)}steps/{step.pk}/take_away/", {"round": 1, "card": first.pk})
    left = Card.objects.get(participant=rosa)
    assert (left.thing, left.is_second) == ("A map", False)
    assert Bring().look(step)["own"] != marks
    assert "Your other card" not in client.get(links.phone_path(rosa)).text
    bring(step, rosa, thing="A better map")
    assert Card.objects.filter(participant=rosa).count() == 1


def test_a_photo_of_a_step_that_is_over_is_refused_with_words(client, room, step, ana):
    photograph(step, ana)
    rooms.end(room, by=None)

    answer = phone_photo(client, ana, step, photo=upload())

    assert (answer.status_code, str(NoLongerTaken.sentence) in html.unescape(answer.text)) == (422, True)


def test_a_phone_that_sends_one_photo_after_the_other_waits(client, settings, step, ana):
    settings.PHOTO_LIMITS = {"giver": "1/10m/key"}
    cache.clear()

    answers = [phone_photo(client, ana, step, photo=upload()).status_code for _time in range(2)]

    assert answers == [302, 422]
    assert phone_photo(client, ana, step, thing="A ladle").status_code == 302
    assert phone_photo(client, ana, step).status_code == 422


def test_no_other_step_and_no_other_link_takes_a_photo(client, room, step, ana):
    walk = room.steps.get(kind="walk")

    assert phone_photo(client, ana, walk, photo=upload()).status_code == 404
    assert client.post(f"/live-photos/nonsense/{step.pk}/", {"photo": upload()}).status_code == 404


def test_the_rooms_link_to_a_photo_holds_while_the_room_goes_on_and_for_that_photo_alone(
    client, room, step, ana
):
    old = wall.picture_path(photograph(step, ana))
    assert client.get(old).status_code == 200
    assert client.get(old.replace("/large/", "/other/")).status_code == 404
    assert client.get("/live-pictures/1-abc:forged/large/").status_code == 404

    new = wall.picture_path(photograph(step, ana))
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)

    rooms.end(room, late_until=timezone.now() + timedelta(days=1), by=None)
    assert client.get(new).status_code == 200
    Room.objects.update(late_until=None)
    assert client.get(new).status_code == 404


def test_hosts_print_cards_also_when_the_room_has_ended(client, room, step, ana, rosa):
    bring(step, ana, topics=["Grants"])
    bring(step, rosa, thing="A map")
    photo = photograph(step, ana, alt="Worn")
    rooms.end(room, by=None)
    client.force_login(room.created_by)

    page = client.get(reverse("activities:cards", args=[step.pk])).text
    picture = client.get(reverse("activities:card_photo", args=[step.pk, photo.card_id, "large"]))

    assert ("Rosa Medina" in page, 'alt="Worn"' in page, page.count('class="exhibit"')) == (True, True, 2)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert client.get(reverse("activities:card_photo", args=[step.pk, 0, "large"])).status_code == 404
    assert client.get(reverse("activities:cards", args=[room.steps.last().pk])).status_code == 404


def test_nobody_has_brought_an_object_yet(client, room, step):
    client.force_login(room.created_by)

    assert "Nobody has brought an object yet." in client.get(reverse("activities:cards", args=[step.pk])).text


def test_afterwards_each_sees_and_keeps_their_own_card(client, room, step, rosa, ana):
    bring(step, rosa)
    rooms.end(room, by=None)
    path = links.phone_path(rosa)

    assert ("Keep it on my profile" in client.get(path).text) is True
    client.post(f"{path}steps/{step.pk}/keep/", {"round": 1, "audience": "communities"})
    assert Profile.objects.get().object_name == "A ladle"
    assert "Your card" not in client.get(links.phone_path(ana)).text


def test_who_missed_it_brings_theirs_while_late_ones_are_taken(client, room, step, ana):
    rooms.end(room, late_until=timezone.now() + timedelta(days=1), by=None)
    path = links.phone_path(ana)

    assert "What is your object?" in client.get(path).text
    client.post(f"{path}steps/{step.pk}/card/", {"round": 1, "thing": "A ladle"})

    assert Card.objects.get().thing == "A ladle"


def test_erasing_somebody_takes_card_photo_and_wishes(walked, room, rosa):
    walk, ana, _bo = walked
    step = fresh(room.steps.get(kind="bring"))
    bring(step, rosa, thing="A drum")
    photograph(step, rosa)
    ask(walk, ana, "A drum")
    ask(walk, rosa, "A map")

    accounts.erase(rosa.person, by=rosa.person)

    assert Card.objects.filter(thing="A drum").count() == 0
    assert (CardPhoto.objects.count(), Wish.objects.count()) == (0, 0)


@pytest.mark.parametrize("number", [0, 1])
def test_no_screen_asks_more_for_more_people_nor_more_than_twelve_times(client, number):
    counts = []
    for people in (3, 9):
        program = make_program()
        room = make_room(program, steps=PLANS, by=make_staff(program))
        everybody = gathered(room, *(f"Number {each}" for each in range(people)))
        first = opened(room)
        for each in everybody:
            bring(first, each, thing=each.name, topics=["Grants", each.name])
        photograph(first, everybody[0])
        if number:
            walk = opened(room, 1)
            for each in everybody[1:]:
                cards.wish(walk, participant=each, round=1, card_id=first.cards.first().pk)
        client.force_login(room.created_by)
        phone = links.phone_path(everybody[0])
        told = {}
        for address in (
            *(phone, f"{phone}own/", links.projector_path(room), room.get_absolute_url()),
            *(reverse("live:results", args=[room.pk]), reverse("live:results_file", args=[room.pk])),
            reverse("activities:cards", args=[first.pk]),
        ):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            told[len(told)] = len(asked)
        counts.append(told)

    few, many = counts
    assert few == many
    assert {place: count for place, count in many.items() if count > 12} == {}
