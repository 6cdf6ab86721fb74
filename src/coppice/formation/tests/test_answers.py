"""Answers that are more than a value: wishes, needs, expertise, hours, earlier groups, companions."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from coppice.formation.answers import Answered, Reader, guess, slot_in_words
from coppice.formation.aspects import Offer, Says
from coppice.formation.rules import RosterRow
from coppice.formation.topics import Demand, demand_of, topic_groups
from coppice.lib.tables import read_table
from coppice.programs.rosters.matching import guess_columns
from coppice.programs.rosters.rows import read_rows
from engines import grouping

NEW_YORK = ZoneInfo("America/New_York")
WINTER, SUMMER = date(2026, 1, 15), date(2026, 7, 15)
ROSTERS = Path(__file__).resolve().parents[5] / "shared" / "data" / "rosters"


def row(time_zone: str = "", **attributes: object) -> RosterRow:
    return RosterRow(1, "Ana", "en", time_zone, "", attributes, ())


def read(
    columns: dict[str, Says], person: RosterRow, *, zone: ZoneInfo = NEW_YORK, on: date = WINTER
) -> Answered:
    return Reader(columns, zone=zone, on=on).read(person)


def test_wishes_of_several_columns_stand_in_their_ranks_and_may_hold_commas():
    columns = {"Choice 2": Says.WISH, "rank [Top choice]": Says.WISH, "Choice 3": Says.WISH}

    said = read(
        columns, row(**{"Choice 2": "Boards, again", "rank [Top choice]": "Grants", "Choice 3": "grants"})
    )

    assert said.wishes == ("Grants", "Boards, again")


def test_wishes_of_one_column_stand_in_their_order_as_list_or_text():
    columns = {"wishes": Says.WISH}

    assert [
        read(columns, row(wishes=["B", "A"])).wishes,
        read(columns, row(wishes="B; A")).wishes,
        read(columns, row(wishes="")).wishes,
        read(columns, row(wishes="none")).wishes,
        read(columns, row()).wishes,
    ] == [("B", "A"), ("B", "A"), None, None, None]


def test_topics_are_spelled_as_the_first_or_as_the_program_spells_them():
    reader = Reader({"n": Says.NEED, "w": Says.WISH}, zone=NEW_YORK, on=WINTER, topics=["Board work"])

    first = reader.read(row(n=["board  WORK", "Vans"]))
    second = reader.read(row(w=["vans"]))

    assert (first.needs, second.wishes) == (("Board work", "Vans"), ("Vans",))


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        (2, 2),
        (9.0, 4),
        ("4. I have done so A NUMBER OF TIMES", 4),
        ("1", 1),
        ("expert", 4),
        ("Some", 2),
        ("none", None),
        ("yes", 3),
        ("no", 0),
        ("y", 3),
    ],
)
def test_a_column_of_levels_is_about_the_topic_in_brackets(cell, level):
    said = read(
        {"How well do you know? [Grants]": Says.EXPERTISE}, row(**{"How well do you know? [Grants]": cell})
    )

    assert said.expertise == ({} if level is None else {"Grants": level})


def test_who_lists_a_topic_knows_it_and_the_higher_level_counts():
    columns = {"helps": Says.EXPERTISE, "grants": Says.EXPERTISE}

    said = read(columns, row(helps=["Vans", "Grants"], grants=1))

    assert said.expertise == {"Vans": 3, "Grants": 3}


@pytest.mark.parametrize(
    ("zone", "on", "slots"),
    [
        ("", WINTER, ["mon-09", "mon-10", "sun-00"]),
        ("America/New_York", WINTER, ["mon-09", "mon-10", "sun-00"]),
        ("America/Chicago", WINTER, ["mon-10", "mon-11", "sun-01"]),
        ("Europe/Paris", WINTER, ["mon-03", "mon-04", "sat-18"]),
        ("America/Phoenix", WINTER, ["mon-11", "mon-12", "sun-02"]),
        ("America/Phoenix", SUMMER, ["mon-12", "mon-13", "sun-03"]),
        ("Asia/Kolkata", WINTER, ["sun-23"]),  # half an hour off: free for the whole hour only when for both
        ("no such place", WINTER, ["mon-09", "mon-10", "sun-00"]),
    ],
)
def test_hours_are_those_of_the_program_whatever_clock_people_live_by(zone, on, slots):
    days = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

    said = read({"free_hours": Says.FREE}, row(zone, free_hours=["mon-09", "mon-10", "sun-00"]), on=on)

    told = [slot_in_words(slot) for slot in said.hours or ()]
    assert sorted(f"{days[day]}-{hour:02}" for day, hour in told) == sorted(slots)


def test_hours_may_be_written_by_day_or_be_those_when_they_are_busy():
    by_day = read(
        {"When [Monday]": Says.FREE, "w": Says.FREE}, row(**{"When [Monday]": "9-11", "w": "Tue 14-15"})
    )
    busy = read(
        {"Busy [Monday]": Says.BUSY, "Busy [Sunday]": Says.BUSY}, row(**{"Busy [Monday]": ["8AM", "9AM-9PM"]})
    )

    assert by_day.hours == {24 + 9, 24 + 10, 48 + 14}
    assert busy.hours == {*range(8, 22), 24 + 21}
    assert read({"w": Says.FREE}, row(w="sometimes")).hours is None
    assert read({"w": Says.FREE}, row()).hours is None


def test_the_earlier_group_and_companions_are_read():
    columns = {"was": Says.EARLIER, "with": Says.WITH, "not": Says.APART}

    said = read(columns, row(was="Grants 1", **{"with": ["Bo Li"], "not": "Cy Ray; Di Ho"}))

    assert (said.earlier, said.near, said.away) == ("Grants 1", ("Bo Li",), ("Cy Ray", "Di Ho"))


def test_columns_are_guessed_by_name_and_content():
    roster = [
        row(
            wishes=["A"],
            **{
                "Second choice": "B",
                "I want to learn": "C; D",
                "When are you free [Tuesday]": "9AM;10AM",
                "Hours when you are unavailable [Friday]": "9AM",
                "Who would you like to work with?": "Bo Li",
                "Your last team": "Rovers",
                "Years": 3,
            },
        )
    ]

    assert guess(roster) == {
        "wishes": Says.WISH,
        "Second choice": Says.WISH,
        "I want to learn": Says.NEED,
        "When are you free [Tuesday]": Says.FREE,
        "Hours when you are unavailable [Friday]": Says.BUSY,
        "Who would you like to work with?": Says.WITH,
        "Your last team": Says.EARLIER,
    }


def test_what_a_google_form_exported_is_understood():
    if not ROSTERS.exists():
        pytest.skip("the shared rosters are not here")
    table = read_table((ROSTERS / "gruepr_testdata.csv").read_bytes(), "gruepr_testdata.csv")
    people = read_rows(table, guess_columns(table)).rows
    roster = [
        RosterRow(number, person.name, "", "", "", person.attributes, ())
        for number, person in enumerate(people)
    ]
    columns = guess(roster)
    reader = Reader(columns, zone=NEW_YORK, on=WINTER)

    said = [reader.read(each) for each in roster]

    assert {"wishes", "free_hours", "keep_with", "keep_apart"} <= set(columns)
    assert said[0].wishes == ("Autonomous Rover", "Drone Swarm", "Smart Greenhouse")
    assert {hour for hour in said[0].hours or () if hour < 24} == {11, 12, 17, 18}
    assert said[2].near == ("Bryan Blackwelder", "Araceli Andrzejewski")


ANSWERED = [
    *[Answered(wishes=("Grants", "Boards"))] * 12,
    *[Answered(needs=("Boards",))] * 4,
    *[Answered()] * 4,
]


def groups(*offers: Offer, minimum: int = 4, maximum: int = 6) -> list[tuple[str | None, int, int, bool]]:
    found = topic_groups(offers, answered=ANSWERED, minimum=minimum, maximum=maximum)
    return [(group.topic, group.minimum, group.maximum, group.optional) for group in found]


def test_demand_counts_first_and_any_wishes_and_needs():
    assert demand_of(ANSWERED) == {"Boards": Demand(4, 16), "Grants": Demand(12, 12)}


def test_topics_get_as_many_groups_as_people_want_and_all_find_a_seat():
    assert (
        groups(Offer("Grants"), Offer("Boards"))
        == [("Grants", 4, 6, True)] * 3 + [("Boards", 4, 6, True)] * 2
    )


def test_limits_of_a_topic_go_before_those_of_the_formation():
    offers = (
        Offer("Grants", minimum=2, maximum=3, most=1, may_be_left_out=False),
        Offer("Vans", maximum=2),
    )

    found = groups(*offers)

    assert found[0] == ("Grants", 2, 3, False)
    assert set(found[1:]) == {("Vans", 4, 4, True)}
    assert 3 + 4 * len(found[1:]) >= len(ANSWERED)
    assert groups(Offer("Grants", most=1)) == [("Grants", 4, 6, True)]


def test_group_ids_differ():
    found = topic_groups([Offer("Grants"), Offer("Boards")], answered=ANSWERED, minimum=4, maximum=6)

    assert len({group.id for group in found}) == len(found)
    assert isinstance(found[0], grouping.Group)
