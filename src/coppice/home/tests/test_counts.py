"""Counts that people take away: sentences and file say the same as the page, and single nobody out."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone, translation

from coppice.communities.tests import factories
from coppice.home.counts import Measure, file_rows, program_measures, sentences
from coppice.home.queries import ProgramCounts, Reach
from coppice.home.tests.test_views import community_of, hold
from coppice.programs.models import FunderSeat, Program

DAY = date(2026, 7, 2)
COUNTS = ProgramCounts(
    communities=6, members=73, organizations=58, invited=11, waiting_words=0, without_mail=0
)
REACH = Reach(people=73, meetings=14, hours=14.0, contacts=147, contact_hours=147.5, expected=194, percent=76)
FEW = Reach(
    people=None, meetings=None, hours=None, contacts=None, contact_hours=None, expected=None, percent=None
)


def program(word: str = "community") -> Program:
    return Program(
        name="Rural transport",
        award_starts=date(2026, 1, 1),
        award_ends=date(2027, 1, 1),
        community_word=word,
    )


def test_the_sentences_say_of_what_and_out_of_how_many() -> None:
    assert sentences(program(), COUNTS, REACH, on=DAY) == [
        "On 2 July 2026, in week 27 of 53, Rural transport has 6 communities, "
        "with 73 active members from 58 organizations. Each person is counted once.",
        "So far 14 meetings were held, of 14 hours in all.",
        "People were there 147 of the 194 times they were expected (76 %).",
        "That is 147 contacts and 147.5 contact hours.",
        "A contact is one person at one meeting: whoever came to three meetings counts three times.",
        "Contact hours are how long each person stayed at each meeting, added up.",
    ]


def test_fewer_than_five_people_are_neither_said_nor_written() -> None:
    few = ProgramCounts(communities=1, members=4, organizations=2, invited=0, waiting_words=0, without_mail=0)

    said = sentences(program("circle"), few, FEW, on=DAY)
    measures = program_measures(program("circle"), few, FEW)

    assert said == [
        "On 2 July 2026, in week 27 of 53, Rural transport has 1 learning circle.",
        "Fewer than 5 people take part, so they are not counted here.",
    ]
    assert [(each.label, each.count) for each in measures] == [
        ("Learning circles", 1),
        ("Members", None),
        ("Organizations they come from", None),
        ("Meetings held", None),
        ("Hours of meetings", None),
        ("Contacts", None),
        ("Contact hours", None),
        ("Attendance", None),
    ]
    assert {each.words for each in measures if each.count is None} == {"hidden: fewer than five people"}


def test_before_the_first_meeting_there_is_nothing_to_divide_by() -> None:
    none_held = Reach(
        people=73, meetings=0, hours=0.0, contacts=0, contact_hours=0.0, expected=0, percent=None
    )

    said = sentences(program(), COUNTS, none_held, on=DAY)

    assert said[1:] == ["No meeting has been held so far."]
    assert program_measures(program(), COUNTS, none_held)[-1].words == "none held"


def test_the_file_holds_plain_numbers_and_a_denominator() -> None:
    _header, *rows = file_rows(program(), program_measures(program(), COUNTS, REACH), on=DAY)

    assert [row[2:5] for row in rows] == [
        ("Communities", 6, None),
        ("Members", 73, None),
        ("Organizations they come from", 58, None),
        ("Meetings held", 14, None),
        ("Hours of meetings", 14.0, None),
        ("Contacts", 147, None),
        ("Contact hours", 147.5, None),
        ("Attendance", 147, 194),
    ]
    assert {row[:2] for row in rows} == {("Rural transport", "2026-07-02")}


def test_the_words_follow_the_language_of_the_reader() -> None:
    with translation.override("es"):
        said = sentences(program("circle"), COUNTS, REACH, on=DAY)

    assert "6 círculos de aprendizaje" in said[0]
    assert "147,5" in said[3]


def test_a_measure_has_its_denominator_beside_it() -> None:
    assert Measure("Attendance", 147, whole=194).words == "76 % (147 of 194)"


@pytest.mark.django_db
def test_a_funder_takes_the_counts_away_as_a_file_and_in_words(client: Client) -> None:
    community = community_of(6)
    hold(community, 5, days_ago=10)
    funder = factories.make_person("Frances")
    FunderSeat.objects.create(program=community.program, person=funder)
    client.force_login(funder)

    page = client.get(f"/programs/{community.program_id}/summary/").content.decode()
    answer = client.get(f"/programs/{community.program_id}/summary.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    today = timezone.localdate(timezone=community.program.zone)
    assert f'href="/programs/{community.program_id}/summary.csv"' in page
    assert "People were there 5 of the 6 times they were expected (83 %)." in page
    assert answer["Content-Disposition"] == (
        f'attachment; filename="counts-{community.program_id}-{today}.csv"'
    )
    assert rows[-1] == {
        "program": community.program.name,
        "day": today.isoformat(),
        "measure": "Attendance",
        "count": "5",
        "out of": "6",
        "how it is counted": "were there, of those expected",
    }
