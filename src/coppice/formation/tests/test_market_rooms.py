"""A marketplace in a live room: one board for room and web, guests, people asked, topics hidden."""

import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import portrait
from coppice.accounts.actions import erase
from coppice.communities.tests.factories import enroll, make_community, make_staff
from coppice.formation import actions, tasks
from coppice.formation.actions import market_choices
from coppice.formation.market_board import cards_of
from coppice.formation.market_errors import (
    MarketplaceIsOver,
    NothingAsked,
    TooManyInside,
    TopicIsFull,
    TopicIsGone,
    TopicIsThere,
)
from coppice.formation.models import (
    Choice,
    EveningTopic,
    Formation,
    GuestWish,
    Marketplace,
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
from coppice.formation.tests.factories import (
    choose,
    choosers_of,
    make_marketplace,
    offer_topics,
    waiting_in,
    who_is_in,
)
from coppice.history.models import Entry
from coppice.live import links
from coppice.live.actions import claims, moves, people, rooms
from coppice.live.actions.rooms import Plan
from coppice.live.kinds import kind_of
from coppice.live.models import Participant, Room, Step
from coppice.live.tests.factories import fresh, make_participant, make_room, opened
from coppice.notifications.models import Message
from coppice.profiles.tests.factories import need, offer

pytestmark = pytest.mark.django_db

OFFERS, CHOOSING, GROUPS = range(3)


def steps(**settings: int) -> list[Plan]:
    sizes = {"minimum": 2, "maximum": 3, "waits": 1, "days": 2, **settings}
    return [
        Plan(kind="market_offers", title="What would you work on?"),
        Plan(kind="market_choice", title="Choose your topic", settings=sizes),
        Plan(kind="market_groups", title="With your group"),
    ]


@pytest.fixture
def program():
    return make_program_of(6)


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


def ask(client, step: Step, topic: OfferedTopic, into: OfferedTopic):
    return host_act(client, step, "ask", **{"topic": topic.pk, f"into-{topic.pk}": into.pk})


def names(topic: OfferedTopic) -> list[str]:
    return [each.name for each in who_is_in(topic)]


def close_the_time(board: Marketplace) -> None:
    Marketplace.objects.filter(pk=board.pk).update(closes_on=board.today - timedelta(days=1))


# The board of a room


def test_a_room_makes_its_board_when_its_first_step_opens_and_nobody_is_written_to(room, staff):
    step = opened(room, OFFERS)
    moves.repeat(step, by=staff)
    opened(room, CHOOSING)

    board = board_of(room)
    assert (board.name, board.minimum, board.maximum, board.waits) == ("Launch", 2, 3, 1)
    assert (board.days_left, board.is_online, board.opened_by) == (2, False, staff)
    tasks.tell_of_marketplace.func(board.pk)
    tasks.tend_marketplaces.func()
    assert not Message.objects.exists()


def test_a_room_without_a_choosing_step_has_the_usual_sizes(program, staff):
    room = make_room(program, by=staff, steps=steps()[:1])

    opened(room, OFFERS)

    assert (board_of(room).minimum, board_of(room).maximum) == (6, 12)


def test_a_largest_size_below_the_smallest_is_the_smallest(program, staff):
    room = make_room(program, by=staff, steps=steps(minimum=5, maximum=4))

    opened(room, OFFERS)

    assert (board_of(room).minimum, board_of(room).maximum) == (5, 5)


def test_sizes_follow_the_step_until_it_begins_and_then_the_staffs_own_stay(room, staff, known):
    opened(room, OFFERS)
    board = board_of(room)
    step = room.steps.get(kind="market_choice")
    Step.objects.filter(pk=step.pk).update(settings={**step.settings, "maximum": 4})

    opened(room, CHOOSING)
    assert board_of(room).maximum == 4
    actions.change_marketplace(board, by=staff, maximum=6)
    people.take_out(known[5], by=staff)
    assert board_of(room).maximum == 6


def test_sizes_that_would_put_somebody_out_leave_the_board_and_stop_nobody(client, host, room, staff, known):
    opened(room, OFFERS)
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    choose(grants, *choosers_of(board)[:3])
    step = room.steps.get(kind="market_choice")
    Step.objects.filter(pk=step.pk).update(settings={**step.settings, "maximum": 2})

    people.join(room, name="Bea", language="en")
    answer = client.post(reverse("live:participant_removal", args=[known[5].pk]), follow=True)
    assert answer.status_code == 200
    assert not Participant.objects.filter(pk=known[5].pk).exists()
    assert board_of(room).maximum == 3

    assert "were not taken over" not in text(client.get(room.get_absolute_url()))
    opened(room, CHOOSING)
    assert board_of(room).maximum == 3
    said = "were not taken over: somebody would lose their place, or a round was made of the board. "
    assert f"{said}It goes on with 2 to 3 people" in text(client.get(room.get_absolute_url()))
    actions.leave(choosers_of(board)[0], topic=grants, by=staff)
    moves.repeat(fresh(step), by=staff)
    assert board_of(room).maximum == 2
    assert "were not taken over" not in text(client.get(room.get_absolute_url()))


def test_sizes_leave_a_board_of_which_a_round_was_made(room, program, staff):
    opened(room, OFFERS)
    round_made = Formation.objects.create(program=program)
    Marketplace.objects.filter(pk=board_of(room).pk).update(formation=round_made)
    step = room.steps.get(kind="market_choice")
    Step.objects.filter(pk=step.pk).update(settings={**step.settings, "maximum": 2})

    assert opened(room, CHOOSING).is_open

    assert board_of(room).maximum == 3


def test_a_room_of_one_community_has_no_board_and_says_where_there_is_one(client, host, program, staff):
    room = make_room(program, community=make_community(program), by=staff, steps=steps())
    guest = make_participant(room, "Femi")
    host = client
    host.force_login(staff)

    for number, act_name in ((OFFERS, "offer"), (CHOOSING, "choose"), (GROUPS, "")):
        step = opened(room, number)
        assert "Open a live room of the program" in text(client.get(room.get_absolute_url()))
        assert "Open a live room of the program" in page(client, guest)
        assert "Open a live room of the program" in text(client.get(links.projector_path(room)))
        if act_name:
            assert "Open a live room of the program" in act(client, step, guest, act_name, name="Grants")
        assert kind_of(step).result(step) is None
        assert list(kind_of(step).rows(step)) == []
    assert not MarketRoom.objects.exists()
    assert own(client, guest).strip() == ""
    assert kind_of(step).mine(step, guest) is None
    assert kind_of(step).afterwards(step, guest) is None


def test_a_board_that_is_open_online_goes_into_a_live_room_and_both_are_one(client, host, program, staff):
    board = make_marketplace(program)
    [grants] = offer_topics(board, "Grants")
    ana, ben = choosers_of(board)[:2]
    choose(grants, ana)

    answer = client.post(reverse("formation:market_room", args=[board.pk]), follow=True)

    room = Room.objects.get()
    assert (room.title, board_of(room), board_of(room).is_online) == ("Launch", board, True)
    assert "Welcome" in text(answer)
    assert "Live rooms with this board: Launch" in text(client.get(board.get_absolute_url()))
    step = opened(room, 2)
    assert (board_of(room).minimum, board_of(room).maximum) == (2, 4)
    assert "Grants 1 of 4" in text(client.get(links.projector_path(room)))
    phone = people.join(room, name="Ben", person=ben.person, language="en")
    act(client, step, phone, "choose", topic=grants.pk)
    assert who_is_in(grants) == [ana.enrollment, ben.enrollment]
    assert "2 of 4" in text(client.get(reverse("formation:own_market", args=[ana.token])))


def test_screens_of_a_room_hear_what_is_done_online(program, staff, monkeypatch):
    heard = []
    monkeypatch.setattr("coppice.formation.actions.market_choices.announce", heard.append)
    board = make_marketplace(program)
    going_on, over = (actions.open_room(board, by=staff, title=each) for each in ("First", "Second"))
    rooms.end(over, by=staff)
    [grants] = offer_topics(board, "Grants")
    ana = choosers_of(board)[0]
    heard.clear()

    actions.join(ana, topic=grants, by=ana.person)
    assert heard == [going_on.pk]
    actions.let_go(ana.enrollment, by=staff)
    assert heard == [going_on.pk] * 2


def test_nothing_opens_a_room_for_a_board_that_is_over(host, program):
    board = make_marketplace(program)
    close_the_time(board)

    for name in ("market_room", "market_online"):
        answer = host.post(reverse(f"formation:{name}", args=[board.pk]), follow=True)
        assert str(MarketplaceIsOver.sentence) in text(answer)

    assert not Room.objects.exists()


def test_the_staff_send_everybody_their_link_once(host, room, known):
    opened(room, OFFERS)
    board = board_of(room)
    assert "no mail has told anybody" in text(host.get(board.get_absolute_url()))

    for _time in range(2):
        answer = host.post(reverse("formation:market_online", args=[board.pk]), follow=True)
        assert "gets their own link now" in text(answer)
    tasks.tell_of_marketplace.func(board.pk)

    assert Entry.objects.filter(verb="marketplace.went_online").count() == 1
    assert Message.objects.filter(occasion=f"marketplace-opened:{board.pk}").count() == 6
    assert "no mail has told anybody" not in text(host.get(board.get_absolute_url()))


# Offering and choosing by phone


def test_people_and_guests_offer_and_have_the_first_place(client, room, known):
    step = opened(room, OFFERS)
    guest = make_participant(room, "Bea")
    board = board_of(room)

    assert act(client, step, known[0], "offer", name=" Grants ", why="For all", leads="on") == ""
    assert act(client, step, guest, "offer", name="Boards") == ""
    assert "There is a topic of this name" in act(client, step, known[1], "offer", name="grants")
    assert "what it is about" in act(client, step, known[1], "offer", name=" ")

    grants, boards = (card.topic for card in cards_of(board))
    assert (grants.offered_by, grants.offerer_leads, names(grants)) == (
        who_is_in(grants)[0],
        True,
        [known[0].name],
    )
    assert (boards.offered_by, names(boards), GuestWish.objects.get().participant) == (None, [], guest)
    shown = page(client, known[2])
    assert f"Grants Offered by {known[0].name} For all" in shown
    result = kind_of(step).result(step)
    assert result is not None
    assert result.finding == "2 topics are on the board"
    rows = [(row.answer, row.note) for row in kind_of(step).rows(step)]
    assert rows == [("Grants", "For all"), ("Boards", "")]


def test_people_choose_wait_and_leave_and_their_page_says_so(client, room, known):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards = offer_topics(board, "Grants", "Boards")
    for who in known[:3]:
        act(client, step, who, "choose", topic=grants.pk)
    act(client, step, known[3], "choose", topic=boards.pk)

    act(client, step, known[3], "choose", topic=grants.pk)

    assert waiting_in(grants)[0].name == known[3].name
    assert "You are in Boards You wait for Grants, number 1." in own(client, known[3])
    assert f"With you: {known[1].name}, {known[2].name}" in own(client, known[0])
    assert kind_of(step).mine(step, known[3]) == {"choose": {"topic": [str(boards.pk)]}}
    assert kind_of(step).mine(step, known[4]) is None
    look = kind_of(step).look(step)
    assert (look["answered"], set(look["own"].each)) == (4, {each.pk for each in known[:4]})
    before = look["own"].each
    act(client, step, known[0], "leave", topic=grants.pk)
    after = kind_of(step).look(step)["own"].each
    assert names(grants) == [each.name for each in known[1:4]]
    assert {each.pk for each in known if before.get(each.pk) != after.get(each.pk)} == {
        each.pk for each in known[:4]
    }
    assert "You have no place yet." in own(client, known[0])
    assert "no longer on the board" in act(client, step, known[0], "choose", topic="x")
    assert not Message.objects.filter(occasion__startswith="topic-place").exists()


def test_who_waits_alone_has_that_checked(client, room, known):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    for who in known[:4]:
        act(client, step, who, "choose", topic=grants.pk)

    assert kind_of(step).mine(step, known[3]) == {"choose": {"topic": [str(grants.pk)]}}
    assert "Leave the waitlist" in own(client, known[3])


def test_nothing_is_chosen_before_the_step_or_after_the_time(client, room, staff, known):
    step = room.steps.get(kind="market_choice")
    assert "has not begun" in act(client, step, known[0], "choose", topic=1)
    opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    rooms.end(room, by=staff)

    assert "The time for answers is over" in act(client, fresh(step), known[0], "choose", topic=grants.pk)


def test_who_was_not_there_chooses_late_in_the_room_and_sees_the_board(client, room, staff, known):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    rooms.end(room, by=staff, late_until=timezone.now() + timedelta(days=1))

    assert "You missed this." in page(client, known[0])
    assert act(client, fresh(step), known[0], "choose", topic=grants.pk) == ""

    assert names(grants) == [known[0].name]
    said = page(client, known[0])
    assert "You missed this." not in said
    assert "You are in Grants" in said
    assert "See the board, and choose" in said


def test_whom_only_a_host_has_named_gets_no_link_of_that_person_afterwards(
    client, room, staff, program, known
):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    guest = people.join(room, name="Bea", language="en")
    act(client, step, guest, "choose", topic=grants.pk)
    claims.claim(guest, person=enroll(program).person, by=staff)
    rooms.end(room, by=staff)

    said = page(client, Participant.objects.get(pk=guest.pk))

    assert "You are in Grants" in said
    assert "See the board, and choose" not in said


def test_a_board_counts_topics_with_too_few_people_as_its_cards_do(client, host, room, known):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards = offer_topics(board, "Grants", "Boards")
    act(client, step, known[0], "choose", topic=grants.pk)
    act(client, step, people.join(room, name="Bea", language="en"), "choose", topic=boards.pk)

    assert "2 topics have people, but too few." in text(client.get(board.get_absolute_url()))


def test_a_guest_reads_how_to_wait_for_a_full_topic(client, room):
    step = opened(room, CHOOSING)
    guest = people.join(room, name="Bea", language="en")

    assert "To join a waitlist, say first who you are." in own(client, guest)
    assert step.is_open


def test_somebody_on_paper_is_in_the_same_lists(client, room, staff, program):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    first, second = program.enrollments.order_by("pk")[:2]
    on_paper, other = people.write_in(room, names=[first.name, second.name], by=staff)

    act(client, step, on_paper, "choose", topic=grants.pk)
    act(client, step, other, "choose", topic=grants.pk)

    assert names(grants) == [first.name, second.name]
    assert set(Choice.objects.values_list("from_paper", flat=True)) == {True}


def test_people_say_whom_their_topic_is_for_and_take_it_back(client, room, known):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    act(client, step, known[0], "choose", topic=grants.pk)

    assert "Write one line" in act(client, step, known[0], "criterion", topic=grants.pk, text="")
    act(client, step, known[0], "criterion", topic=grants.pk, text="Who never wrote one")
    assert "For: Who never wrote one" in text(client.get(links.projector_path(room)))
    line = grants.criteria.get()
    act(client, step, known[0], "unsay", criterion=line.pk)

    assert not grants.criteria.exists()
    guest = make_participant(room, "Bea")
    assert act(client, step, guest, "criterion", topic=grants.pk, text="All") == str(NothingAsked.sentence)


def test_who_cannot_decide_gets_topics_from_their_profile_alone(client, room, program, known):
    ana = program.enrollments.get(person=known[0].person)
    need(ana, "Grants")
    need(ana, "", text="Boards of small houses")
    offer(ana, "Volunteers")
    step = opened(room, CHOOSING)
    offer_topics(board_of(room), "Grants", "Boards", "Volunteers", "Rides")
    assert "I can't decide" in own(client, known[0]).replace("&#x27;", "'")

    before = kind_of(step).look(step)["own"].each
    act(client, step, known[0], "hints")

    assert kind_of(step).look(step)["own"].each != before
    said = own(client, known[0])
    assert "Grants You want help with Grants. It needs 2 more people to start." in said
    assert "Boards You want help with Boards of small houses." in said
    assert "Volunteers You can help with Volunteers." in said
    assert "You want help" not in page(client, known[1])
    act(client, step, known[1], "hints")
    assert "Grants It needs 2 more people to start." in own(client, known[1])
    act(client, step, known[0], "choose", topic=cards_of(board_of(room))[0].topic.pk)
    assert "Topics that could suit you" not in own(client, known[0])


# With one's group


def test_with_your_group_everybody_reads_which_group_and_with_whom(client, host, room, known, staff):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards, _empty = offer_topics(board, "Grants", "Boards", "Nobody's")
    for who in known[:2]:
        act(client, step, who, "choose", topic=grants.pk)
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "choose", topic=boards.pk)
    step = opened(room, GROUPS)
    chooser = choosers_of(board)[0]
    actions.write_criterion(chooser, topic=grants, text="Beginners", by=chooser.person)

    assert "Your group You are in Grants With you: Person 001 For: Beginners" in own(client, known[0])
    assert "You chose Boards" in own(client, bea)
    assert "You have no place yet. Go to the host" in own(client, known[2])
    for address in (links.projector_path(room), room.get_absolute_url(), links.phone_path(known[2])):
        shown = text(client.get(address))
        assert "Grants 2 people Boards 0 people + 1 guest" in shown
    assert "Nobody's" not in text(client.get(links.projector_path(room)))
    assert "Your group You are in Grants" in page(client, known[0])
    assert kind_of(step).result(step) is None


