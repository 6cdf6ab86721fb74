"""Poster clusters: notes and photos on a wall, what belongs together, themes, and what stays."""

import html
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import Http404, QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import actions as accounts
from coppice.activities import poster_wall as wall
from coppice.activities.actions import posters
from coppice.activities.errors import (
    NoSuchPoster,
    NoSuchTheme,
    NoWall,
    TooFewTicked,
    TooManyBundles,
    WallIsFull,
    WordsMissing,
)
from coppice.activities.models import Bundle, Poster, PosterPhoto, Theme
from coppice.activities.posters import Gather, PutUp
from coppice.activities.tests.factories import gathered
from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, moves, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.announcing import Presence
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.kinds import Line, Proposed, Row
from coppice.live.models import Room, Step
from coppice.live.rendering import screens_of
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.photos.renditions import pictures_of
from coppice.photos.tests.factories import content, picture, upload

pytestmark = pytest.mark.django_db

PLANS = (
    Plan(kind="posters", title="What should we work on?", settings={"most": 2}),
    Plan(kind="poster_themes", title="What belongs together?"),
)
SCREENS = [(audience, "en") for audience in ("projector", "host", "phone")]


@pytest.fixture
def room():
    program = make_program()
    return make_room(program, steps=PLANS, by=make_staff(program))


@pytest.fixture
def step(room):
    return opened(room)


@pytest.fixture
def ana(room):
    return make_participant(room, "Ana")


@pytest.fixture
def hung(room, step, ana):
    """Four posters of two people on the wall, by their words."""
    bo = make_participant(room, "Bo")
    words = ((ana, "Safe ways to school"), (bo, "Grants"), (ana, "Lights at the crossing"), (bo, "Boards"))
    return {each: posters.put_up(step, participant=who, round=1, words=each) for who, each in words}


@pytest.fixture
def gathering(room, hung):
    """The step in which posters are gathered, opened."""
    return opened(room, 1)


def photograph(step, participant, *, alt="", words="", size=(300, 200)):
    pictures = pictures_of(content(picture(size)))
    return posters.put_photo(step, participant=participant, pictures=pictures, alt=alt, words=words)


def said(**values):
    made = QueryDict(mutable=True)
    for name, value in values.items():
        made.setlist(name.replace("__", "-"), value if isinstance(value, list) else [str(value)])
    return made


def seen(room, *screens) -> str:
    wanted = [each for each in SCREENS if not screens or each[0] in screens]
    return html.unescape("".join(screens_of(room.pk, wanted, Presence()).values()))


def gather(step, hung, *words, theme=0, name="", by=None):
    numbers = [hung[each].pk for each in words]
    return posters.gather(step, poster_ids=numbers, theme_id=theme, words=name, by=by)


def themes_of(step) -> dict[str, list[str]]:
    shown = wall.wall_of(step)
    return {each.theme.words: [str(poster) for poster in each.posters] for each in shown.themes}


def test_all_screens_show_what_hangs_and_only_the_host_sees_whose_it_is(room, step, ana):
    assert "0 posters hang here" in seen(room)

    posters.put_up(step, participant=ana, round=1, words=" Safe  ways\nto school ")

    assert all("Safe ways to school" in seen(room, each) for each in ("projector", "host"))
    hosts = screens_of(room.pk, [("host", "en")], Presence())["host", "en"]
    assert ("Take off the wall" in hosts, '<p class="fine">Ana</p>' in hosts) == (True, True)
    assert "Ana" not in seen(room, "projector", "phone")


def test_the_same_words_and_the_same_photo_of_a_person_hang_once(step, ana, room):
    posters.put_up(step, participant=ana, round=1, words="Grants")
    posters.put_up(step, participant=ana, round=1, words="GRANTS")
    first = photograph(step, ana, alt="A form", words="Forms")
    again = photograph(step, ana, alt="A long form")
    posters.put_up(step, participant=make_participant(room, "Bo"), round=1, words="Grants")

    assert [str(each) for each in Poster.objects.order_by("pk")] == ["Grants", "Forms", "Grants"]
    assert (PosterPhoto.objects.get().alt, first.poster_id) == ("A long form", again.poster_id)


