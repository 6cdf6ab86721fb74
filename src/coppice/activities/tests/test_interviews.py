"""Interviews: what was heard is its owner's, who says what others read; themes of the fours."""

import re

import pytest
from django.urls import reverse

from coppice.activities import queries
from coppice.activities.actions import points, write_ups
from coppice.activities.errors import (
    ListIsFull,
    NoSuchPerson,
    NoSuchPoint,
    NoSuchWriteUp,
    NoTable,
    TooLong,
    WordsMissing,
)
from coppice.activities.interviews import QuestionsField
from coppice.activities.models import Point, WriteUp
from coppice.activities.tests.factories import gathered, interviews, pairs, seated, themes
from coppice.communities.tests.factories import make_program, make_staff
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import moves, people, rooms
from coppice.live.errors import NoLongerTaken, NotBegun
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import fresh, make_room, opened

pytestmark = pytest.mark.django_db

STORY = "She kept the pantry open\nthrough the flood."


@pytest.fixture
def room() -> Room:
    return make_room(make_program(), steps=[interviews(), themes()])


@pytest.fixture
def pair(room) -> tuple[Participant, Participant]:
    ana, bo = gathered(room, "Ana", "Bo")
    return ana, bo


@pytest.fixture
def host(client, room):
    client.force_login(make_staff(room.program))
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def own(client, participant: Participant) -> str:
    return text(client.get(links.phone_path(participant) + "own/"))


def act(client, step: Step, who: Participant, name: str, **fields):
    return client.post(f"{links.phone_path(who)}steps/{step.pk}/{name}/", {"round": step.round, **fields})


def hear(client, step: Step, by: Participant, about: Participant, words: str = STORY):
    return act(client, step, by, "heard", **{"about": about.pk, f"words-{about.pk}": words})


def share(client, step: Step, write_up: WriteUp, words: str):
    fields = {"write_up": write_up.pk, "changes": write_up.changes}
    name = f"shared-{write_up.pk}-{write_up.changes}"
    return act(client, step, write_up.about, "share", **{**fields, name: words})


def test_the_partner_writes_and_only_the_owner_reads_it(client, host, room, pair):
    ana, bo = pair
    step = opened(room)
    assert "What you heard from Bo" in own(client, ana)
    assert "What did you do that helped?" in text(client.get(links.phone_path(ana)))

    assert hear(client, step, ana, bo).status_code == 302

    assert "Ana wrote this about you" in own(client, bo)
    kind = kind_of(step)
    assert (kind.goes_with(bo), kind.goes_with(ana)) == (["What others wrote about them: 1."], [])
    assert "She kept the pantry open" in own(client, bo)
    assert "wrote this about you" not in own(client, ana)
    for page in (links.projector_path(room), room.get_absolute_url()):
        assert "1 story is written up, 0 shared" in text(host.get(page))
        assert "pantry" not in text(host.get(page))


def test_while_both_speak_a_phone_says_what_to_do_now_and_writing_waits(client, room, pair):
    ana, _bo = pair
    step = opened(room)

    page = client.get(f"{links.phone_path(ana)}own/").content.decode()
    said = text(client.get(f"{links.phone_path(ana)}own/"))
    assert said.index("Answer the questions, and take your time.") < said.index("Write up what you heard")
    assert "Ask the questions, and listen." in said
    assert re.search(r"<details[^>]*data-opens-at-end\s*>", page)

    Step.objects.filter(pk=step.pk).update(seconds_left=0)

    over = client.get(f"{links.phone_path(ana)}own/").content.decode()
    assert re.search(r"<details[^>]*data-opens-at-end\s+open\s*>", over)


def test_the_owner_changes_and_shares_it_and_it_is_told_without_her_name(client, host, room, pair):
    ana, bo = pair
    step = opened(room)
    hear(client, step, ana, bo)

    share(client, step, WriteUp.objects.get(), "I kept the pantry open.")

    results = text(host.get(reverse("live:results", args=[room.pk])))
    file = host.get(reverse("live:results_file", args=[room.pk])).content.decode("utf-8-sig")
    assert "1 of 1 story is shared by its owner" in results
    assert "I kept the pantry open." in results
    assert "flood" not in results + file
    assert not re.search(r"\bBo\b", results + file)
    assert "I kept the pantry open." in file
    assert "You share it." in own(client, bo)