def test_with_your_group_says_so_where_nobody_has_chosen(client, host, room):
    opened(room, GROUPS)
    bea = people.join(room, name="Bea", language="en")

    for address in (links.projector_path(room), room.get_absolute_url(), links.phone_path(bea)):
        assert "Nobody has chosen a topic yet." in text(client.get(address))


# Guests


def test_what_a_guest_chose_is_their_place_as_soon_as_they_are_known(client, host, room, program, staff):
    step = opened(room, CHOOSING)
    grants, boards = offer_topics(board_of(room), "Grants", "Boards")
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "choose", topic=boards.pk)
    act(client, step, bea, "choose", topic=grants.pk)

    assert names(grants) == []
    assert "0 + 1 guest of 3 One more and it starts" in text(client.get(links.projector_path(room)))
    assert "You chose Grants The program does not know you" in own(client, bea)
    assert kind_of(step).mine(step, bea) == {"choose": {"topic": [str(grants.pk)]}}
    assert "Guests who chose They have a place" in text(client.get(room.get_absolute_url()))
    person = program.enrollments.order_by("pk")[0].person
    claims.claim(bea, person=person, by=staff)

    assert [each.person for each in who_is_in(grants)] == [person]
    assert not GuestWish.objects.exists()
    assert "You are in Grants" in own(client, Participant.objects.get(pk=bea.pk))