def test_a_poster_is_called_by_its_words_else_by_what_its_photo_shows(step, ana, room):
    bo = make_participant(room, "Bo")
    named = photograph(step, ana, alt="A crossing without lights").poster
    nameless = photograph(step, bo).poster

    assert (str(named), str(nameless)) == ("A crossing without lights", "A photo")
    assert (wall.shown(named).alt, wall.shown(Poster(words="Words")).alt) == ("A crossing without lights", "")


def test_nobody_puts_up_more_than_the_step_says_until_they_take_one_down(step, ana):
    first = posters.put_up(step, participant=ana, round=1, words="One")
    photograph(step, ana, words="Two")

    with pytest.raises(WallIsFull) as refused:
        posters.put_up(step, participant=ana, round=1, words="Three")
    assert "You have 2 posters on the wall" in str(refused.value.sentence)
    with pytest.raises(WallIsFull):
        photograph(step, ana, size=(200, 300))

    for _time in range(2):
        PutUp().acts["take_down"](step, participant=ana, round=1, said=said(poster=first.pk))
    posters.put_up(step, participant=ana, round=1, words="Three")
    assert [str(each) for each in Poster.objects.order_by("pk")] == ["Two", "Three"]


def test_nobody_takes_down_what_somebody_else_put_up(step, ana, room):
    poster = posters.put_up(step, participant=ana, round=1, words="Grants")

    posters.take_down(step, participant=make_participant(room, "Bo"), poster_id=poster.pk)

    assert Poster.objects.count() == 1


def test_no_words_a_round_to_come_and_a_room_that_has_ended_are_refused(room, step, ana):
    with pytest.raises(WordsMissing):
        posters.put_up(step, participant=ana, round=1, words="  ")
    with pytest.raises(NotBegun):
        posters.put_up(step, participant=ana, round=2, words="Grants")
    rooms.end(room, by=None)
    for act in (
        lambda: posters.put_up(fresh(step), participant=ana, round=1, words="Grants"),
        lambda: photograph(fresh(step), ana),
    ):
        with pytest.raises(NoLongerTaken):
            act()


def test_what_a_host_hides_is_on_no_screen_but_theirs_and_comes_back(room, step, ana):
    photo = photograph(step, ana, words="Not for the wall")
    token = wall.picture_path(photo).split("/")[2]
    number, host = photo.poster_id, room.created_by

    for _time in range(2):
        PutUp().host_acts["hide"](step, by=host, said=said(poster=number))
    assert "Not for the wall" not in seen(room, "projector", "phone")
    assert ("1 poster taken off the wall" in seen(room, "host"), PutUp().result(step)) == (True, None)
    assert PutUp().own(step, ana)["posters"][0].poster.is_hidden
    with pytest.raises(Http404):
        wall.picture_behind(None, token=token, size="large")

    PutUp().host_acts["show"](step, by=host, said=said(poster=number))
    assert "Not for the wall" in seen(room, "projector")
    assert wall.picture_behind(None, token=token, size="large") == (photo, "large")
    verbs = Entry.objects.filter(verb__contains="poster").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["live_room.poster_hidden", "live_room.poster_brought_back"]


def test_a_photo_is_seen_while_the_room_goes_on_and_only_that_one(client, room, step, ana):
    path = wall.picture_path(photograph(step, ana))
    assert client.get(path).headers["Content-Type"] == "image/jpeg"
    assert client.get("/live-poster-pictures/1-abc:forged/large/").status_code == 404

    new = wall.picture_path(photograph(step, ana, alt="The same, described"))
    assert (client.get(path).status_code, client.get(new).status_code) == (404, 200)
    rooms.end(room, late_until=timezone.now() + timedelta(days=1), by=None)
    assert client.get(new).status_code == 200
    Room.objects.update(late_until=None)
    assert client.get(new).status_code == 404