def test_the_owner_keeps_it_to_herself_even_when_the_room_has_ended(client, host, room, pair):
    ana, bo = pair
    step = opened(room)
    hear(client, step, ana, bo)
    share(client, step, WriteUp.objects.get(), "Shared at first")
    rooms.end(room, by=None)

    page = text(client.get(links.phone_path(bo)))
    assert "Shared at first" in page
    assert share(client, fresh(step), WriteUp.objects.get(), "More").status_code == 422
    act(client, fresh(step), bo, "keep", write_up=WriteUp.objects.get().pk)

    assert WriteUp.objects.get().state == WriteUp.State.KEPT
    assert "Shared at first" not in text(host.get(reverse("live:results", args=[room.pk])))
    assert "You keep it to yourself." in text(client.get(links.phone_path(bo)))
    assert "flood" in text(client.get(links.phone_path(bo)))


def test_late_answers_let_people_write_and_decide_from_their_own_link(client, room, pair):
    ana, bo = pair
    step = opened(room)
    late = step.runs_since.replace(year=step.runs_since.year + 1)
    rooms.end(room, by=None, late_until=late)

    assert "What you heard from Bo" in text(client.get(links.phone_path(ana)))
    hear(client, fresh(step), ana, bo)
    share(client, fresh(step), WriteUp.objects.get(), "Late, and mine")

    assert WriteUp.objects.get().shared_words == "Late, and mine"


def test_what_is_written_again_takes_its_place_and_what_the_owner_decided_stands(client, room, pair):
    ana, bo = pair
    step = opened(room)
    hear(client, step, ana, bo)
    hear(client, step, ana, bo)
    share(client, step, WriteUp.objects.get(), "Mine")

    hear(client, step, ana, bo, "Another story")

    write_up = WriteUp.objects.get()
    assert (write_up.words, write_up.shared_words, write_up.state) == ("Another story", "Mine", "shared")
    assert write_up.changes == 3


def test_stories_say_what_they_refuse(room, pair):
    ana, bo = pair
    step = room.steps.first()
    with pytest.raises(NotBegun):
        write_ups.write(step, by=ana, about_id=bo.pk, round=1, words=STORY)
    step = opened(room)
    late = Participant.objects.create(room=room, name="Late")
    for words, about, by, refusal in (
        ("", bo, ana, WordsMissing),
        ("x" * 1501, bo, ana, TooLong),
        (STORY, ana, ana, NoSuchPerson),
        (STORY, bo, late, NoSuchPerson),
    ):
        with pytest.raises(refusal):
            write_ups.write(step, by=by, about_id=about.pk, round=1, words=words)
    with pytest.raises(NoSuchWriteUp):
        write_ups.keep(room, owner=ana, write_up_id=0)
    rooms.end(room, by=None)
    with pytest.raises(NoLongerTaken):
        write_ups.write(fresh(step), by=ana, about_id=bo.pk, round=1, words=STORY)


def test_in_three_there_is_a_form_for_each_of_the_others_and_a_latecomer_changes_no_form(client, room, pair):
    ana, bo = pair
    step = opened(room)
    before = client.get(links.phone_path(ana) + "own/").content.decode()
    cy = people.join(room, name="Cy", language="en")

    after = client.get(links.phone_path(ana) + "own/").content.decode()

    assert re.findall(r'name="(words-\d+)"', before) == [f"words-{bo.pk}"]
    assert sorted(re.findall(r'name="(words-\d+)"', after)) == sorted([f"words-{bo.pk}", f"words-{cy.pk}"])
    assert hear(client, step, ana, cy).status_code == 302