def test_guests_fill_the_meters_and_are_said_apart(client, host, room, staff, known):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards = offer_topics(board, "Grants", "Boards")
    bea, cy, di = (people.join(room, name=each, language="en") for each in ("Bea", "Cy", "Di"))
    for each in (known[0], bea):
        act(client, step, each, "choose", topic=grants.pk)
    for each in (cy, di):
        act(client, step, each, "choose", topic=boards.pk)
    grants_said = "Grants 1 + 1 guest of 3 Enough once its guests are known"
    boards_said = "Boards 0 + 2 guests of 3 Enough once its guests are known"

    wall = text(client.get(links.projector_path(room)))
    hosts = text(client.get(room.get_absolute_url()))

    for said in (wall, hosts, page(client, known[1])):
        assert grants_said in said
        assert boards_said in said
    assert "Too few people yet" not in hosts
    assert "0 + 2 guests of 3" in text(client.get(board.get_absolute_url()))
    actions.close_topic(boards, by=staff)
    assert "Boards 0 of 3 Closed" in text(client.get(links.projector_path(room)))
    close_the_time(board)
    assert "Grants 1 of 3 One more and it starts" in text(client.get(links.projector_path(room)))


def test_a_topic_has_no_more_than_its_largest_size_whoever_comes_guests_among_them(
    client, room, staff, known
):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards, money = offer_topics(board, "Grants", "Boards", "Money")
    bea, cy, di = (people.join(room, name=each, language="en") for each in ("Bea", "Cy", "Di"))
    for each in (known[0], bea, cy, known[1]):
        assert not act(client, step, each, "choose", topic=grants.pk)
    assert [each.person for each in waiting_in(grants)] == [known[1].person]
    assert "This topic is full" in act(client, step, di, "choose", topic=grants.pk)
    wall = text(client.get(links.projector_path(room)))
    assert "1 + 2 guests of 3 Full. Waitlist 1" in wall
    online = choosers_of(board)
    with pytest.raises(TopicIsFull):
        actions.join(online[2], topic=grants, by=None)
    with pytest.raises(TooManyInside):
        actions.change_topic(grants, name="Grants", why="", own_maximum=2, by=staff)
    assert actions.change_topic(grants, name="Grants", why="Money", own_maximum=None, by=staff).why == "Money"

    assert not act(client, step, cy, "choose", topic=boards.pk)
    assert known[1].name in names(grants), "who waits longest has the place that a guest gave up"
    assert not act(client, step, known[2], "choose", topic=grants.pk)
    assert not act(client, step, bea, "leave", topic=grants.pk)
    assert [len(names(each)) for each in (grants, boards)] == [3, 0]

    for each in (known[3], known[4]):
        act(client, step, each, "choose", topic=boards.pk)
    for each in (known[5], bea, di):
        act(client, step, each, "choose", topic=money.pk)
    actions.merge(money, into=boards, by=staff)
    assert [each.person for each in waiting_in(boards)] == [known[5].person]
    assert "Boards 2 + 1 guest of 3 Full. Waitlist 1" in text(client.get(links.projector_path(room)))