def test_a_phone_without_scripts_puts_up_words_and_a_photo(client, settings, room, step, ana):
    path = links.phone_path(ana)
    address = reverse("activities:poster_photo", args=[links.token_of(ana), step.pk])
    assert "A few words for the wall" in client.get(path).text

    client.post(f"{path}steps/{step.pk}/note/", {"round": 1, "words": "Grants"})
    refused = client.post(address, {"photo": upload(b"none")})
    kept = client.post(address, {"photo": upload(), "alt": "A worn form", "caption": "Forms"})
    page = client.get(path).text

    assert (refused.status_code, "no photo that we can read" in refused.text) == (422, True)
    assert (kept.status_code, kept.headers["Location"]) == (302, path)
    assert ('alt="A worn form"' in page, "You have put up as many" in page) == (True, True)
    settings.PHOTO_LIMITS = {"giver": "1/10m/key"}
    cache.clear()
    assert [client.post(address, {"photo": upload()}).status_code for _time in range(2)] == [302, 422]
    other = reverse("activities:poster_photo", args=[links.token_of(ana), room.steps.last().pk])
    assert client.post(other, {"photo": upload()}).status_code == 404


def test_people_say_what_belongs_together_and_the_host_sees_how_many(room, gathering, hung, ana):
    bo = hung["Grants"].participant
    kind = Gather()
    both = [str(hung[each].pk) for each in ("Safe ways to school", "Lights at the crossing")]

    for who in (ana, ana, bo):
        kind.acts["together"](gathering, participant=who, round=1, said=said(posters=both))

    assert (Bundle.objects.count(), "2 people say so" in seen(room, "host")) == (2, True)
    assert "2 people say so" not in seen(room, "phone", "projector")
    own = kind.own(gathering, ana)["bundles"]
    assert [str(poster) for poster in own[0][1]] == ["Safe ways to school", "Lights at the crossing"]
    kind.host_acts["join"](gathering, by=None, said=said(poster=both[0], into=both[1]))
    assert ("people say so" in seen(room, "host"), themes_of(hung["Grants"].step)) == (
        False,
        {"Theme 1": ["Safe ways to school", "Lights at the crossing"]},
    )
    for _time in range(2):
        kind.acts["apart"](gathering, participant=ana, round=1, said=said(bundle=own[0][0].pk))
    assert (list(Bundle.objects.all()), str(Bundle.objects.get())) == ([Bundle.objects.get()], "Bo")


def test_a_phone_asks_for_its_part_when_what_it_said_no_longer_hangs(gathering, hung, ana):
    numbers = [each.pk for each in hung.values()]
    posters.bundle(gathering, participant=ana, round=1, poster_ids=numbers[:2])
    before = Gather().look(gathering)["own"].each

    posters.set_hidden(hung["Grants"].step, poster_id=numbers[1], is_hidden=True, by=None)

    assert (Gather().look(gathering)["own"].each == before, Gather().own(gathering, ana)["bundles"]) == (
        False,
        [],
    )
    assert wall.pairs_said(gathering, wall.wall_of(hung["Grants"].step)) == []


def test_one_poster_is_no_bundle_and_nobody_says_it_without_end(gathering, hung, ana, monkeypatch):
    monkeypatch.setattr(posters, "MOST_BUNDLES", 1)
    numbers = [each.pk for each in hung.values()]
    with pytest.raises(TooFewTicked):
        posters.bundle(gathering, participant=ana, round=1, poster_ids=[numbers[0], 0])
    posters.bundle(gathering, participant=ana, round=1, poster_ids=numbers[:2])

    with pytest.raises(TooManyBundles):
        posters.bundle(gathering, participant=ana, round=1, poster_ids=numbers[1:])


