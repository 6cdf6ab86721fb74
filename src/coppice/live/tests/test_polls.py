"""The four polls: what is taken, what is refused, and what comes of it."""

import pytest
from django.http import QueryDict

from coppice.communities.tests.factories import make_program
from coppice.live.actions import moves
from coppice.live.errors import NoSuchOption
from coppice.live.kinds import Kind, Line, Result, Row, kind_of
from coppice.live.models import Step
from coppice.live.polls import KINDS, OptionsField
from coppice.live.tests.factories import OPTIONS, fresh, make_participant, make_room, opened, plan

pytestmark = pytest.mark.django_db


def poll(kind: str, **settings) -> Step:
    return opened(make_room(make_program(), steps=[plan(kind, settings=settings)]))


def answer(step: Step, sent: str, name: str = "Femi") -> None:
    participant = step.room.participants.filter(name=name).first() or make_participant(step.room, name)
    kind_of(step).acts["answer"](step, participant=participant, round=step.round, said=QueryDict(sent))


def vote(step: Step, *sent: str) -> Step:
    for number, each in enumerate(sent):
        answer(step, each, name=f"Person {number}")
    return fresh(step)


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("choice", ""),
        ("choice", "pick=3"),
        ("choice", "pick=-1"),
        ("choice", "pick=0&pick=1"),
        ("choice", "pick=0&pick=x"),
        ("choice", "pick=00000000000000000000001"),
        ("scale", ""),
        ("scale", "number=0"),
        ("scale", "number=6"),
        ("scale", "number=x"),
        ("words", ""),
        ("words", "words=%20%0A"),
        ("ranking", "place-0=1&place-1=2"),
        ("ranking", "place-0=1&place-1=2&place-2=2"),
        ("ranking", "place-0=0&place-1=1&place-2=2"),
    ],
)
def test_what_is_no_answer_is_refused(kind, sent):
    step = poll(kind)

    with pytest.raises(NoSuchOption):
        answer(step, sent)
    assert not step.answers.exists()


def test_several_may_be_chosen_where_the_host_said_so():
    step = poll("choice", several=True)

    answer(step, "pick=2&pick=0")

    assert step.answers.get().picks == [0, 2]


def test_a_choice_tells_which_answer_leads():
    step = vote(poll("choice"), "pick=1", "pick=1", "pick=0")

    assert kind_of(step).result(step) == Result(
        "Money leads, with 2 of 3 people",
        ("Answer", "People"),
        (
            Line("Money", "2 of 3", 2 / 3),
            Line("Rides", "1 of 3", 1 / 3),
            Line("Volunteers", "0 of 3", 0.0),
        ),
    )


def test_a_draw_has_no_winner():
    step = vote(poll("choice"), "pick=1", "pick=0")

    assert kind_of(step).result(step).finding == "No one answer leads"


def test_a_scale_tells_the_mean_and_who_gave_what_is_not_told():
    step = vote(poll("scale"), "number=5", "number=4")

    result = kind_of(step).result(step)

    assert (result.finding, result.head) == ("4.5 of 5 on average, from 2 people", ("Number", "People"))
    assert [(line.label, line.figure) for line in result.lines] == [
        ("5: easy", "1 of 2"),
        ("4", "1 of 2"),
        ("3", "0 of 2"),
        ("2", "0 of 2"),
        ("1: hard", "0 of 2"),
    ]


def test_the_same_words_are_counted_together_as_they_were_first_spelled():
    step = vote(poll("words"), "words=Rides", "words=rides", "words=a%20new%0Aboard")
    step.answers.filter(words="a new board").update(words="")  # somebody had themself erased

    result = kind_of(step).result(step)

    assert (result.finding, result.lines) == ("3 people wrote", (Line("Rides", "2 of 3", 2 / 3),))


def test_a_ranking_orders_by_mean_place():
    step = vote(poll("ranking"), "place-0=2&place-1=1&place-2=3", "place-0=3&place-1=1&place-2=2")

    assert kind_of(step).result(step) == Result(
        "Money comes first",
        ("Answer", "Mean place"),
        (Line("Money", "1.0", 1.0), Line("Rides", "2.5", 0.25), Line("Volunteers", "2.5", 0.25)),
    )


