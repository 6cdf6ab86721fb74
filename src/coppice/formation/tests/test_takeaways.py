"""What a manager takes away: contents read back, formulas harmless, one page that names nobody."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coppice.accounts import actions as accounts
from coppice.communities import actions as communities
from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import enroll, make_program
from coppice.formation import actions
from coppice.formation.explaining import explanation_of
from coppice.formation.problem_files import harmless
from coppice.formation.rules import Kind, Rule
from coppice.formation.sheets import table_by_now
from coppice.formation.takeaways import badges_of, gatherings_of
from coppice.formation.tests.factories import (
    columns_of,
    founded,
    make_proposal,
    make_published,
    make_roster,
    members,
    people_in,
    start_formation,
)
from coppice.formation.wording import reason_sentences
from coppice.programs.models import Affiliation
from engines import grouping
from engines.grouping.tests.cast import needs_shared, scorer

pytestmark = pytest.mark.django_db
YEARS = Rule(Kind.BALANCED, "attribute:Years")
AREA = Rule(Kind.ALIKE, "area")
KINDS = Rule(Kind.BALANCED, "kind")
HOUSES = Rule(Kind.AT_MOST, "organization", amount=4)
SRC = Path(grouping.__file__).parents[2]


@pytest.fixture
def program():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    return program


def get(formation, name, **query):
    client = Client()
    client.force_login(formation.created_by)
    return client.get(reverse(f"formation:{name}", args=[formation.pk]), query)


def book(formation):
    return openpyxl.load_workbook(io.BytesIO(get(formation, "workbook").content))


def rows_of(sheet):
    return [[cell.value for cell in row] for row in sheet]


def unzipped(formation):
    content = io.BytesIO(get(formation, "problem").content)
    with zipfile.ZipFile(content) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def explained(formation, name="explanation"):
    return " ".join(get(formation, name).content.decode().split())


def test_the_workbook_has_everybody_with_what_the_rules_are_about(program):
    formation = make_proposal(program, rules=[YEARS, AREA, HOUSES])
    actions.give_lead(people_in(columns_of(formation)[0])[0], by=None)
    leader = formation.places.get(is_leader=True)

    sheet = book(formation)["People"]

    header, first, *others = rows_of(sheet)
    assert header == ["Community", "Name", "Email address", "Organizations", "Leads", "Years", "Area"]
    assert len(others) == 23
    house = leader.enrollment.organizations.get()
    assert first == [
        leader.proposed_community.name,
        leader.enrollment.name,
        leader.enrollment.email,
        house.name,
        "yes",
        leader.enrollment.attributes["Years"],
        house.area,
    ]
    assert sheet.freeze_panes == "A2"


def test_the_workbook_says_how_communities_fare_and_what_the_rules_reach(program):
    formation = make_proposal(program, rules=[AREA, HOUSES])
    columns, outcome = columns_of(formation), formation.outcome

    workbook = book(formation)

    assert workbook.sheetnames == ["People", "Communities", "Rules"]
    header, *rows = rows_of(workbook["Communities"])
    assert header == [
        "Community",
        "Topic",
        "People",
        "Smallest size",
        "Largest size",
        "Leaders",
        "In all, of 100",
        "Much the same area in each, of 100",
        "Weakest point",
    ]
    assert [row[:8] for row in rows] == [
        [
            each.name,
            None,
            each.places.count(),
            7,
            9,
            None,
            round(100 * each.score, 1),
            round(100 * outcome["communities"][str(each.pk)]["0"], 1),
        ]
        for each in columns
    ]
    assert rows_of(workbook["Rules"])[1:] == [
        ["7 to 9 people each", "must hold", "holds", None],
        ["At most 4 with the same answer: organization", "must hold", "holds", None],
        ["Much the same area in each", "aimed for", None, round(100 * outcome["rules"]["0"], 1)],
        ["All aims together", None, None, round(100 * outcome["total"], 1)],
        ["Worked out on", None, rows_of(workbook["Rules"])[5][2], None],
        ["Seed", None, 1, None],
    ]
    assert isinstance(rows_of(workbook["Rules"])[5][2], datetime)


def test_texts_of_the_workbook_are_never_formulas_and_days_and_numbers_are_such(program):
    enrollment = program.enrollments.order_by("pk")[0]
    program.enrollments.exclude(pk=enrollment.pk).update(
        attributes={"Wants": "=2+5", "joined_on": "2026-03-01", "Code": "007", "Years": "3.5"}
    )
    enrollment.attributes = {"Wants": "@SUM(A1)", "joined_on": "2026-13-45", "Code": "-5", "Years": 2}
    enrollment.name = "=cmd|' /C calc'!A0"
    enrollment.save()
    program.organizations.update(kind="#N/A")
    rules = [Rule(Kind.ALIKE, f"attribute:{name}") for name in ("Wants", "joined_on", "Code", "Years")]
    formation = make_proposal(program, rules=[*rules, KINDS])

    sheet = book(formation)["People"]

    cells = {cell.value: cell for row in sheet for cell in row}
    assert {cell.data_type for row in sheet for cell in row} == {"s", "n", "d"}
    risky = ["=2+5", "@SUM(A1)", "=cmd|' /C calc'!A0", "#N/A"]
    assert [(cells[each].data_type, cells[each].quotePrefix) for each in risky] == [("s", True)] * 4
    [ours] = [row for row in rows_of(sheet) if row[1] == enrollment.name]
    other = next(row for row in rows_of(sheet)[1:] if row[1] != enrollment.name)
    assert ours[5:] == ["@SUM(A1)", "2026-13-45", -5, 2, "#N/A"]
    assert other[5:] == ["=2+5", datetime(2026, 3, 1), "007", 3.5, "#N/A"]
    assert date(2026, 3, 1) == other[6].date()


def test_several_answers_and_none_are_one_cell(program):
    formation = make_proposal(program, rules=[AREA, YEARS])
    enrollment = program.enrollments.order_by("pk")[0]
    Affiliation.objects.create(
        enrollment=enrollment, organization=program.organizations.exclude(area="North")[0]
    )
    enrollment.attributes = {}
    enrollment.save()

    [row] = [row for row in rows_of(book(formation)["People"]) if row[1] == enrollment.name]

    assert row[3:] == ["Organization 0; Organization 1", None, "North; South", None]


def test_the_list_gives_each_community_a_sheet_of_its_own(program):
    formation = make_proposal(program)
    actions.rename(columns_of(formation)[0], name="River", topic=None, purpose="To learn", by=None)

    page = get(formation, "lists").content.decode()

    assert page.count("list-sheet") == 3
    assert page.count("new-sheet") == 2
    assert all(str(each.enrollment) in page for each in formation.places.all())
    assert "<h2>River</h2>" in page
    assert "To learn" in page


def test_after_publication_people_are_where_they_are_by_now(program):
    formation = make_published(program)
    one, two, *_others = founded(formation)
    moving, gone = members(one)[:2]
    Membership.objects.filter(pk=moving.pk).update(community=two, role=Membership.Role.LEADER)
    Membership.objects.filter(pk=gone.pk).update(state=Membership.State.LEFT)
    Community.objects.filter(pk=two.pk).update(name="River")

    gatherings = gatherings_of(formation)

    assert [each.name for each in gatherings[:2]] == [one.name, "River"]
    assert gatherings[1].seats[0].name == str(moving.enrollment)
    assert gatherings[1].seats[0].leads
    names = {seat.name for each in gatherings for seat in each.seats}
    assert (len(names), str(gone.enrollment) in names) == (23, False)


def test_the_file_of_people_shows_after_publication_where_they_are_by_now(program):
    formation = make_published(program, rules=[AREA], maximum=9)
    one, two, *_others = founded(formation)
    moving, gone, staying = members(one)[:3]
    communities.transfer(moving, to=two, by=None, reasons=[{"code": "locked", "parameters": {}}])
    communities.leave(gone, by=gone.person)
    late = enroll(program, "Late Lou")
    actions.place_late(formation, places={late.pk: one.pk}, by=None)

    response = get(formation, "people")

    found = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    where = {each["Name"]: each["Community"] for each in found}
    why = {each["Name"]: each["Why"] for each in found}
    assert (len(found), str(gone.enrollment) in where) == (24, False)
    assert (where["Late Lou"], where[str(moving.enrollment)]) == (one.name, two.name)
    assert (where[str(staying.enrollment)], bool(why[str(staying.enrollment)])) == (one.name, True)
    assert why[str(moving.enrollment)] == " ".join(
        reason_sentences([{"code": "locked", "parameters": {}}], names={})
    )
    client = Client()
    client.force_login(formation.created_by)
    kept = client.get(reverse("formation:kept_people", args=[formation.on_table.pk])).content.decode()
    assert [name in kept for name in ("Late Lou", str(gone.enrollment))] == [False, True]


def test_the_file_of_people_by_now_asks_as_often_for_many_as_for_few():
    counts = []
    for people in (8, 24):
        formation = make_published(people=people, minimum=4, maximum=8)
        with CaptureQueriesContext(connection) as queries:
            table_by_now(formation)
        counts.append(len(queries))

    assert counts == [7, 7]


def test_the_studio_says_after_publication_what_its_columns_show_and_where_people_are_by_now(program):
    before, after = make_proposal(program), make_published(program)
    said = "The columns show how it was published."

    pages = [get(each, "formation").content.decode() for each in (before, after)]

    assert [said in page for page in pages] == [False, True]
    link = reverse("formation:lists", args=[after.pk])
    assert f'{said} <a href="{link}">See who is where now</a>' in pages[1]


def test_badges_are_eight_on_a_sheet_and_long_names_are_set_smaller(program):
    names = [
        "Ana",
        "Ana María de los Ángeles Rodríguez Gutiérrez",
        "Ana Schwarzenbergenburgerin",
        "Wolfeschlegelsteinhausenbergerdorff Müller",
    ]
    for enrollment, name in zip(program.enrollments.order_by("pk"), names, strict=False):
        enrollment.name = name
        enrollment.save()
    formation = make_proposal(program)

    sheets = badges_of(formation, gatherings_of(formation), with_help=False)

    assert [len(each) for each in sheets] == [8, 8, 8]
    sizes = {badge.name: badge.size for sheet in sheets for badge in sheet}
    assert [sizes[name] for name in names] == ["", "long", "longer", "longest"]
    assert get(formation, "badges").content.decode().count('class="name-badge"') == 24


def test_badges_say_what_people_can_help_with_only_when_asked(program):
    formation = make_proposal(program)
    assert "help with" not in get(formation, "badges").content.decode()
    enrollment = program.enrollments.order_by("pk")[0]
    enrollment.attributes = {"expertise": ["Grant writing", "Food safety"]}
    enrollment.save()

    quiet = get(formation, "badges").content.decode()
    telling = get(formation, "badges", help="on").content.decode()

    assert "Say what each person can help with" in quiet
    assert "Ask me about" not in quiet
    assert telling.count("Ask me about Grant writing") == 1


def test_the_explanation_says_why_what_holds_and_what_was_reached(program):
    formation = make_proposal(program, minimum=6, rules=[YEARS, AREA, HOUSES])
    smallest, *_others, largest = sorted(columns_of(formation), key=lambda each: each.places.count())
    actions.move(people_in(largest)[0], to=smallest, by=None)
    actions.lock(people_in(largest)[1], by=None)
    formation.refresh_from_db()

    told = explanation_of(formation, hides_few=False)
    page = explained(formation)

    assert told.why.startswith("People work on something between meetings.")
    assert told.people == f"24 people in {len(columns_of(formation))} communities."
    assert [each.sentence for each in told.rules] == [
        "6 to 9 people each",
        "At most 4 with the same answer: organization",
    ]
    assert [each.sentence for each in told.aims] == [
        "A good mix of answers in each: Years",
        "Much the same area in each",
    ]
    worst = min(columns_of(formation), key=lambda each: each.score)
    assert told.weakest.startswith(f"{worst.name}, with {round(100 * worst.score)} of 100. Its weakest")
    assert told.weighed == "What counts is how all communities fare on average."
    assert told.unanswered == "Everybody had answered all that the rules ask for."
    assert told.by_hand == [
        "One person was moved by hand.",
        "One person was kept in their place by hand.",
    ]
    assert told.within is not None
    assert f"--seed 1 --trials {formation.on_table.trials}" in page
    assert "from seed 1" in page
    assert "that is proven" in page


def test_the_explanation_says_which_question_how_many_left_open(program):
    rules = [YEARS, Rule(Kind.BALANCED, "attribute:Wants"), Rule(Kind.BALANCED, "area")]
    for number, enrollment in enumerate(program.enrollments.order_by("pk")):
        left_open = ["Years"] if number < 6 else ["Wants"] if number < 8 else []
        enrollment.attributes = {k: v for k, v in enrollment.attributes.items() if k not in left_open}
        enrollment.save()
    formation = make_proposal(program, rules=rules)

    assert explanation_of(formation, hides_few=False).unanswered == (
        "Everybody had answered something of what the rules ask for. Not everybody had answered everything: "
        "“Years” was left open by 6 people and “Wants” was left open by 2 people."
    )
    assert explanation_of(formation, hides_few=True).unanswered == (
        "Everybody had answered something of what the rules ask for. Not everybody had answered everything: "
        "“Years” was left open by 6 people and “Wants” was left open by fewer than five people."
    )


def test_a_funder_reads_no_count_of_the_few_who_answered(program):
    for enrollment in program.enrollments.order_by("pk")[3:]:
        enrollment.attributes = {"Years": 4}
        enrollment.save()
    formation = make_proposal(program, rules=[YEARS, Rule(Kind.BALANCED, "attribute:Wants")])

    assert "“Wants” was left open by 21 people." in explanation_of(formation, hides_few=False).unanswered
    assert (
        "“Wants” was left open by nearly everybody." in explanation_of(formation, hides_few=True).unanswered
    )


def test_nobody_is_told_as_nobody_to_a_funder_too(program):
    formation = make_proposal(program, rules=[YEARS])

    here, there = (explanation_of(formation, hides_few=hides) for hides in (False, True))

    assert (here.unanswered, here.by_hand) == (there.unanswered, there.by_hand)
    assert here.by_hand == ["Nobody was moved by hand."]
    assert here.unanswered == "Everybody had answered all that the rules ask for."


def test_only_the_staff_read_how_an_engineer_runs_it_again(program):
    formation = make_proposal(program, rules=[YEARS])

    pages = explained(formation), explained(formation, "funder_explanation")

    told = "trials. The same answers, rules, seed and number of trials give the same again."
    assert [told in page for page in pages] == [True, True]
    assert ["python -m engines.grouping" in page for page in pages] == [True, False]
    assert ["problem.zip" in page for page in pages] == [True, False]


def test_the_explanation_tells_the_bound_where_there_is_one(program):
    formation = make_proposal(program, rules=[YEARS])
    formation.on_table.outcome |= {"bounded": {"bound": 0.904, "objective": 0.9, "locked": 0, "roster": ""}}
    formation.on_table.save()

    assert "could be more than 0.5 % better: that is proven." in explained(formation)


def test_nobodys_name_and_nobodys_answers_are_in_the_explanation(program):
    rules = [Rule(Kind.TOGETHER, "attribute:Wants"), HOUSES, YEARS]
    formation = make_proposal(program, rules=rules, minimum=2, maximum=24)
    formation.on_table.outcome["broken"] = [
        {
            "code": "too_many",
            "rule": 1,
            "value": "Organization 1",
            "people": [str(formation.places.all()[0].enrollment_id)],
            "groups": [str(columns_of(formation)[0].pk)],
            "amount": 1,
        }
    ]
    formation.on_table.save()

    pages = explained(formation), explained(formation, "funder_explanation")

    private = ["Person 0", "Organization 1", "grants", "volunteers", "Clinic", "Shelter"]
    assert [[word for word in private if word in page] for page in pages] == [[], []]
    assert "At most 4 with the same answer: organization · broken once" in pages[0]
    assert "At most 4 with the same answer: organization · does not hold everywhere" in pages[1]


def test_a_funder_reads_no_count_of_fewer_than_five_people(program):
    ids = tuple(program.enrollments.order_by("pk").values_list("pk", flat=True)[:2])
    rules = [YEARS, Rule(Kind.PEOPLE_APART, people=ids)]
    formation = make_proposal(program, minimum=6, rules=rules)
    small, *_others, last = columns_of(formation)
    places = people_in(small)
    for each in places[:1]:
        actions.move(each, to=last, by=None, despite_rules=True)
    for each in places[1:4]:
        each.enrollment.ended_at = formation.created_at
        each.enrollment.save()
    formation.refresh_from_db()
    small.refresh_from_db()
    small.score = 0.01
    small.save()
    formation.on_table.outcome["without_answers"] = 3
    formation.on_table.save()

    here = explanation_of(formation, hides_few=False)
    told = explanation_of(formation, hides_few=True)

    assert here.weakest.startswith(f"{small.name}, with 1 of 100")
    assert here.rules[1].sentence == "2 named people apart"
    assert here.unanswered.startswith("3 people had answered nothing")
    assert not told.weakest.startswith(small.name)
    assert told.rules[1].sentence == "Named people apart"
    assert told.unanswered.startswith("Fewer than five people")
    assert told.by_hand == ["Fewer than five people were moved by hand."]
    assert told.people.startswith("21 people")


def test_a_funder_reads_no_answer_of_a_column_that_the_program_keeps_to_itself(program):
    rules = [Rule(Kind.SPREAD, "attribute:Years", value="4"), Rule(Kind.SPREAD, "area", value="North")]
    formation = make_proposal(program, rules=rules)

    here = explanation_of(formation, hides_few=False).aims
    told = explanation_of(formation, hides_few=True).aims

    assert [each.sentence for each in here][:1] == ["“4” spread over all: Years"]
    assert [each.sentence for each in told] == ["“…” spread over all: Years", here[1].sentence]


def test_a_funder_reads_nothing_of_communities_that_are_all_small():
    program = make_program()
    make_roster(program, 4)
    formation = make_proposal(program, minimum=2, maximum=2, rules=[YEARS])

    told = explanation_of(formation, hides_few=True)

    assert told.people == "Fewer than five people in 2 communities."
    assert told.weakest == ""


@pytest.mark.parametrize(
    ("fairness", "sentence"),
    [
        (2, "The average counts, and so does the weakest community."),
        (4, "The weakest community counts first."),
    ],
)
def test_the_explanation_says_what_weighs_more(program, fairness, sentence):
    formation = make_proposal(program, rules=[YEARS])
    formation.aspects = {"fairness": fairness}

    assert explanation_of(formation, hides_few=False).weighed == sentence


def test_people_who_came_late_are_told_of(program):
    formation = make_proposal(program, rules=[YEARS])
    formation.places.filter(pk__in=[each.pk for each in formation.places.all()[:5]]).update(
        came_late=True, is_locked=True
    )
    formation.places.filter(pk__in=[each.pk for each in formation.places.all()[6:12]]).update(
        moved_by_hand=True
    )

    assert explanation_of(formation, hides_few=True).by_hand == [
        "6 people were moved by hand.",
        "5 people were kept in their places by hand.",
        "5 people came later and were placed one by one; nobody else was moved.",
    ]


def test_the_whole_cohort_is_explained_without_a_weakest(program):
    formation = make_proposal(program, reason=Community.Reason.WHOLE_COHORT)

    told = explanation_of(formation, hides_few=False)

    assert [each.sentence for each in told.rules] == ["Everybody in one"]
    assert (told.weakest, told.weighed, told.by_hand) == ("", "", ["Nobody was moved by hand."])


def test_the_problem_runs_again_and_gives_the_same(program, tmp_path):
    formation = make_proposal(program, rules=[YEARS, AREA, Rule(Kind.TOGETHER, "organization")])
    first, *_others = columns_of(formation)
    actions.give_lead(people_in(first)[0], by=None)
    files = unzipped(formation)
    for name, words in files.items():
        (tmp_path / name).write_text(words)
    [command] = [line.strip() for line in files["README.txt"].splitlines() if "--json" in line]

    subprocess.run(
        command.replace("python", sys.executable, 1),
        shell=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(SRC), "PATH": ""},
    )

    again = {row["id"]: row["group"] for row in table((tmp_path / "again.csv").read_text())}
    assert sorted(files) == [
        "README.txt",
        "participants.csv",
        "placed.csv",
        "problem.json",
        "spec.json",
        "worked_out.csv",
    ]
    assert again == {row["id"]: row["group"] for row in table(files["worked_out.csv"])}
    assert {row["id"] for row in table(files["participants.csv"])} == set(again)
    assert [name for name, words in files.items() if "Person 0" in words] == []


@needs_shared
def test_the_public_problem_is_solved_and_scored_the_same_by_the_independent_scorer(program, tmp_path):
    program.organizations.filter(name="Organization 1").update(kind="=1+1")
    formation = make_proposal(program, rules=[YEARS, AREA, KINDS, Rule(Kind.TOGETHER, "organization")])
    files = unzipped(formation)
    for name, words in files.items():
        (tmp_path / name).write_text(words)

    said = subprocess.run(
        [sys.executable, "-m", "engines.grouping", "solve", ".", "--seed", "3", "-o", "public.csv"],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(SRC)},
    )

    ours = json.loads(said.stdout)["score"]["total"]
    theirs, _groups = scorer().score(str(tmp_path), str(tmp_path / "public.csv"))
    assert (theirs["violations"], theirs["total"]) == ([], pytest.approx(ours, abs=1e-6))
    before, _groups = scorer().score(str(tmp_path), str(tmp_path / "worked_out.csv"))
    assert before["total"] == pytest.approx(formation.on_table.objective, abs=1e-6)
    assert "The public format says all of it." in files["README.txt"]
    assert "'=1+1" in files["participants.csv"]
    assert all(not cell.startswith("=") for row in table(files["participants.csv"]) for cell in row.values())


def test_what_the_public_format_cannot_say_is_said_in_the_readme(program):
    enrollment = program.enrollments.order_by("pk")[0]
    enrollment.attributes = {}
    enrollment.save()
    other = program.enrollments.order_by("pk")[1]
    Affiliation.objects.create(
        enrollment=other, organization=program.organizations.get(name="Organization 5")
    )
    hours = Rule(Kind.MEETING_HOURS)
    formation = make_proposal(program, rules=[YEARS, AREA, Rule(Kind.ALIKE, "attribute:Wants"), hours])

    readme = unzipped(formation)["README.txt"]

    assert "Years: empty numbers (1), which other programs may not read" in readme
    assert "area: whoever has several answers (1) counts as a kind of their own" in readme
    assert "Wants: whoever has not answered (1) counts as a kind of their own" in readme
    assert "The public format says all of it." not in readme


def test_a_problem_keeps_its_meaning_when_its_texts_are_made_harmless():
    people = tuple(
        grouping.Person(
            f"p{number}",
            categories={"kind": kind},
            needs=("=t", "u"),
            wishes=("u", "=t"),
            expertise={"=t": number},
        )
        for number, kind in enumerate(["=a", "-b", "=a", "-5"])
    )
    aims = (
        grouping.Coverage(name="known"),
        grouping.Wishes(name="wishes"),
        grouping.TopicWanted(name="wanted"),
        grouping.Proportional(name="even", attribute="kind", value="=a"),
        grouping.NobodyIsolated(name="two", attribute="kind", values=("=a", "-b")),
    )
    problem = grouping.Problem(
        people,
        (grouping.Group("0", 2, 2, topic="=t"), grouping.Group("1", 2, 2)),
        rules=(grouping.AtLeast("kind", "=a"),),
        aims=aims,
    )

    spec, rows = harmless(grouping.written(problem))

    read = grouping.problem_of(spec, rows)
    assert rows[0] == {
        "id": "p0",
        "kind": "'=a",
        "needs": "'=t;u",
        "prefs": "u;'=t",
        "avail": "",
        "prev_group": "",
        "exp_'=t": "0",
        "exp_u": "0",
    }
    for placed in ("0011", "0101", "0110"):
        assignment = {f"p{number}": group for number, group in enumerate(placed)}
        assert grouping.score(read, assignment) == grouping.score(problem, assignment)
        assert len(grouping.violations(read, assignment)) == len(grouping.violations(problem, assignment))


def test_a_problem_with_somebody_erased_cannot_be_taken_and_the_page_says_why(program):
    formation = make_proposal(program, rules=[YEARS])
    accounts.erase(program.enrollments.order_by("pk")[0].person, by=None)

    answer = get(formation, "problem")

    assert answer.headers["Location"] == reverse("formation:explanation", args=[formation.pk])
    page = explained(formation)
    assert "It cannot be run again as it was" in page
    assert "python -m" not in page


@pytest.mark.parametrize(
    "name", ["workbook", "lists", "badges", "explanation", "funder_explanation", "problem"]
)
def test_there_is_nothing_to_take_away_while_it_is_worked_out(program, name):
    formation = start_formation(program)

    assert get(formation, name).headers["Location"] == formation.get_absolute_url()


def test_the_studio_and_the_page_after_publication_lead_to_all_of_it(program):
    formation = make_proposal(program)
    before = get(formation, "formation").content.decode()
    published = make_published(program)
    after = get(published, "publication").content.decode()

    names = ["people", "workbook", "lists", "badges", "explanation", "funder_explanation", "problem"]
    for thing, page in ((formation, before), (published, after)):
        links = [reverse(f"formation:{name}", args=[thing.pk]) for name in names]
        assert [link for link in links if f'href="{link}"' not in page] == []


def test_lists_of_very_many_people_come_in_parts(program, monkeypatch):
    monkeypatch.setattr("coppice.formation.takeaways.LEAST_AT_ONCE", 1)
    monkeypatch.setattr("coppice.formation.takeaways.PEOPLE_AT_ONCE", 9)
    formation = make_proposal(program)

    pages = [get(formation, "lists", page=number).content.decode() for number in (1, 2, 3)]

    assert [page.count("list-sheet") for page in pages] == [1, 1, 1]
    told = [
        [each.name for each in columns_of(formation) if f"<h2>{each.name}</h2>" in page] for page in pages
    ]
    assert told == [[each.name] for each in columns_of(formation)]


def test_the_problem_takes_as_many_questions_for_twice_as_many_people():
    counts = []
    for people in (24, 48):
        formation = make_proposal(people=people, rules=[YEARS])
        client = Client()
        client.force_login(formation.created_by)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("formation:problem", args=[formation.pk])).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12