def test_posters_whose_words_are_alike_are_perhaps_together(step, room, ana):
    bo, cy = gathered(room, "Bo", "Cy")
    for who, words in ((ana, "Safe ways to school"), (bo, "Safer ways to schools"), (cy, "Grants")):
        posters.put_up(step, participant=who, round=1, words=words)
    photograph(step, cy)
    gathering = opened(room, 1)
    found = wall.pairs_said(gathering, wall.wall_of(step))

    assert [(str(each.one), str(each.other), each.people) for each in found] == [
        ("Safer ways to schools", "Safe ways to school", 0)
    ]
    posters.bundle(gathering, participant=cy, round=1, poster_ids=[found[0].one.pk, found[0].other.pk])
    assert [each.people for each in wall.pairs_said(gathering, wall.wall_of(step))] == [1]


def test_the_host_gathers_posters_under_themes_takes_them_out_and_undoes_a_theme(room, gathering, hung):
    kind, host, wall_step = Gather(), room.created_by, hung["Grants"].step
    act = lambda name, **values: kind.host_acts[name](gathering, by=host, said=said(**values))  # noqa: E731
    number = {words: poster.pk for words, poster in hung.items()}

    act("gather", poster=number["Grants"], name__3="Money")
    theme = Theme.objects.get()
    act("gather", poster=[str(number["Boards"]), str(number["Safe ways to school"])], into=theme.pk)
    assert themes_of(wall_step) == {"Money": ["Safe ways to school", "Grants", "Boards"]}
    act("out", poster=number["Safe ways to school"])
    act("out", poster=number["Safe ways to school"])
    act("rename", **{"theme": theme.pk, f"theme-{theme.pk}": " Money and  boards "})
    act("rename", **{"theme": theme.pk, f"theme-{theme.pk}": " "})
    act("rename", **{"theme": theme.pk, f"theme-{theme.pk}": "Money and boards"})
    assert themes_of(wall_step) == {"Money and boards": ["Grants", "Boards"]}
    assert "Money and boards" in seen(room, "projector")
    act("gather", poster=number["Safe ways to school"], name__0="MONEY and boards")
    assert Theme.objects.count() == 1

    for _time in range(2):
        act("dissolve", theme=theme.pk)
    assert (themes_of(wall_step), len(wall.wall_of(wall_step).loose)) == ({}, 4)
    verbs = Entry.objects.filter(verb__startswith="live_room.").order_by("pk")
    assert [verb.partition(".")[2] for verb in verbs.values_list("verb", flat=True)][-6:] == [
        *("posters_gathered", "posters_gathered", "poster_taken_out", "theme_renamed"),
        *("posters_gathered", "theme_dissolved"),
    ]


def test_the_poster_at_hand_is_the_first_under_no_theme_and_can_wait(room, gathering, hung):
    kind = Gather()
    at_hand = lambda: str(kind.look(gathering)["at_hand"].poster)  # noqa: E731
    assert at_hand() == "Safe ways to school"

    kind.host_acts["later"](gathering, by=None, said=said(poster=hung["Safe ways to school"].pk))
    assert at_hand() == "Grants"
    gather(gathering, hung, "Grants", "Boards", "Lights at the crossing", name="All")
    assert at_hand() == "Safe ways to school"
    kind.host_acts["later"](gathering, by=None, said=said(poster=0))
    gather(gathering, hung, "Safe ways to school", name="Rest")
    assert (kind.look(gathering)["at_hand"], "Every poster is under a theme." in seen(room)) == (None, True)


def test_what_is_gone_is_refused_with_words(gathering, hung):
    with pytest.raises(TooFewTicked):
        gather(gathering, hung, name="Nothing")
    with pytest.raises(NoSuchTheme):
        gather(gathering, hung, "Grants", theme=999)
    with pytest.raises(WordsMissing):
        gather(gathering, hung, "Grants", name=" ")
    with pytest.raises(NoSuchPoster):
        posters.join(gathering, one_id=hung["Grants"].pk, other_id=0, by=None)
    with pytest.raises(NoSuchTheme):
        posters.rename(gathering, theme_id=0, words="x", by=None)