def test_a_ranking_without_a_first_says_so():
    step = vote(poll("ranking"), "place-0=2&place-1=1&place-2=3", "place-0=1&place-1=2&place-2=3")

    assert kind_of(step).result(step).finding == "No one answer comes first"


def test_the_result_shows_when_the_step_is_closed():
    step = vote(poll("choice"), "pick=1")
    assert (kind_of(step).look(step)["answered"], kind_of(step).look(step)["result"]) == (1, None)

    moves.close_step(step, by=None)

    assert kind_of(step).look(fresh(step))["result"].finding == "Money leads, with 1 of 1 people"


def test_the_result_shows_at_once_where_the_host_said_so_and_not_before_anybody_answered():
    step = poll("choice", show_at_once=True)
    assert kind_of(step).look(step)["result"] is None

    vote(step, "pick=1")

    assert kind_of(step).look(step)["result"] is not None


@pytest.mark.parametrize(
    ("kind", "sent", "mine"),
    [
        ("choice", "pick=1", {"pick": ["1"]}),
        ("scale", "number=4", {"number": ["4"]}),
        ("words", "words=Rides%20home", {"words": ["Rides home"]}),
        (
            "ranking",
            "place-0=2&place-1=1&place-2=3",
            {"place-0": ["2"], "place-1": ["1"], "place-2": ["3"]},
        ),
    ],
)
def test_what_is_mine_fills_the_form_as_it_was_sent(kind, sent, mine):
    step = vote(poll(kind), sent, sent)
    participant = step.room.participants.first()

    assert kind_of(step).mine(step, participant) == {"answer": mine}
    moves.repeat(step, by=None)
    assert kind_of(step).mine(fresh(step), participant) is None


@pytest.mark.parametrize(
    ("kind", "sent", "rows"),
    [
        ("choice", "pick=1", [Row(1, "Money")]),
        ("scale", "number=4", [Row(1, "", 4)]),
        ("words", "words=Rides", [Row(1, "Rides")]),
        (
            "ranking",
            "place-0=2&place-1=1&place-2=3",
            [Row(1, "Money", 1), Row(1, "Rides", 2), Row(1, "Volunteers", 3)],
        ),
    ],
)
def test_typed_rows_have_no_names(kind, sent, rows):
    assert list(kind_of(step := vote(poll(kind), sent)).rows(step)) == rows


def test_words_of_somebody_erased_are_no_row():
    step = vote(poll("words"), "words=Rides")
    step.answers.update(words="")

    assert list(kind_of(step).rows(step)) == []


@pytest.mark.parametrize(
    "typed", ["One", "One\nOne\n \n", "\n".join(str(each) for each in range(13)), "x" * 101 + "\ny"]
)
def test_answers_to_choose_from_are_two_to_twelve_short_lines(typed):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        OptionsField().clean(typed)


def test_answers_to_choose_from_are_lines_that_differ():
    field = OptionsField()

    assert field.clean(" Rides \n\nMoney\nRides") == ["Rides", "Money"]
    assert field.prepare_value(["Rides", "Money"]) == "Rides\nMoney"
    assert field.prepare_value("Rides") == "Rides"


def test_the_plainest_kind_asks_nothing():
    step = opened(make_room(make_program(), steps=[plan("talk")]))
    kind = kind_of(step)

    assert (kind.asks, dict(kind.acts), kind.fields(), dict(kind.look(step))) == (False, {}, {}, {})
    assert (kind.mine(step, make_participant(step.room)), kind.result(step), list(kind.rows(step))) == (
        None,
        None,
        [],
    )


def test_every_poll_has_its_own_words():
    labels = {str(kind.label) for kind in KINDS}

    assert len(labels) == len(KINDS) == 4
    assert all(isinstance(kind, Kind) for kind in KINDS)
    assert OPTIONS
