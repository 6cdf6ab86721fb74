"""Badges and trading rounds in a live room: badges, whom somebody met, groups by a yes on both sides."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import make_community, make_staff
from coppice.formation import actions
from coppice.formation.agendas import badges_and_trading
from coppice.formation.badge_board import badge_of, near
from coppice.formation.models import (
    Badge,
    BadgeLine,
    Choice,
    Encounter,
    Find,
    GuestWish,
    Handshake,
    MarketRoom,
    OfferedTopic,
)
from coppice.formation.tests.evenings import (
    act,
    board_of,
    everybody_in,
    host_act,
    make_program_of,
    own,
    page,
    text,
)
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, moves, people, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.kinds import kind_called, kind_of, with_what_is_kept
from coppice.live.models import Participant, Room
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.profiles.tests.factories import need, offer

pytestmark = pytest.mark.django_db

BADGES, TRADE, NAMES, CHOOSING = range(4)
INTERESTS = ("Trails", "Budgets", "Gardens", "Schools", "Elders")
SKILLS = ("Driving", "Cooking", "Singing", "Drawing", "Writing")


def steps(**sizes: int) -> list[Plan]:
    return [
        Plan(kind="badges", title="Make your badge"),
        Plan(kind="badge_trade", title="Trade"),
        Plan(kind="badge_names", title="Name your group"),
        Plan(
            kind="market_choice",
            title="Who is still free?",
            settings={"minimum": 2, "maximum": 3, "waits": 1, "days": 2, **sizes},
        ),
    ]


@pytest.fixture
def program():
    return make_program_of(5)


@pytest.fixture
def staff(program):
    return make_staff(program)


@pytest.fixture
def room(program, staff) -> Room:
    return make_room(program, title="Launch", by=staff, steps=steps())


@pytest.fixture
def host(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def known(room) -> list[Participant]:
    return everybody_in(room)


@pytest.fixture
def trading(room, known):
    """The trading round, open, with a badge of each: number 1 is the first on the roster."""
    opened(room, BADGES)
    for each, interest, skill in zip(known, INTERESTS, SKILLS, strict=True):
        actions.write_badge(each, interests=[interest], skills=[skill])
    return opened(room, TRADE)


def words_on(participant: Participant) -> list[str]:
    return [line.words for line in BadgeLine.objects.filter(badge__participant=participant)]


def line_of(participant: Participant, kind: str = "interest") -> BadgeLine:
    return BadgeLine.objects.get(badge__participant=participant, kind=kind)


def marks_of(step) -> dict:
    return dict(kind_of(step).look(step)["own"].each)


def together(client, step, one: Participant, other: Participant, words: str = "Rides") -> OfferedTopic:
    """Let two stick together by asking and saying yes."""
    assert not act(client, step, one, "stick", **{"to": other.pk, f"words-{other.pk}": words})
    handshake = Handshake.objects.get(by=one, to=other, state="open")
    assert not act(client, step, other, "yes", handshake=handshake.pk)
    handshake.refresh_from_db()
    assert handshake.state == "agreed"
    return handshake.topic


def group_of(participant: Participant) -> str:
    """The name of the topic in which somebody has a place, or which they chose as a guest; "" for none."""
    wish = GuestWish.objects.filter(participant=participant).first()
    place = Choice.objects.filter(enrollment__person=participant.person_id, is_waiting=False).first()
    return str((place or wish).topic) if place or wish else ""


# Badges


def test_a_badge_has_three_of_each_and_is_changed_as_a_whole(client, room, known):
    step, one = opened(room, BADGES), known[0]
    said = {"interest-1-0": " Rural   outreach ", "interest-2-0": "rural outreach", "skill-3-0": "Maps"}
    assert not act(client, step, one, "write", version=0, **said)
    assert words_on(one) == ["Rural outreach", "Maps"]
    kept = line_of(one, "skill").pk

    assert "at least one" in act(client, step, one, "write", version=1)
    assert not act(client, step, one, "write", version=1, **{"skill-1-1": "Maps", "interest-1-1": "Trails"})
    assert words_on(one) == ["Trails", "Maps"]
    assert line_of(one, "skill").pk == kept, "what stays keeps who found it"
    assert (one.badge.number, Badge.objects.get().changes) == (1, 2)
    assert "Trails" in own(client, one)
    assert "Trails" in page(client, one)
    assert "has not begun" in act(client, step, one, "write", round=2, version=2)
    assert "has not begun" in act(client, step, one, "take", round=9)


def test_a_badge_is_filled_from_ones_own_profile_by_a_press_alone(client, program, room, known):
    step, one = opened(room, BADGES), known[0]
    assert "nothing on your profile" in act(client, step, one, "take")
    enrollment = program.enrollments.get(person=one.person)
    need(enrollment, "Debts")
    assert "nothing on your profile" in act(client, step, one, "take")
    need(enrollment, "Budgets", text="Somebody who reads mine", audience="program")
    offer(enrollment, "", text="Drawing maps " + "by hand " * 20, audience="program")
    actions.write_badge(one, interests=["Trails"], skills=[])
    assert words_on(one) == ["Trails"]
    assert "Fill it from my profile" in page(client, one)
    assert not act(client, step, one, "take")
    assert words_on(one) == ["Trails", "Budgets", "Drawing maps by hand by hand by hand by hand by hand by …"]

    guest = make_participant(room, name="Bea")
    assert "Fill it from my profile" not in page(client, guest)
    assert "nothing on your profile" in act(client, step, guest, "take")


def test_paper_has_a_badge_and_whoever_comes_late_still_makes_theirs(client, room, staff, known):
    step = opened(room, BADGES)
    [paper] = people.write_in(room, names=["Pat"], by=staff)
    assert not act(client, step, paper, "write", version=0, **{"interest-1-0": "Trails"})
    rooms.end(room, by=staff, late_until=timezone.now() + timedelta(hours=2))
    assert "Make my badge" in page(client, known[0])
    assert not act(client, step, known[0], "write", version=0, **{"skill-1-0": "Maps"})
    Room.objects.update(late_until=None)
    assert act(client, step, known[0], "write", version=1, **{"skill-1-1": "Trails"})
    assert words_on(known[0]) == ["Maps"]
    assert "Make my badge" not in page(client, known[1])


def test_the_wall_shows_what_several_badges_share_and_no_name(client, room, known):
    step = opened(room, BADGES)
    actions.write_badge(known[0], interests=["Rural outreach"], skills=["Maps"])
    actions.write_badge(known[1], interests=["rural Outreach"], skills=[])
    wall = text(client.get(links.projector_path(room)))
    assert "2 badges" in wall
    assert "Rural outreach What draws me 2" in wall
    assert "Maps" not in wall
    assert known[0].name not in wall
    [first, second] = kind_of(step).result(with_what_is_kept([step])[0]).lines
    assert (first.label, first.figure) == ("What draws me: Rural outreach", "2")
    assert second.label == "What I can bring: Maps"


def test_hosts_hide_a_line_everywhere_and_put_it_back(host, room, known):
    step = opened(room, BADGES)
    actions.write_badge(known[0], interests=["Rude words", "Trails"], skills=[])
    line = BadgeLine.objects.get(words="Rude words")
    host_act(host, step, "hide", line=line.pk)
    host_act(host, step, "hide", line=line.pk)
    assert Entry.objects.filter(verb="live_room.words_hidden").count() == 1
    printed = text(host.get(reverse("formation:room_badges", args=[step.pk])))
    assert "Trails" in printed
    assert "Rude words" not in printed
    assert "Rude words" not in str(list(kind_of(step).rows(step)))
    assert "Taken off the badges" in text(host.get(room.get_absolute_url()))
    host_act(host, step, "show", line=line.pk)
    assert "Rude words" in text(host.get(reverse("formation:room_badges", args=[step.pk])))


def test_what_a_host_hid_stays_hidden_when_it_is_written_again(host, room, known):
    step, one = opened(room, BADGES), known[0]
    actions.write_badge(one, interests=["Rude words", "Trails"], skills=[])
    host_act(host, step, "hide", line=BadgeLine.objects.get(words="Rude words").pk)

    def printed() -> str:
        return text(host.get(reverse("formation:room_badges", args=[step.pk])))

    actions.write_badge(one, interests=["Trails"], skills=[])
    actions.write_badge(one, interests=["Trails", "RUDE words"], skills=[])
    assert "RUDE" not in printed()
    actions.write_badge(one, interests=["Trails"], skills=["Rude wörds"])
    assert "Rude" not in printed()
    actions.write_badge(one, interests=["Trails"], skills=[])
    assert Badge.objects.get().kept_off == ["rude words"]
    actions.write_badge(one, interests=["Trails", "Rude words"], skills=[])
    host_act(host, step, "show", line=BadgeLine.objects.get(words="Rude words").pk)
    actions.write_badge(one, interests=["Trails"], skills=[])
    actions.write_badge(one, interests=["Trails", "Rude words"], skills=[])
    assert "Rude words" in printed(), "the host brought it back"


def test_only_a_step_of_badges_has_badges_to_print(host, room):
    step = opened(room, BADGES)
    assert "Nobody has made a badge yet." in text(host.get(reverse("formation:room_badges", args=[step.pk])))
    other = room.steps.exclude(pk=step.pk).first()
    assert host.get(reverse("formation:room_badges", args=[other.pk])).status_code == 404


def test_the_ready_agenda_has_kinds_that_are_there_and_one_set_of_sizes():
    plans = badges_and_trading()
    assert [plan.kind for plan in plans if kind_called(plan.kind) is None] == []
    kinds = [kind_called(plan.kind) for plan in plans]
    assert sum("minimum" in kind.fields() for kind in kinds if kind) == 1


def test_nothing_written_is_no_result(room):
    for number in (BADGES, TRADE, NAMES):
        step = with_what_is_kept([opened(room, number)])[0]
        assert kind_of(step).result(step) is None
        assert list(kind_of(step).rows(step)) == []


# Whom somebody met


def test_one_notes_whom_one_met_and_both_see_each_others_badge(client, trading, known):
    one, other = known[:2]
    assert not act(client, trading, one, "meet", badge="2")
    assert not act(client, trading, one, "meet", badge="#2")
    assert Encounter.objects.count() == 1
    assert "Budgets" in own(client, one)
    assert "Trails" in own(client, other)
    assert "Gardens" not in own(client, one)
    assert not act(client, trading, one, "meet", badge=known[2].name.upper())
    latest, earlier = own(client, one).split("Whom you met before")
    assert "Gardens" in latest
    assert "Budgets" in earlier
    assert not act(client, trading, one, "meet", badge="2")
    assert "Budgets" in own(client, one).split("Whom you met before")[0], "who is met again comes first"
    assert "own badge" in act(client, trading, one, "meet", badge="1")
    assert "Nobody here" in act(client, trading, one, "meet", badge="77")
    assert "Nobody here" in act(client, trading, one, "meet", badge="")
    Participant.objects.filter(pk__in=[known[3].pk, known[4].pk]).update(name="Sam")
    assert "More than one" in act(client, trading, one, "meet", badge="Sam")


def test_what_two_share_is_noted_on_the_others_badge(client, trading, known, staff):
    one, other = known[:2]
    act(client, trading, one, "meet", badge="2")
    shared, used = line_of(other), line_of(other, "skill")
    before = marks_of(trading)
    for line in (shared, shared, used):
        assert not act(client, trading, one, "find", line=line.pk)
    assert Find.objects.count() == 2
    changed = {who for who, mark in marks_of(trading).items() if mark != before[who]}
    assert changed == {one.pk, other.pk}, "no other phone has to ask"
    assert "You share it" in own(client, one)
    assert "You could use it" in own(client, one)
    assert f"{one.name} shares with you: Budgets" in own(client, other)
    assert f"{one.name} could use: Cooking" in own(client, other)
    assert not act(client, trading, one, "unfind", line=used.pk)
    assert "You could use it" not in own(client, one)
    assert "own badge" in act(client, trading, one, "find", line=line_of(one).pk)
    BadgeLine.objects.filter(pk=used.pk).update(is_hidden=True)
    assert "no longer stands" in act(client, trading, one, "find", line=used.pk)
    badges = trading.room.steps.get(kind="badges")
    assert "1 found it" in {row.note for row in kind_of(badges).rows(badges)}

    rooms.end(trading.room, by=staff)
    assert f"{one.name} shares with you: Budgets" in page(client, other)
    assert "Whom you met" in page(client, one)


def test_badges_near_ones_own_are_told_before_one_meets_them(client, trading, known):
    actions.write_badge(known[0], interests=["Rural outreach"], skills=["Maps"])
    actions.write_badge(known[1], interests=["Outreach to schools"], skills=["Budget"])
    assert near(badge_of(known[0]), apart_from=[]) == [known[1].badge]
    assert "Whose badge is near yours" in own(client, known[0])
    act(client, trading, known[0], "meet", badge="2")
    assert "Whose badge is near yours" not in own(client, known[0])
    actions.write_badge(known[0], interests=["Art"], skills=[])
    assert near(badge_of(known[0]), apart_from=[]) == []


# Sticking together


def test_a_group_begins_with_two_who_both_say_yes(client, trading, known):
    one, other = known[:2]
    act(client, trading, one, "meet", badge="2")
    assert "What would you work on together?" in own(client, one)
    assert "Write what you would work on" in act(client, trading, one, "stick", to=other.pk)
    assert not act(client, trading, one, "stick", **{"to": other.pk, f"words-{other.pk}": "Bikes"})
    assert not act(client, trading, one, "stick", **{"to": other.pk, f"words-{other.pk}": "Rides"})
    [handshake] = Handshake.objects.all()
    assert "has not answered yet" in own(client, one)
    assert "It would be about: Rides" in own(client, other)
    assert not OfferedTopic.objects.exists(), "one yes is no group"
    assert "no longer open" in act(client, trading, one, "yes", handshake=handshake.pk)
    assert "no longer open" in act(client, trading, known[2], "yes", handshake=handshake.pk)
    assert not act(client, trading, other, "yes", handshake=handshake.pk)
    assert (group_of(one), group_of(other)) == ("Rides", "Rides")
    assert "no longer open" in act(client, trading, other, "yes", handshake=handshake.pk)
    assert "In your group" in own(client, one)
    assert "same group already" in act(client, trading, one, "stick", to=other.pk)
    assert "Rides" in text(client.get(links.projector_path(trading.room)))
    assert (
        "<strong>3</strong> are still free" in client.get(links.projector_path(trading.room)).content.decode()
    )


def test_two_who_ask_each_other_need_no_more(client, trading, known):
    one, other = known[:2]
    act(client, trading, one, "stick", **{"to": other.pk, f"words-{other.pk}": "Rides"})
    assert not act(client, trading, other, "stick", to=one.pk)
    assert group_of(one) == group_of(other) == "Rides"
    assert Handshake.objects.get().state == "agreed"


def test_whoever_is_free_comes_to_who_has_a_group(client, trading, known):
    one, other, third, fourth, fifth = known
    together(client, trading, one, other)
    together(client, trading, third, one, words="")
    assert group_of(third) == "Rides", "the one who was asked has a group"
    together(client, trading, fourth, fifth, words="Gardens")
    act(client, trading, fourth, "stick", to=third.pk)
    assert "With your yes you go to Gardens, and leave Rides" in own(client, third)
    act(client, trading, third, "yes", handshake=Handshake.objects.get(state="open").pk)
    assert group_of(third) == "Gardens"
    assert "full" in act(client, trading, one, "come", topic=OfferedTopic.objects.get(name="Gardens").pk)


def test_a_group_has_no_more_than_its_largest_size_guests_among_them(client, trading, known):
    one, other, third = known[:3]
    group = together(client, trading, one, other)
    guest = make_participant(trading.room, name="Bea")
    assert not act(client, trading, guest, "come", topic=group.pk)
    assert not act(client, trading, guest, "come", topic=group.pk)
    assert not act(client, trading, third, "stick", to=other.pk)
    asked = Handshake.objects.get(by=guest, state="open")
    assert "The first answer from the group counts" in own(client, other)
    assert "no longer open" in act(client, trading, third, "yes", handshake=asked.pk)
    assert not act(client, trading, other, "yes", handshake=asked.pk)
    assert group_of(guest) == "Rides"
    assert f"With you: Bea, {other.name}" in own(client, one)
    assert "It becomes your place" in own(client, guest)
    full = act(client, trading, other, "yes", handshake=Handshake.objects.get(by=third).pk)
    assert "full" in full
    assert group_of(third) == ""
    assert "same group already" in act(client, trading, guest, "come", topic=group.pk)
    assert "no longer on the board" in act(client, trading, third, "come", topic=0)


def test_not_now_and_taking_back_end_a_question_and_nobody_is_moved(client, trading, known):
    one, other = known[:2]
    act(client, trading, one, "stick", **{"to": other.pk, f"words-{other.pk}": "Rides"})
    first = Handshake.objects.get()
    assert not act(client, trading, other, "no", handshake=first.pk)
    act(client, trading, one, "stick", **{"to": other.pk, f"words-{other.pk}": "Rides"})
    second = Handshake.objects.get(state="open")
    assert "no longer open" in act(client, trading, other, "back", handshake=second.pk)
    assert not act(client, trading, one, "back", handshake=second.pk)
    assert "no longer open" in act(client, trading, other, "yes", handshake=second.pk)
    assert list(Handshake.objects.values_list("state", flat=True)) == ["declined", "taken_back"]
    assert not OfferedTopic.objects.exists()


def test_who_is_not_there_or_oneself_is_not_asked(client, trading, known):
    assert "Nobody here" in act(client, trading, known[0], "stick", to=0)
    assert "own badge" in act(client, trading, known[0], "stick", to=known[0].pk)


def test_a_yes_of_two_who_are_together_by_now_moves_nobody(client, trading, known):
    one, other, third = known[:3]
    act(client, trading, one, "stick", **{"to": other.pk, f"words-{other.pk}": "Bikes"})
    asked = Handshake.objects.get()
    group = together(client, trading, one, third)
    act(client, trading, other, "come", topic=group.pk)
    act(client, trading, third, "yes", handshake=Handshake.objects.get(by=other).pk)
    assert not act(client, trading, other, "yes", handshake=asked.pk)
    assert (group_of(other), OfferedTopic.objects.count()) == ("Rides", 1)


def test_leaving_is_always_possible_and_a_question_to_a_group_that_left_the_board_ends(
    client, host, trading, known
):
    one, other, third = known[:3]
    group = together(client, trading, one, other)
    act(client, trading, third, "come", topic=group.pk)
    asked = Handshake.objects.get(by=third)
    host_act(client, trading, "hide", topic=group.pk)
    assert "no longer open" in act(client, trading, one, "yes", handshake=asked.pk)
    host_act(client, trading, "show", topic=group.pk)
    assert not act(client, trading, one, "leave", topic=group.pk)
    assert group_of(one) == ""
    assert "no longer open" in act(client, trading, one, "yes", handshake=asked.pk)
    assert not act(client, trading, other, "yes", handshake=asked.pk)
    assert not act(client, trading, other, "leave", topic=group.pk)
    assert not act(client, trading, third, "leave", topic=group.pk)
    assert "no longer on the board" in act(client, trading, one, "come", topic=group.pk)


def test_two_groups_of_one_first_name_are_told_apart(client, trading, known):
    together(client, trading, known[0], known[1], words="Rides")
    assert together(client, trading, known[2], known[3], words="rides").name == "rides 2"


def test_a_group_whose_asker_left_theirs_is_called_by_their_badge(client, trading, known):
    one, other, third = known[:3]
    group = together(client, trading, one, other)
    act(client, trading, one, "stick", to=third.pk)
    act(client, trading, one, "leave", topic=group.pk)
    act(client, trading, third, "yes", handshake=Handshake.objects.get(state="open").pk)
    assert group_of(third) == "Trails"


def test_a_group_of_people_without_badges_has_a_first_name_too(client, trading, known):
    one, other, third = known[:3]
    Badge.objects.filter(participant=one).delete()
    group = together(client, trading, one, other)
    act(client, trading, one, "stick", to=third.pk)
    act(client, trading, one, "leave", topic=group.pk)
    act(client, trading, third, "yes", handshake=Handshake.objects.get(state="open").pk)
    assert group_of(third) == "A new group"


def test_a_round_begun_again_loses_nothing_and_late_acts_are_refused(client, trading, known, staff):
    one, other = known[:2]
    act(client, trading, one, "meet", badge="2")
    together(client, trading, one, other)
    moves.repeat(trading, by=staff)
    step = fresh(trading)
    assert "Budgets" in own(client, one)
    assert not act(client, step, one, "meet", badge="2")
    assert "has not begun" in act(client, step, one, "meet", round=3, badge="3")
    [kept] = with_what_is_kept([fresh(step)])
    assert [(row.round, row.answer, row.value) for row in kind_of(kept).rows(kept)] == [
        (1, "Two people met", 1),
        (2, "Two people met", 1),
        (2, "Rides", 2),
    ]
    assert str(Handshake.objects.get()) == f"{one}, Both said yes"
    assert kind_of(kept).result(kept).finding == "2 people are in groups. Groups: 1"
    rooms.end(trading.room, by=staff)
    assert act(client, step, one, "meet", badge="3")


def test_a_guests_group_is_theirs_when_the_program_knows_them(client, program, trading, known):
    bea = make_participant(trading.room, name="Bea")
    assert not act(client, trading, bea, "write", version=0, **{"interest-1-0": "Rides"})
    group = together(client, trading, bea, known[0], words="Rides")
    assert group.guest == bea
    someone = known[4].person
    known[4].delete()
    claims.claim(bea, person=someone, by=someone)
    assert Choice.objects.get(enrollment__person=someone).topic == group
    assert Badge.objects.get(participant__person=someone).number == 6


def test_before_somebody_is_taken_out_hosts_read_what_goes_with_them(client, host, trading, known):
    bea = make_participant(trading.room, name="Bea")
    actions.write_badge(bea, interests=["Rides"], skills=[])
    together(client, trading, bea, known[0], words="Rides")
    act(client, trading, bea, "meet", badge="2")
    act(client, trading, known[1], "find", line=line_of(bea).pk)
    opened(trading.room, NAMES)

    def goes(who: Participant) -> str:
        return text(host.get(reverse("live:participant_removal", args=[who.pk])))

    page = goes(bea)
    assert page.count("What they chose as a guest: Rides.") == 1
    assert "Their badge, number 6, with what others marked on it: 1." in page
    assert "People whom they met: 1. Questions whether to stick together: 1." in page
    assert "What they chose" not in goes(known[0]), "a place of somebody known stays theirs"
    assert "They have answered nothing here." in goes(make_participant(trading.room, name="Cy"))


def test_a_person_and_a_guest_who_are_one_have_one_badge_and_no_meeting_with_themself(
    client, host, trading, known, staff
):
    one, other, third = known[:3]
    bea = make_participant(trading.room, name="Bea")
    actions.write_badge(bea, interests=["trails", "Birds", "Boats", "Bells"], skills=["Rude words", "Maps"])
    BadgeLine.objects.filter(words="Rude words").update(is_hidden=True)
    actions.write_badge(one, interests=["Trails", "Bees"], skills=[])
    theirs = BadgeLine.objects.get(badge__participant=one, words="Trails")
    same = BadgeLine.objects.get(badge__participant=bea, words="trails")
    for line, who in ((same, other), (theirs, other), (same, third), (same, one), (line_of(other), bea)):
        act(client, trading, who, "find", line=line.pk)
    act(client, trading, one, "find", line=line_of(other).pk)
    for who, badge in (
        (one, "6"),
        (bea, "1"),
        (other, "1"),
        (other, "6"),
        (third, "6"),
        (bea, "2"),
        (one, "2"),
    ):
        assert not act(client, trading, who, "meet", badge=badge)
    for who, to in ((one, other), (bea, other), (third, bea), (bea, one)):
        act(client, trading, who, "stick", **{"to": to.pk, f"words-{to.pk}": "Rides"})

    claims.claim(bea, person=one.person, by=staff)

    badge = Badge.objects.get(participant=one)
    assert (badge.number, Badge.objects.count()) == (1, 5)
    assert set(words_on(one)) == {"Trails", "Bees", "Birds", "Rude words", "Maps"}
    assert not BadgeLine.objects.filter(words="Rude words", is_hidden=False).exists()
    assert set(theirs.finds.values_list("participant", flat=True)) == {other.pk, third.pk}
    assert line_of(other).finds.count() == 1
    assert sorted(Encounter.objects.values_list("participant", "badge__number")) == sorted(
        [(other.pk, 1), (third.pk, 1), (one.pk, 2)]
    )
    assert set(Handshake.objects.values_list("by", "to")) == {(one.pk, other.pk), (third.pk, one.pk)}
    assert "Birds" in own(client, other)


def test_the_number_on_a_guests_badge_leads_to_whose_it_turned_out_to_be(client, trading, known, staff):
    bea = make_participant(trading.room, name="Bea")
    actions.write_badge(bea, interests=["Birds"], skills=[])
    claims.claim(bea, person=known[0].person, by=staff)

    assert not act(client, trading, known[1], "meet", badge="6")
    actions.write_badge(make_participant(trading.room, name="Cy"), interests=["Boats"], skills=[])

    assert Encounter.objects.get(participant=known[1]).badge.participant == known[0]
    assert "Also number 6" in own(client, known[0])
    assert Badge.objects.get(participant__name="Cy").number == 7, "nobody gets a number that is worn"


def test_of_two_choices_of_one_person_their_own_stays(client, program, trading, known, staff):
    maria = people.join(trading.room, name="Maria", person=staff, language="en")  # nobody of the roster
    bea = make_participant(trading.room, name="Bea")
    rides = together(client, trading, known[0], known[1], words="Rides")
    boards = together(client, trading, known[2], known[3], words="Boards")
    step = opened(trading.room, CHOOSING)
    for who, topic in ((maria, rides), (bea, boards)):
        assert not act(client, step, who, "choose", topic=topic.pk)
        assert not act(client, step, who, "hints")
    assert not act(client, step, known[4], "choose", topic=boards.pk)
    assert group_of(known[4]) == "", "the place is kept for Bea"

    claims.claim(bea, person=staff, by=staff)

    assert GuestWish.objects.get(participant=maria).topic == rides
    assert group_of(known[4]) == "Boards", "who waited has the place that was kept"
    assert step.answers.filter(participant=maria).count() == 1


# Names


def test_who_only_chose_a_topic_does_not_name_it(client, trading, known):
    one, other = known[:2]
    group = together(client, trading, one, other)
    bea = make_participant(trading.room, name="Bea")
    choosing = opened(trading.room, CHOOSING)
    assert not act(client, choosing, bea, "choose", topic=group.pk)
    step = opened(trading.room, NAMES)

    refused = act(client, step, bea, "name", seen="Rides", **{"name-": "Mine alone"})

    group.refresh_from_db()
    assert ("said yes to each other" in refused, group.name) == (True, "Rides")
    assert ("What is your topic?" in own(client, bea), "What is your topic?" in own(client, one)) == (
        False,
        True,
    )


def test_a_group_that_took_another_in_is_named_by_the_people_of_both(client, host, trading, known):
    rides = together(client, trading, known[0], known[1])
    alone = together(client, trading, known[2], known[3], words="Cars")
    act(client, trading, known[3], "leave", topic=alone.pk)
    host_act(host, trading, "merge", topic=alone.pk, into=rides.pk)
    step = opened(trading.room, NAMES)

    assert "What is your topic?" in own(client, known[2])
    assert not act(client, step, known[2], "name", seen="Rides", **{"name-": "Rides and cars"})
    rides.refresh_from_db()
    assert rides.name == "Rides and cars"


def test_a_group_names_itself_and_two_who_write_at_once_agree_first(client, trading, known):
    one, other, third = known[:3]
    group = together(client, trading, one, other)
    step = opened(trading.room, NAMES)
    assert not act(
        client, step, one, "name", seen="Rides", **{"name-": "Rides to care", "why-": "Nobody drives"}
    )
    group.refresh_from_db()
    assert (group.name, group.why) == ("Rides to care", "Nobody drives")
    assert "called it “Rides to care” meanwhile" in act(
        client, step, other, "name", seen="Rides", **{"name-": "Cars"}
    )
    assert not act(client, step, other, "criterion", topic=group.pk, text="People who drive")
    assert "Rides to care" in own(client, other)
    guest = make_participant(trading.room, name="Bea")
    GuestWish.objects.create(participant=guest, topic=group)
    before = marks_of(step)
    assert not act(client, step, one, "name", seen=group.name, **{"name-": group.name, "why-": "It is far"})
    assert marks_of(step)[guest.pk] != before[guest.pk]
    assert "It is far" in own(client, guest)
    assert "People who drive" in text(client.get(links.projector_path(trading.room)))
    assert "Write what you would work on" in act(client, step, one, "name", seen="", **{"name-": " "})
    assert act(client, step, third, "name", seen="", **{"name-": "Mine"})
    assert "You are free" in own(client, third)
    [kept] = with_what_is_kept([fresh(step)])
    assert [(row.answer, row.note) for row in kind_of(kept).rows(kept)] == [("Rides to care", "It is far")]
    assert kind_of(kept).result(kept).finding == "1 group has a name"


def test_the_groups_are_topics_of_the_rooms_marketplace_and_become_its_round(client, trading, known, staff):
    group = together(client, trading, known[0], known[1])
    step = opened(trading.room, CHOOSING)
    assert not act(client, step, known[2], "choose", topic=group.pk)
    board = board_of(trading.room)
    assert MarketRoom.objects.get().terms == {"minimum": 2, "maximum": 3, "waits": 1}
    formation = actions.settle(board, fates={}, by=staff)
    assert formation.on_table is not None
    [community] = formation.on_table.proposed_communities.all()
    assert community.name == "Rides"
    assert community.places.count() == 3


def test_a_room_of_one_community_has_badges_and_no_groups(client, program, staff):
    room = make_room(program, community=make_community(program), by=staff, steps=steps())
    bea = make_participant(room, name="Bea")
    step = opened(room, BADGES)
    assert not act(client, step, bea, "write", version=0, **{"interest-1-0": "Trails"})
    for number in (TRADE, NAMES):
        step = opened(room, number)
        assert "belongs to one community" in page(client, bea)
        assert own(client, bea).strip() == ""
    assert act(client, opened(room, TRADE), bea, "meet", badge="1")


def test_screens_ask_as_often_for_many_people_as_for_few(host, trading, known):
    badges = trading.room.steps.get(kind="badges")
    addresses = (
        links.projector_path(trading.room),
        links.phone_path(known[0]),
        f"{links.phone_path(known[0])}own/",
        trading.room.get_absolute_url(),
        reverse("formation:room_badges", args=[badges.pk]),
    )

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert host.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    actions.write_badge(known[1], interests=["Budgets"], skills=["Driving"])
    act(host, trading, known[0], "meet", badge="2")
    together(host, trading, known[0], known[1])
    few = asked()
    for number in range(12):
        guest = make_participant(trading.room, name=f"Guest {number}")
        actions.write_badge(guest, interests=[f"Trails {number}"], skills=["Driving"])
        actions.meet(trading, participant=known[0], round=1, badge=str(guest.badge.number))
        line = line_of(guest)
        actions.find_line(trading, participant=known[0], line_id=line.pk)
        act(host, trading, guest, "stick", **{"to": known[2].pk, f"words-{known[2].pk}": "Trails"})
    assert asked() == few