def test_hanging_two_together_takes_the_theme_of_either_and_a_free_number_for_a_new_one(gathering, hung):
    step = hung["Grants"].step
    join = lambda one, other: posters.join(  # noqa: E731
        gathering, one_id=hung[one].pk, other_id=hung[other].pk, by=None
    )
    gather(gathering, hung, "Grants", name="Theme 1")

    join("Grants", "Boards")
    assert themes_of(step) == {"Theme 1": ["Grants", "Boards"]}
    join("Safe ways to school", "Lights at the crossing")
    assert list(themes_of(step)) == ["Theme 1", "Theme 2"]
    join("Boards", "Lights at the crossing")
    assert themes_of(step)["Theme 1"] == ["Grants"]


def test_a_step_of_gathering_without_a_wall_before_it_says_so(room):
    alone = make_room(room.program, steps=PLANS[1:], by=room.created_by)
    step = opened(alone)
    kind = Gather()

    assert seen(alone).count("No step before this one has a wall of posters.") == 3
    assert (kind.result(step), list(kind.rows(step)), list(kind.topics(step))) == (None, [], [])
    with pytest.raises(NoWall):
        posters.put_off(step, poster_id=1)
    kind.host_acts["hide"](step, by=None, said=said(poster=1))


def test_an_empty_wall_gathers_nothing(room, step):
    gathering = opened(room, 1)

    assert (PutUp().result(step), Gather().result(gathering)) == (None, None)
    assert seen(room).count("Nothing hangs here yet.") == 3


def test_results_file_and_topics_count_and_name_nobody(room, gathering, hung):
    step = hung["Grants"].step
    photograph(step, make_participant(room, "Cy"), alt="A dark street")
    gather(gathering, hung, "Grants", "Boards", name="Money")
    gather(gathering, hung, "Lights at the crossing", name="Streets")
    empty = gather(gathering, hung, "Safe ways to school", name="Empty")
    posters.set_hidden(step, poster_id=hung["Safe ways to school"].pk, is_hidden=True, by=None)

    up, under = PutUp().result(fresh(step)), Gather().result(fresh(gathering))

    assert (up.finding, up.lines) == (
        "4 posters hang here",
        (Line("Words alone", "3", 0.75), Line("With a photo", "1", 0.25)),
    )
    assert up.texts == ("A dark street", "Boards", "Grants", "Lights at the crossing")
    assert [row.answer for row in PutUp().rows(fresh(step))] == list(up.texts)
    assert (under.finding, under.lines) == (
        "4 posters, themes: 2",
        (
            Line("Money", "2", 0.5, note="Grants · Boards"),
            Line("Streets", "1", 0.25, note="Lights at the crossing"),
            Line("Under no theme", "1", 0.25, note="A dark street"),
        ),
    )
    assert list(Gather().rows(fresh(gathering))) == [
        Row(1, "Money", note="Boards"),
        Row(1, "Money", note="Grants"),
        Row(1, "Streets", note="Lights at the crossing"),
        Row(1, "Under no theme", note="A dark street"),
    ]
    assert [each.name for each in Gather().topics(fresh(gathering))] == ["Money", "Streets"]
    first = next(iter(Gather().topics(fresh(gathering))))
    key = f"theme:{Theme.objects.get(words='Money').pk}"
    assert first == Proposed(key, "Money", "From the wall of posters: 2 are about it.")
    assert str(empty) == "Empty"


def test_beginning_afresh_loses_no_poster_and_no_theme(room, gathering, hung):
    gather(gathering, hung, "Grants", name="Money")

    moves.repeat(gathering, by=None)
    moves.repeat(hung["Grants"].step, by=None)

    assert (Poster.objects.count(), themes_of(hung["Grants"].step)) == (4, {"Money": ["Grants"]})


