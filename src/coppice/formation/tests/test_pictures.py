"""The picture of a climbing score: its line, its finding and its figures."""

from coppice.formation.pictures import picture_of


def test_nothing_found_yet_is_no_picture():
    assert picture_of([]) is None


def test_the_line_rises_in_steps_to_the_end_of_the_trials():
    picture = picture_of([(0.0, 0.7), (0.25, 0.795), (1.0, 0.8)])

    assert picture is not None
    assert picture.path == "M 0.0 146.7 H 150.0 V 20.0 H 600.0 V 13.3 H 600.0"
    assert (picture.low, picture.high) == ("69.0", "81.0")
    assert picture.rows == [("0", "70.0"), ("25", "79.5"), ("100", "80.0")]
    assert picture.finding == (
        "The score rose from 70.0 to 80.0 of 100, and was within a point of that after 25 % of the trials."
    )


def test_a_score_that_never_rose_is_said_to_have_stayed():
    done, going = picture_of([(0.0, 0.9), (1.0, 0.9)]), picture_of([(0.0, 0.9)], upto=0.5)

    assert done is not None
    assert going is not None
    assert done.finding == "What was found first was not bettered: 90.0 of 100."
    assert (going.finding, going.path) == ("The best so far scores 90.0 of 100.", "M 0.0 80.0 H 300.0")


def test_no_more_figures_than_can_be_read():
    picture = picture_of([(place / 99, place / 99) for place in range(100)])

    assert picture is not None
    assert (len(picture.rows), picture.rows[0], picture.rows[-1]) == (12, ("0", "0.0"), ("100", "100.0"))
    assert (picture.low, picture.high) == ("0.0", "100.0")
