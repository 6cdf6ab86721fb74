"""Names with numbers stand as people count."""

from coppice.lib.natural import natural


def test_numbers_within_names_are_counted():
    names = ["Circle 10", "circle 2", "Circle", "2 Rivers", "Alder", "10 Oaks", "Circle 2b", ""]

    assert sorted(names, key=natural) == [
        "",
        "2 Rivers",
        "10 Oaks",
        "Alder",
        "Circle",
        "circle 2",
        "Circle 2b",
        "Circle 10",
    ]