def test_who_missed_it_puts_theirs_up_late_and_everybody_sees_their_own_afterwards(
    client, room, step, ana, hung
):
    cy = make_participant(room, "Cy")
    rooms.end(room, late_until=timezone.now() + timedelta(days=1), by=None)
    path = links.phone_path(cy)
    assert "A few words for the wall" in client.get(path).text
    client.post(f"{path}steps/{step.pk}/note/", {"round": 1, "words": "Late but true"})
    assert Poster.objects.filter(words="Late but true", participant=cy).exists()
    Room.objects.update(late_until=None)

    own = client.get(links.phone_path(ana)).text
    assert ("Your posters" in own, "A few words for the wall" in own) == (True, False)
    assert "Your posters" not in client.get(links.phone_path(make_participant(room, "Di"))).text


def test_what_a_guest_put_up_goes_with_their_place_when_they_are_known(room, gathering, hung, ana):
    enrollment = enroll(room.program, "Rosa Medina")
    posters.bundle(gathering, participant=ana, round=1, poster_ids=[each.pk for each in hung.values()])
    rosa = make_participant(room, "Rosa Medina", person=enrollment.person)

    claims.claim(ana, person=enrollment.person, by=room.created_by)

    assert (rosa.posters.count(), rosa.bundles.count()) == (2, 1)
    accounts.erase(enrollment.person, by=None)
    assert (Poster.objects.count(), Bundle.objects.count()) == (2, 0)


def test_a_wall_costs_as_many_queries_however_much_hangs(room, gathering, hung, ana):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            seen(room)
        return len(asked)

    gather(gathering, hung, "Grants", name="Money")
    posters.bundle(gathering, participant=ana, round=1, poster_ids=[each.pk for each in hung.values()])
    seen(room)
    few = cost()
    for each in gathered(room, *"CDEFGHIJ"):
        photograph(hung["Grants"].step, each, words=f"Words of {each}")
        poster = posters.put_up(hung["Grants"].step, participant=each, round=1, words=f"More of {each}")
        gather(gathering, {"it": poster}, "it", name=f"Theme of {each}")
        posters.bundle(gathering, participant=each, round=1, poster_ids=[poster.pk, hung["Boards"].pk])
    assert (cost(), few <= 12) == (few, True)


def test_a_link_of_before_is_given_no_other_link_of_the_person(client, room, step):
    ann = enroll(room.program, "Ann")
    own, guest = make_participant(room, "Ann", person=ann.person), make_participant(room, "Annie")
    path = links.phone_path(guest)
    claims.claim(guest, person=ann.person, by=room.created_by)

    page = client.get(path).text

    assert html.escape(path.split("/")[2]) in page
    assert links.token_of(own) not in page


def test_what_one_person_hung_from_two_places_hangs_once(room, step, gathering, hung, ana):
    enrollment = enroll(room.program, "Rosa Medina")
    rosa = make_participant(room, "Rosa Medina", person=enrollment.person)
    own = photograph(step, rosa, words="").poster
    note = posters.put_up(fresh(step), participant=rosa, round=1, words="safe WAYS to school")
    Poster.objects.filter(pk=hung["Lights at the crossing"].pk).delete()
    theirs = photograph(step, ana, words="The old bus", alt="A yellow bus").poster
    gather(gathering, {"it": theirs}, "it", name="Buses")
    pair = [note.pk, hung["Grants"].pk]
    posters.bundle(gathering, participant=rosa, round=1, poster_ids=pair)
    posters.bundle(
        gathering, participant=ana, round=1, poster_ids=[hung["Safe ways to school"].pk, hung["Grants"].pk]
    )
    posters.bundle(gathering, participant=ana, round=1, poster_ids=[theirs.pk, hung["Boards"].pk])
    posters.set_hidden(step, poster_id=hung["Safe ways to school"].pk, is_hidden=True, by=None)

    claims.claim(ana, person=enrollment.person, by=room.created_by)

    own.refresh_from_db()
    note.refresh_from_db()
    assert set(rosa.posters.all()) == {own, note}
    assert (own.words, str(own.theme), own.photo.alt) == ("The old bus", "Buses", "A yellow bus")
    assert (note.words, note.is_hidden) == ("safe WAYS to school", True)
    assert [{each.words for each in bundle.posters.all()} for bundle in rosa.bundles.all()] == [
        {"safe WAYS to school", "Grants"},
        {"The old bus", "Boards"},
    ]


