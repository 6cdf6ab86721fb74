"""Networks: names around an oval never meet, stay where they are, and lines lead to who needs."""

import itertools

import pytest

from coppice.ui.networks import HEAVIEST, MOST, WIDTH, Line, Point, drawn, neighbourly, shortened


def points(count: int) -> list[Point]:
    return [Point(number, f"Somebody Long{number}") for number in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12, 40, 60, 75])
def test_names_of_one_side_keep_apart_and_within_the_picture(count):
    network = drawn(points(count), [])
    assert len(network.spots) == min(count, MOST)
    for is_right in (True, False):
        side = sorted(spot.y for spot in network.spots if spot.is_right is is_right)
        assert all(below - above >= network.letters for above, below in itertools.pairwise(side))
    for spot in network.spots:
        width = len(spot.label) * network.letters * 0.54
        assert spot.label_x - (0 if spot.is_right else width) >= 0
        assert spot.label_x + (width if spot.is_right else 0) <= WIDTH
        assert 0 < spot.y < network.height


def test_ties_move_nobody_and_lines_to_who_is_not_drawn_are_left_out():
    bare, tied = drawn(points(6), []), drawn(points(6), [Line(0, 3), Line(1, 2, is_now=True), Line(0, 99)])
    assert bare.spots == tied.spots
    assert [arrow.is_now for arrow in tied.arrows] == [False, True]
    assert tied.arrows[0].curve.startswith(f"M{tied.spots[0].x} {tied.spots[0].y}Q")


def test_nobody_is_drawn_as_an_empty_picture():
    assert drawn([], []).spots == ()


@pytest.mark.parametrize(
    ("name", "room", "short"),
    [
        ("Ana", 12, "Ana"),
        ("Ana Maria Lopez", 12, "Ana L."),
        ("Maximiliana Lopez", 10, "Maximilia…"),
        ("Maximiliana", 6, "Maxim…"),
    ],
)
def test_long_names_are_shortened(name, room, short):
    assert shortened(name, room) == short


def test_those_with_lines_between_them_come_near_each_other():
    lines = [Line(0, 5), Line(5, 2), Line(1, 4), Line(9, 0)]
    assert neighbourly(range(6), lines) == [0, 5, 2, 1, 4, 3]


def test_a_heavy_line_is_drawn_as_the_heaviest_and_names_can_be_links():
    network = drawn([Point(0, "Ana", url="?a"), Point(1, "Bo")], [Line(0, 1, weight=9)])
    assert (network.arrows[0].weight, network.has_links, network.is_dense) == (HEAVIEST, True, False)
    assert not drawn(points(2), []).has_links
