"""Gaps, their intervals and places."""

import io
import json
import math
import random

import pytest

from engines.scoring import Gap, Interval, Opinion, may_be_shown, rank_gaps, within
from engines.scoring.__main__ import main
from engines.scoring.gaps import interval_of
from engines.scoring.student import share_within


@pytest.mark.parametrize(
    ("share", "freedom", "t"),
    # Quantiles from the table of Fisher and Yates (1963).
    [
        (0.95, 1, 12.7062),
        (0.95, 2, 4.3027),
        (0.95, 4, 2.7764),
        (0.95, 11, 2.2010),
        (0.99, 9, 3.2498),
        (0.95, 120, 1.9799),
        (0.90, 30, 1.6973),
    ],
)
def test_students_t_is_that_of_the_tables(share, freedom, t):
    assert within(share, freedom) == pytest.approx(t, abs=5e-5)
    assert share_within(within(share, freedom), freedom) == pytest.approx(share, abs=1e-9)


def test_students_t_nears_the_normal_with_many():
    assert within(0.95, 5000) == pytest.approx(1.959964, abs=1e-3)


def opinions(topic: str, pairs: list[tuple[int, int]], first: int = 0) -> list[Opinion]:
    return [Opinion(f"p{first + place}", topic, *pair) for place, pair in enumerate(pairs)]


def test_a_topic_has_its_means_and_students_interval():
    said = opinions("Grants", [(5, 2), (4, 3), (5, 1), (3, 3), (5, 3)])

    [gap] = rank_gaps(said)

    reach = within(0.95, 4) * math.sqrt(2.5) / math.sqrt(5)  # gaps 3, 1, 4, 0, 2: mean 2, variance 2.5
    assert gap == Gap("Grants", 5, 4.4, 2.4, 2.0, gap.interval, first=1, last=1)
    assert (gap.interval.low, gap.interval.high) == pytest.approx((2 - reach, 2 + reach))


def test_topics_that_few_spoke_of_are_left_out():
    said = opinions("Grants", [(5, 2)] * 4) + opinions("Boards", [(2, 2), (4, 3), (3, 3), (1, 3), (2, 4)])

    assert [gap.topic for gap in rank_gaps(said)] == ["Boards"]
    assert [gap.topic for gap in rank_gaps(said, fewest=4)] == ["Grants", "Boards"]


def test_who_says_the_same_leaves_no_interval():
    [gap] = rank_gaps(opinions("Grants", [(5, 2)] * 6))

    assert (gap.gap, gap.interval) == (3, None)
    assert interval_of([3.0]) is None


def test_the_later_opinion_of_somebody_counts():
    said = opinions("Grants", [(1, 5)] * 5) + opinions("Grants", [(5, 2), (5, 1), (4, 1), (5, 3), (5, 2)])

    [gap] = rank_gaps(said)

    assert (gap.people, gap.gap) == (5, 3)


def test_topics_that_differ_within_the_same_people_are_told_apart():
    high = [(5, 1), (5, 2), (4, 1), (5, 1), (5, 2), (4, 2)]
    low = [(2, 4), (3, 4), (2, 5), (1, 4), (2, 4), (3, 5)]
    like_high = [(5, 2), (4, 1), (5, 1), (5, 2), (4, 1), (5, 1)]
    said = opinions("Grants", high) + opinions("Boards", low) + opinions("Data", like_high)

    ranking = rank_gaps(said)

    assert [(gap.topic, gap.first, gap.last) for gap in ranking] == [
        ("Data", 1, 2),
        ("Grants", 1, 2),
        ("Boards", 3, 3),
    ]


def test_topics_of_different_people_share_their_places():
    said = opinions("Grants", [(5, 1), (5, 2), (4, 1), (5, 1), (5, 2)])
    said += opinions("Boards", [(1, 4), (2, 4), (2, 5), (1, 4), (2, 4)], first=50)

    assert [(gap.topic, gap.first, gap.last) for gap in rank_gaps(said)] == [
        ("Grants", 1, 2),
        ("Boards", 1, 2),
    ]


def test_equal_gaps_are_ordered_by_importance_then_name():
    pairs = [(3, 1), (3, 2), (2, 1), (2, 2), (3, 3)]
    more = [(high + 1, low + 1) for high, low in pairs]
    said = opinions("B", pairs) + opinions("A", pairs) + opinions("C", more)

    assert [gap.topic for gap in rank_gaps(said)] == ["C", "A", "B"]


def test_nothing_is_ranked_of_nothing():
    assert rank_gaps([]) == ()


def test_one_answer_is_no_measure():
    with pytest.raises(ValueError, match="at least two"):
        rank_gaps([], fewest=1)


@pytest.mark.parametrize("people", [5, 8, 12, 30])
def test_intervals_cover_the_truth_about_as_often_as_they_say(people):
    """Importance leans high and confidence low, as in real polls; the interval knows neither."""
    dice = random.Random(people)
    importance, confidence = (1, 2, 3, 4, 5), (1, 2, 3, 4, 5)
    weigh_high, weigh_low = (2, 5, 15, 33, 45), (15, 30, 30, 15, 10)
    truth = sum(v * w for v, w in zip(importance, weigh_high, strict=True)) / 100
    truth -= sum(v * w for v, w in zip(confidence, weigh_low, strict=True)) / 100
    groups = covered = 0
    for _group in range(4000):
        highs = dice.choices(importance, weigh_high, k=people)
        lows = dice.choices(confidence, weigh_low, k=people)
        interval = interval_of([high - low for high, low in zip(highs, lows, strict=True)])
        if interval is not None:
            groups += 1
            covered += interval.low <= truth <= interval.high

    assert groups > 3900
    assert 0.93 <= covered / groups <= 0.97


def test_small_groups_are_hidden_and_with_them_what_would_tell_of_them():
    assert may_be_shown({"a": 8, "b": 4}, total=20) == {"a"}
    assert may_be_shown({"a": 8, "b": 5, "c": 3}, total=16) == {"a"}  # without b, 8 are not shown
    assert may_be_shown({"a": 8, "b": 5}, total=13) == {"a", "b"}
    assert may_be_shown({"a": 8}, total=10) == frozenset()


def test_the_command_line_ranks_what_it_reads():
    said = [{"person": str(n), "topic": "Data", "importance": 5, "confidence": n % 3} for n in range(6)]
    told, complaints = io.StringIO(), io.StringIO()

    code = main(["gaps"], io.StringIO(json.dumps(said)), told, complaints)

    [gap] = json.loads(told.getvalue())
    assert (code, gap["topic"], gap["people"], gap["gap"]) == (0, "Data", 6, 4.0)
    assert Interval(**gap["interval"]).low < 4 < Interval(**gap["interval"]).high


@pytest.mark.parametrize("text", ["no json", '[{"person": "a"}]', "7"])
def test_the_command_line_says_what_it_cannot_read(text):
    complaints = io.StringIO()

    assert main(["gaps"], io.StringIO(text), io.StringIO(), complaints) == 4
    assert "opinions.json" in complaints.getvalue()


def test_the_command_line_says_how_it_is_called():
    complaints = io.StringIO()

    assert main([], io.StringIO(), io.StringIO(), complaints) == 4
    assert "opinions.json" in complaints.getvalue()