def test_pairs_join_into_fours_and_latecomers_come_along(room):
    gathered(room, "Ana", "Bo", "Cy", "Di")
    pairs_before = seated(opened(room))

    step = opened(room, 1)
    assert seated(step) == [{"Ana", "Bo", "Cy", "Di"}]
    people.join(room, name="Ed", language="en")

    assert seated(step) == [{"Ana", "Bo", "Cy", "Di", "Ed"}]
    assert len(pairs_before) == 2


def test_fours_stay_pairs_of_those_who_are_still_here(room):
    gathered(room, *"ABCDEFGH")
    before = seated(opened(room))
    gone = room.participants.get(name=min(before[0]))
    room.participants.filter(pk=gone.pk).delete()

    fours = seated(opened(room, 1))

    assert sorted(map(len, fours)) == [3, 4]
    for at in before[1:]:
        assert any(at <= four for four in fours)


def test_fours_without_a_round_before_are_drawn(room):
    gathered(room, *"ABCD")

    assert seated(opened(room, 1)) == [{"A", "B", "C", "D"}]


def test_the_phones_of_a_table_share_one_list_and_the_wall_counts_tables(client, host, room):
    everybody = gathered(room, *"ABCDEFGH")
    opened(room)
    step = opened(room, 1)
    one, two = [room.participants.get(name=min(table)) for table in seated(step)]

    for who, words in (
        (one, "Calm"),
        (one, "calm"),
        (two, "Calm"),
        (two, "Persistence"),
        (two, "Persistance"),
    ):
        assert act(client, step, who, "add", words=words).status_code == 302

    wall = text(client.get(links.projector_path(room)))
    assert "Calm 2 tables" in wall
    assert "Persistence 1 table" in wall
    assert own(client, one).count("Calm") >= 1
    assert "Persistence" not in own(client, one)
    assert "Perhaps the same" in text(host.get(room.get_absolute_url()))
    marks = kind_of(step).look(step)["own"]
    assert set(marks.each) == {each.pk for each in everybody}
    [first, second] = Point.objects.filter(words__startswith="Persist")
    act(client, step, two, "drop", point=second.pk)
    assert not Point.objects.filter(pk=second.pk).exists()
    assert act(client, step, one, "drop", point=first.pk).status_code == 422


def test_hosts_put_together_take_apart_hide_and_show(client, host, room):
    gathered(room, *"ABCD")
    opened(room)
    step = opened(room, 1)
    [someone] = room.participants.filter(name="A")
    for words in ("Patience", "Being patient", "Rude", "Waiting"):
        act(client, step, someone, "add", words=words)
    patience, patient, rude, waiting = Point.objects.order_by("pk")

    def press(name: str, **fields):
        return host.post(reverse("live:host_act", args=[step.pk, name]), fields, follow=True)

    press("merge", point=patient.pk, into=patience.pk)
    press("merge", point=waiting.pk, into=patient.pk)
    press("hide", point=rude.pk)
    wall = text(client.get(links.projector_path(room)))
    assert "Patience 1 table" in wall
    for words in ("Being patient", "Rude", "Waiting"):
        assert words not in wall
    page = text(host.get(room.get_absolute_url()))
    assert "Also: Being patient; Waiting" in page
    assert "1 hidden line" in page
    for one, other in ((patience, patience), (patience, patient)):
        assert "no longer on the list" in text(press("merge", point=one.pk, into=other.pk))
    press("part", point=patience.pk)
    press("part", point=patience.pk)
    press("show", point=rude.pk)
    press("show", point=rude.pk)

    assert "Being patient 1 table" in text(client.get(links.projector_path(room)))
    told = Entry.objects.filter(verb__startswith="live_room.points").values_list("verb", flat=True)
    assert sorted(told) == [*["live_room.points_merged"] * 2, "live_room.points_parted"]