def test_a_place_that_is_kept_for_a_guest_is_theirs_before_who_waits_and_free_at_the_end(
    client, room, program, staff, known
):
    step = opened(room, CHOOSING)
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    bea, cy = (people.join(room, name=each, language="en") for each in ("Bea", "Cy"))
    for each in (bea, known[0], cy, known[1]):
        act(client, step, each, "choose", topic=grants.pk)
    people.take_out(known[2], by=staff)

    claims.claim(bea, person=known[2].person, by=staff)
    assert (len(names(grants)), len(waiting_in(grants))) == (2, 1)
    claims.part(Participant.objects.get(pk=bea.pk), by=staff)
    assert (len(names(grants)), GuestWish.objects.count()) == (1, 2)
    close_the_time(board)
    tasks.tend_marketplaces.call()

    assert [known[0].name, known[1].name] == names(grants)
    assert not waiting_in(grants)


def test_a_guest_leaves_again(client, room):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "choose", topic=grants.pk)

    act(client, step, bea, "leave", topic=grants.pk)

    assert not GuestWish.objects.exists()
    assert "You have no place yet." in own(client, bea)


def test_a_place_of_ones_own_stays_whatever_one_chose_as_a_guest(client, room, staff, known):
    step = opened(room, CHOOSING)
    grants, boards = offer_topics(board_of(room), "Grants", "Boards")
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "choose", topic=boards.pk)
    act(client, step, known[0], "choose", topic=grants.pk)

    claims.claim(bea, person=known[0].person, by=staff)

    assert (names(grants), names(boards)) == ([known[0].name], [])
    assert not GuestWish.objects.exists()