def test_the_same_words_on_another_wall_hang_there_as_well(room, step, hung, ana):
    enrollment = enroll(room.program, "Rosa Medina")
    rosa = make_participant(room, "Rosa Medina", person=enrollment.person)
    words = Poster.objects.filter(participant=ana).first().words
    more = Step.objects.create(room=room, kind=step.kind, title="One more wall", position=9)
    own = Poster.objects.create(step=more, participant=rosa, words=words)

    claims.claim(ana, person=enrollment.person, by=room.created_by)

    assert set(rosa.posters.filter(words=words).values_list("step", flat=True)) == {step.pk, more.pk}
    assert Poster.objects.filter(pk=own.pk).exists()


def test_before_somebody_is_taken_out_hosts_read_that_their_posters_go(client, room, gathering, hung, ana):
    posters.bundle(gathering, participant=ana, round=1, poster_ids=[each.pk for each in hung.values()])
    client.force_login(room.created_by)

    page = client.get(reverse("live:participant_removal", args=[ana.pk])).text

    assert "Posters of theirs: 2, with their photos." in page
    assert "What they said of posters that belong together: 1." in page


# To print, and to take away


def test_the_sheet_has_themes_with_their_posters_photos_and_what_these_show(client, room, step):
    host = room.created_by
    client.force_login(host)
    address = reverse("activities:wall_sheet", args=[step.pk])
    assert "Nothing hangs here yet." in client.get(address).content.decode()
    ana = make_participant(room, name="Ana")
    posters.put_up(step, participant=ana, round=1, words="Lights at the crossing")
    photo = posters.put_photo(
        step,
        participant=ana,
        pictures=pictures_of(content(picture())),
        alt="A dark road",
        words="",
    )
    alone = posters.put_up(step, participant=make_participant(room, name="Bo"), round=1, words="A rude word")
    gather = opened(room, 1)
    numbers = [each.pk for each in step.posters.exclude(pk=alone.pk)]
    posters.gather(gather, poster_ids=numbers, theme_id=0, words="Safe crossings", by=host)
    assert "Under no theme" in client.get(address).content.decode()
    posters.set_hidden(step, poster_id=alone.pk, is_hidden=True, by=host)
    rooms.end(room, by=host)

    page = html.unescape(client.get(address).content.decode())

    assert 'alt="A dark road"' in page
    assert ["Safe crossings" in page, "Lights at the crossing" in page] == [True, True]
    for absent in ("A rude word", "Ana", "Under no theme"):
        assert absent not in page
    [source] = re.findall(r'src="(/live-walls/[^"]+)"', page)
    assert client.get(source).headers["Content-Type"] == "image/jpeg"
    table = client.get(reverse("activities:wall_file", args=[step.pk])).content.decode("utf-8-sig")
    assert table.splitlines() == [
        "Theme,Words,What the photo shows",
        "Safe crossings,Lights at the crossing,",
        "Safe crossings,,A dark road",
    ]
    results = client.get(reverse("live:results", args=[room.pk])).content.decode()
    assert results.count(address) == 2
    posters.set_hidden(step, poster_id=photo.poster_id, is_hidden=True, by=host)
    assert client.get(source).status_code == 404
    assert client.get(reverse("activities:wall_sheet", args=[gather.pk])).status_code == 404


def test_the_sheet_takes_as_many_queries_however_many_posters_there_are(client, room, step):
    client.force_login(room.created_by)
    address = reverse("activities:wall_sheet", args=[step.pk])

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    posters.put_up(step, participant=make_participant(room, name="Ana"), round=1, words="Lights")
    cost()
    few = cost()
    for number in range(5):
        posters.put_up(
            step, participant=make_participant(room, name=f"Bo {number}"), round=1, words=f"W {number}"
        )
    assert cost() == few <= 12
