"""The common order of many orders."""

from coppice.lib.ranking import rank


def test_the_known_example_has_its_order():
    # The first of the examples that M. Schulze gives: 45 voters, five candidates, E > A > C > B > D.
    votes = {
        "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
    }  # fmt: skip
    ballots = [
        {each: place for place, each in enumerate(order, 1)}
        for order, count in votes.items()
        for _ in range(count)
    ]

    ranking = rank("ABCDE", ballots)

    assert ranking.groups == [["E"], ["A"], ["C"], ["B"], ["D"]]
    assert (ranking.prefer["A", "B"], ranking.prefer["B", "A"], ranking.prefer["E", "D"]) == (20, 25, 31)


def test_ties_are_said_and_what_nobody_placed_comes_last():
    assert rank("ABC", []).groups == [["A", "B", "C"]]
    assert rank("ABC", [{"B": 1, "A": 1}]).groups == [["A", "B"], ["C"]]
    assert rank("ABC", [{"C": 1}, {"A": 1, "C": 2}]).groups == [["A", "C"], ["B"]]