def test_what_cannot_be_granted_stays_a_wish(client, room, program, staff):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    first, second = (people.join(room, name=each, language="en") for each in ("Bea", "Cy"))
    act(client, step, first, "choose", topic=grants.pk)
    one, other = (each.person for each in program.enrollments.order_by("pk")[:2])
    actions.close_topic(grants, by=staff)

    claims.claim(first, person=one, by=staff)
    claims.claim(second, person=other, by=staff)

    assert GuestWish.objects.get().participant_id == first.pk
    assert names(grants) == []


def test_what_a_guest_chose_goes_with_a_topic_that_becomes_part_of_another(client, room, program, staff):
    step = opened(room, CHOOSING)
    grants, more, boards = offer_topics(board_of(room), "Grants", "More grants", "Boards")
    bea, cy = (people.join(room, name=each, language="en") for each in ("Bea", "Cy"))
    act(client, step, bea, "choose", topic=more.pk)
    act(client, step, cy, "choose", topic=grants.pk)

    actions.merge(more, into=grants, by=staff)

    assert "You chose Grants" in own(client, bea)
    assert {each.topic for each in GuestWish.objects.all()} == {grants}
    actions.merge(grants, into=boards, by=staff)
    GuestWish.objects.filter(participant=cy).update(topic=more)  # as it was kept before merging moved it
    for guest, enrollment in zip((bea, cy), program.enrollments.order_by("pk"), strict=False):
        claims.claim(guest, person=enrollment.person, by=staff)
    assert len(names(boards)) == 2
    assert not GuestWish.objects.exists()


def test_what_a_guest_offered_is_theirs_as_soon_as_they_are_known(client, room, program, staff):
    step = opened(room, OFFERS)
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "offer", name="Grants", why="My father's house", leads="on")
    act(client, step, bea, "offer", name="Boards", why="My own board")
    person = program.enrollments.order_by("pk")[0].person

    claims.claim(bea, person=person, by=staff)

    offered = OfferedTopic.objects.filter(offered_by__person=person)
    assert [(each.name, each.offerer_leads) for each in offered] == [("Grants", True), ("Boards", False)]
    assert names(offered[1]) == [str(offered[1].offered_by)]
    erase(person, by=person)
    assert {each.why for each in OfferedTopic.objects.all()} == {""}