def test_themes_are_results_and_typed_rows(client, host, room):
    gathered(room, *"ABCD")
    opened(room)
    step = opened(room, 1)
    act(client, step, room.participants.first(), "add", words="Calm")
    moves.close_step(step, by=None)

    page = text(host.get(reverse("live:results", args=[room.pk])))
    file = host.get(reverse("live:results_file", args=[room.pk])).content.decode("utf-8-sig")

    assert "1 line, tables: 1" in page
    assert "Calm,1," in file
    assert "Calm 1 table" in text(client.get(links.phone_path(room.participants.first())))


def test_stories_shared_are_on_the_phones_of_the_four_and_undecided_ones_can_be_decided(client, room):
    ana, bo = gathered(room, "Ana", "Bo")
    step = opened(room)
    hear(client, step, ana, bo)
    hear(client, step, bo, ana, "Hers")
    share(client, step, WriteUp.objects.get(about=bo), "His")
    four = opened(room, 1)

    assert "The story of Bo His" in own(client, ana)
    assert "Hers" in own(client, ana)
    assert "Hers" not in own(client, bo)
    share(client, four, WriteUp.objects.get(about=ana), "Hers too")

    assert "The story of Ana Hers too" in own(client, bo)


def test_lists_say_what_they_refuse(room, monkeypatch):
    ana, _bo = gathered(room, "Ana", "Bo")
    step = room.steps.last()
    add = {"participant": ana, "round": 1, "has_tables": True}
    with pytest.raises(NotBegun):
        points.add(step, words="Calm", **add)
    step = opened(room, 1)
    late = Participant.objects.create(room=room, name="Late")
    with pytest.raises(WordsMissing):
        points.add(step, words="  ", **add)
    with pytest.raises(NoTable):
        points.add(step, words="Calm", **{**add, "participant": late})
    with pytest.raises(NoSuchPoint):
        points.drop(step, point_id=0, **add)
    monkeypatch.setattr(points, "MOST_POINTS", 1)
    point = points.add(step, words="Calm", **add)
    with pytest.raises(ListIsFull):
        points.add(step, words="Care", **add)
    rooms.end(room, by=None)
    for refused in (
        lambda: points.add(fresh(step), words="Care", **add),
        lambda: points.drop(fresh(step), point_id=point.pk, **add),
    ):
        with pytest.raises(NoLongerTaken):
            refused()


def test_people_alone_have_lists_of_their_own(room):
    ana, bo = gathered(room, "Ana", "Bo")
    step = opened(room)
    for who in (ana, bo):
        points.add(step, participant=who, round=1, words="Money", has_tables=False)
    points.add(step, participant=bo, round=1, words="Rides", has_tables=False)

    told = [(gist.words, gist.count) for gist in queries.gists(Point.objects.all())]

    assert told == [("Money", 2), ("Rides", 1)]


def test_questions_are_one_to_six_short_lines():
    field = QuestionsField()

    assert field.clean(" What? \n\n How? ") == ["What?", "How?"]
    assert field.prepare_value(["What?", "How?"]) == "What?\nHow?"
    assert field.prepare_value("What?") == "What?"
    for wrong in ("\n".join("abcdefg"), "x" * 201):
        with pytest.raises(Exception, match="question"):
            field.clean(wrong)


def test_a_room_without_stories_or_lines_tells_who_met(host, room, pair):
    opened(room)
    opened(room, 1)

    assert text(host.get(reverse("live:results", args=[room.pk]))).count("2 people met in 1 group") == 2


def test_only_pairs_before_are_joined():
    room = make_room(make_program(), steps=[pairs(), themes()])
    gathered(room, "Ana")
    opened(room)

    assert seated(opened(room, 1)) == [{"Ana"}]


def test_the_ready_agenda_can_be_changed_and_its_questions_are_on_the_form(host, room):
    sent = {"title": "Stories", "agenda": "appreciative_interviews", "language": "en"}
    host.post(reverse("live:create", args=[room.program.pk]), sent)
    made = Room.objects.get(title="Stories")
    step = made.steps.get(kind="interviews")

    page = text(host.get(reverse("live:step", args=[step.pk])))

    assert [each.kind for each in made.steps.all()] == ["talk", "interviews", "themes", "words"]
    assert "What do others come to you for?" in page