def test_what_somebody_offered_whom_the_staff_alone_know_is_forgotten_with_them(client, room, program):
    step = opened(room, OFFERS)
    person = make_staff(program, "Maria")
    maria = people.join(room, name="Maria", person=person, language="en")
    act(client, step, maria, "offer", name="Grants", why="My father's house")

    actions.grant_wish(maria)
    with zipfile.ZipFile(portrait.draw(person)) as files:
        told = "".join(files.read(name).decode() for name in files.namelist() if name.endswith(".json"))
    assert "My father's house" in told
    erase(person, by=person)

    topic = OfferedTopic.objects.get()
    assert (topic.offered_by, topic.why) == (None, "")


def test_a_guest_is_promised_a_place_only_while_there_is_one(client, room, staff):
    step = opened(room, CHOOSING)
    board = board_of(room)
    [grants] = offer_topics(board, "Grants")
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "choose", topic=grants.pk)
    assert "becomes a place, or a wait" in own(client, bea)

    actions.close_topic(grants, by=staff)
    assert "becomes no place" in own(client, bea)
    actions.reopen_topic(grants, by=staff)
    close_the_time(board)
    assert "becomes no place" in own(client, bea)
    rooms.end(room, by=staff)
    assert "becomes no place" in page(client, bea)


def test_where_only_the_staff_put_topics_up_a_guest_puts_up_none(client, room):
    step = opened(room, OFFERS)
    Marketplace.objects.update(offered_by="staff")
    bea = people.join(room, name="Bea", language="en")

    refused = act(client, step, bea, "offer", name="Grants")

    assert refused
    assert not OfferedTopic.objects.exists()


def test_a_phone_says_what_becomes_of_a_topic_that_a_guest_offers(client, room):
    opened(room, OFFERS)
    bea = people.join(room, name="Bea", language="en")

    said = page(client, bea)

    assert "Of a guest nobody reads it" in said
    assert "in place of what they chose before" in said


def test_what_a_guest_chose_is_theirs_again_when_they_are_a_guest_again(client, room, program, staff):
    step = opened(room, OFFERS)
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "offer", name="Grants")
    topic = OfferedTopic.objects.get()
    person = program.enrollments.order_by("pk")[0].person
    claims.claim(bea, person=person, by=staff)
    assert len(names(topic)) == 1

    claims.part(Participant.objects.get(pk=bea.pk), by=staff)

    topic.refresh_from_db()
    assert (names(topic), topic.offered_by, GuestWish.objects.get().topic) == ([], None, topic)
    claims.claim(Participant.objects.get(pk=bea.pk), person=person, by=staff)
    assert len(names(topic)) == 1
    assert not GuestWish.objects.exists()


def test_a_place_stays_with_a_person_who_moved_or_when_the_time_is_over(client, room, program, staff):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards = offer_topics(board, "Grants", "Boards")
    bea, cy = (people.join(room, name=each, language="en") for each in ("Bea", "Cy"))
    for guest, enrollment in zip((bea, cy), program.enrollments.order_by("pk"), strict=False):
        act(client, step, guest, "choose", topic=grants.pk)
        claims.claim(guest, person=enrollment.person, by=staff)
    bea, cy = (Participant.objects.get(pk=each.pk) for each in (bea, cy))
    act(client, step, bea, "choose", topic=boards.pk)

    claims.part(bea, by=staff)
    close_the_time(board)
    claims.part(cy, by=staff)

    assert (len(names(grants)), len(names(boards))) == (1, 1)
    assert not GuestWish.objects.exists()


def test_a_wait_of_ones_own_stays_when_a_guest_was_another_after_all(client, room, program, staff, known):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    choose(grants, *choosers_of(board_of(room))[:3])
    people.take_out(known[5], by=staff)
    actions.wait(choosers_of(board_of(room))[5], topic=grants, by=staff)
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "choose", topic=grants.pk)
    claims.claim(bea, person=known[5].person, by=staff)

    claims.part(Participant.objects.get(pk=bea.pk), by=staff)

    assert [each.person for each in waiting_in(grants)] == [known[5].person]


def test_somebody_known_to_the_staff_alone_is_a_guest_of_the_board(client, room, staff):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    maria = people.join(room, name="Maria", person=staff, language="en")

    act(client, step, maria, "choose", topic=grants.pk)
    actions.grant_wish(maria)

    assert GuestWish.objects.get().participant == maria


# What hosts do


def test_a_host_merges_renames_hides_and_shows(client, host, room, known):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, more, boards = offer_topics(board, "Grants", "Grants again", "Boards")
    act(client, step, known[0], "choose", topic=more.pk)
    act(client, step, known[1], "choose", topic=boards.pk)
    assert "Perhaps the same Grants again · Grants" in text(client.get(room.get_absolute_url()))

    assert host_act(client, step, "merge", topic=more.pk, into=grants.pk) == ""
    assert names(grants) == [known[0].name]
    assert "Grants again is part of Grants now Undo" in text(client.get(room.get_absolute_url()))
    assert host_act(client, step, "part", topic=more.pk) == ""
    assert (names(grants), names(more)) == ([], [known[0].name])
    assert "nothing to undo" in host_act(client, step, "part", topic=more.pk)
    host_act(client, step, "merge", topic=more.pk, into=grants.pk)
    host_act(client, step, "rename", **{"topic": grants.pk, f"name-{grants.pk}": " First  grants "})
    host_act(client, step, "rename", **{"topic": boards.pk, f"name-{boards.pk}": ""})
    assert [card.topic.name for card in cards_of(board)] == ["First grants", "Boards"]
    assert "no longer on the board" in host_act(client, step, "merge", topic=grants.pk, into=0)
    host_act(client, step, "hide", topic=boards.pk)
    assert "Boards" not in text(client.get(links.projector_path(room)))
    assert "You have no place yet." in own(client, known[1])
    assert "1 hidden topic Boards" in text(client.get(room.get_absolute_url()))
    host_act(client, step, "show", topic=boards.pk)
    assert names(boards) == [known[1].name]
    assert not Message.objects.filter(occasion__startswith="topic-changed").exists()


def test_who_is_not_in_the_room_is_written_to_about_their_place(client, host, room, known, staff):
    step = opened(room, CHOOSING)
    grants, boards = offer_topics(board_of(room), "Grants", "Boards")
    for who in known[:2]:
        act(client, step, who, "choose", topic=grants.pk)
    people.take_out(known[1], by=staff)

    host_act(client, step, "merge", topic=grants.pk, into=boards.pk)

    assert [each.recipient for each in Message.objects.filter(occasion__startswith="topic-changed")] == [
        known[1].person
    ]


def test_the_people_of_a_thin_topic_are_asked_and_each_answers_for_themself(client, host, room, known):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards = offer_topics(board, "Grants", "Boards")
    act(client, step, known[0], "choose", topic=grants.pk)
    act(client, step, known[1], "choose", topic=boards.pk)
    assert str(NothingAsked.sentence) in act(client, step, known[0], "go")
    assert str(NothingAsked.sentence) in act(client, step, known[2], "stay")
    assert "no longer on the board" in ask(client, step, grants, grants)

    assert ask(client, step, grants, boards) == ""
    assert "Go to Boards together?" in own(client, known[0])
    assert "together?" not in own(client, known[1])
    act(client, step, known[0], "stay")
    assert "together?" not in own(client, known[0])
    assert "Asked whether they go to Boards. Stay: 1. Not answered yet: 0." in text(
        client.get(room.get_absolute_url())
    )
    ask(client, step, grants, boards)
    act(client, step, known[0], "go")
    assert (names(grants), names(boards)) == ([], [known[1].name, known[0].name])
    for _time in range(2):
        host_act(client, step, "call_off", topic=grants.pk)
    assert Entry.objects.filter(verb="topic.question_ended").count() == 1


def test_asked_about_a_topic_that_is_gone_one_is_asked_nothing(client, host, room, known):
    step = opened(room, CHOOSING)
    grants, boards = offer_topics(board_of(room), "Grants", "Boards")
    act(client, step, known[0], "choose", topic=grants.pk)
    ask(client, step, grants, boards)
    host_act(client, step, "hide", topic=boards.pk)

    assert "together?" not in own(client, known[0])
    assert str(TopicIsGone.sentence) == act(client, step, known[0], "go")


def test_closing_shows_what_came_of_it_and_the_file_has_it(client, host, room, known, staff):
    step = opened(room, CHOOSING)
    grants, boards = offer_topics(board_of(room), "Grants", "Boards")
    for who in known[:4]:
        act(client, step, who, "choose", topic=grants.pk)
    act(client, step, known[4], "choose", topic=boards.pk)
    moves.close_step(step, by=staff)

    for address in (links.projector_path(room), room.get_absolute_url(), links.phone_path(known[0])):
        shown = text(client.get(address))
        assert "4 people have a place. Topics with enough people: 1 of 2" in shown
        assert "Grants 1 waits 3 of 3 Boards One more and it starts 1 of 3" in shown
    file = client.get(reverse("live:results_file", args=[room.pk])).content.decode()
    assert "Grants,3,,1 waits" in file
    assert "Boards,1,,One more and it starts" in file
    assert known[0].name not in file
    empty = make_room(room.program, by=staff, steps=steps())
    step = opened(empty, CHOOSING)
    moves.close_step(step, by=staff)
    assert kind_of(step).result(fresh(step)) is None
    assert list(kind_of(step).rows(fresh(step))) == []


def test_what_happened_stays_as_it_was_when_the_room_ended(client, host, room, known, staff):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards, food = offer_topics(board, "Grants", "Boards", "Food")
    for who in known[:2]:
        act(client, step, who, "choose", topic=grants.pk)
    act(client, step, known[2], "choose", topic=boards.pk)
    bea = people.join(room, name="Bea", language="en")
    act(client, step, bea, "choose", topic=boards.pk)
    opened(room, OFFERS)
    file = reverse("live:results_file", args=[room.pk])
    before = client.get(file).content
    results = reverse("live:results", args=[room.pk])

    rooms.end(room, by=staff)
    shown = text(client.get(results))
    actions.merge(grants, into=boards, by=staff)
    actions.change_topic(food, name="Meals", why="", own_maximum=9, by=staff)
    actions.leave(choosers_of(board)[2], topic=boards, by=staff)
    offer_topics(board, "Put up later")

    assert client.get(file).content == before
    assert text(client.get(results)) == shown
    assert "Grants 2 of 3 Boards Enough once its guests are known 1 + 1 guest of 3" in shown
    assert "As it was when the room ended. How it stands today" in shown
    assert f'href="{board.get_absolute_url()}"' in client.get(results).content.decode()
    for address in (links.projector_path(room), links.phone_path(known[0])):
        there = text(client.get(address))
        assert "Put up later" not in there
        assert "How it stands today" not in there


def test_a_room_that_ended_without_its_board_kept_shows_the_board(client, host, room, known, staff):
    step = opened(room, CHOOSING)
    [grants] = offer_topics(board_of(room), "Grants")
    act(client, step, known[0], "choose", topic=grants.pk)
    rooms.end(room, by=staff)
    EveningTopic.objects.all().delete()  # as rooms were that ended before it was kept

    shown = text(client.get(reverse("live:results", args=[room.pk])))

    assert "Grants One more and it starts 1 of 3" in shown
    assert "As it was" not in shown


def test_the_marketplace_of_a_room_becomes_a_round_with_who_has_no_place_left_over(client, host, room, known):
    step = opened(room, CHOOSING)
    board = board_of(room)
    grants, boards = offer_topics(board, "Grants", "Boards")
    for who in known[:2]:
        act(client, step, who, "choose", topic=grants.pk)
    act(client, step, known[2], "choose", topic=boards.pk)
    actions.hide_topic(boards, by=None)

    client.post(reverse("formation:market_settlement", args=[board.pk]))

    formation = Formation.objects.get()
    assert formation.reason == "own_choice"
    assert sorted(place.enrollment.name for place in formation.places.all()) == sorted(
        each.name for each in known[:2]
    )
    assert "The time to choose is over" in act(client, step, known[3], "choose", topic=grants.pk)
    assert "Choose this topic" not in own(client, known[3])


# Topics off the board


def test_a_hidden_topic_comes_back_with_who_chose_nothing_else(client, host, program):
    board = make_marketplace(program, maximum=2, waits=1)
    grants, boards = offer_topics(board, "Grants", "Boards")
    ana, ben, caro, dora = choosers_of(board)[:4]
    choose(grants, ana, ben)
    actions.wait(caro, topic=grants, by=None)
    client.post(reverse("formation:topic_hiding", args=[grants.pk]))
    assert "It is hidden: nobody has a place" in text(client.get(grants.get_absolute_url()))
    assert "Hidden topics: Grants" in text(client.get(board.get_absolute_url()))
    assert str(TopicIsGone.sentence) in text(
        client.post(reverse("formation:topic_hiding", args=[grants.pk]), follow=True)
    )
    actions.join(ana, topic=boards, by=None)
    actions.wait(dora, topic=boards, by=None)

    client.post(reverse("formation:topic_hiding_end", args=[grants.pk]))
    actions.show_topic(grants, by=None)

    assert who_is_in(grants) == [ben.enrollment, caro.enrollment]
    assert who_is_in(boards) == [ana.enrollment, dora.enrollment]
    assert Entry.objects.filter(verb="topic.brought_back").count() == 1


def test_who_leaves_the_roster_gives_a_place_in_a_hidden_topic_up(program, staff):
    board = make_marketplace(program)
    [grants] = offer_topics(board, "Grants")
    ana = choosers_of(board)[0]
    choose(grants, ana)
    actions.hide_topic(grants, by=staff)

    actions.let_go(ana.enrollment, by=staff)

    assert not Choice.objects.exists()


def test_a_topic_does_not_come_back_beside_one_of_its_name_or_out_of_another(host, program):
    board = make_marketplace(program)
    grants, boards, rides = offer_topics(board, "Grants", "Boards", "Rides")
    actions.hide_topic(grants, by=None)
    actions.change_topic(boards, name="Boards", why="", own_maximum=None, by=None)
    OfferedTopic.objects.filter(pk=boards.pk).update(name="grants")
    with pytest.raises(TopicIsThere):
        actions.show_topic(grants, by=None)
    assert str(TopicIsThere.sentence) in text(
        host.post(reverse("formation:topic_hiding_end", args=[grants.pk]), follow=True)
    )

    with pytest.raises(TopicIsThere):
        market_choices.require_new(board, "Grants", apart_from=boards)
    actions.merge(rides, into=boards, by=None)
    market_choices.require_new(board, "Rides")
    with pytest.raises(TopicIsGone):
        actions.show_topic(rides, by=None)


def test_many_topics_are_sixty_on_the_wall_and_all_on_the_phone(client, room, known):
    opened(room, CHOOSING)
    offer_topics(board_of(room), *(f"Topic {number}" for number in range(62)))

    assert "And 2 more, on your phone" in text(client.get(links.projector_path(room)))
    assert page(client, known[0]).count("more and it starts") == 62
