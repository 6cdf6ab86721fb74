"""Single cells, hours and headers of a roster made regular."""

import pytest

from coppice.programs.rosters.cells import (
    are_numbers,
    clean_email,
    clean_name,
    clean_phone,
    language_code,
    parse_number,
    parse_yes,
    split_list,
    split_names,
    split_organizations,
)
from coppice.programs.rosters.headers import core, fold, fold_header, weekday, wish_rank
from coppice.programs.rosters.hours import parse_hours, parse_week, slots


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ana@X.org", "ana@x.org"),
        ("Ana Ruiz <ana@x.org>", "ana@x.org"),
        ("mailto:ana@x.org", "ana@x.org"),
        ("ana@x.org; ana@home.net", "ana@x.org"),
        ("none, ana@x.org.", "ana@x.org"),
        (" MAILTO: <ana@x.org> ", "ana@x.org"),
        ("Correo: ana@x.org (oficina)", "ana@x.org"),
        ("ana @ x.org", "ana@x.org"),
        ("ana@x.org / ana@home.net", "ana@x.org"),
        ("ana ruiz@x.org", ""),
        ("ana@x.org\nana@home.net", "ana@x.org"),
        ("ana@x", ""),
        ("ana at x.org", ""),
        ("a" * 250 + "@x.org", ""),
        ("", ""),
    ],
)
def test_email_is_lower_case_and_valid_or_empty(text, address):
    assert clean_email(text) == address


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(555) 123-4567", "5551234567"),
        ("+64 21 555 1234", "+64215551234"),
        ("'+64 21 555 1234", "+64215551234"),
        ("0064 21 555 1234", "+64215551234"),
        ("555.123.4567 ext. 12", "5551234567 x12"),
        ("5551234567x12", "5551234567 x12"),
        ("555-123-4567 / 555-765-4321", "5551234567"),
        ("12345", ""),
        ("1234567890123456", ""),
        ("ask Ana", ""),
    ],
)
def test_phone_is_its_digits_or_empty(text, phone):
    assert clean_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ruiz, Ana", "Ana Ruiz"),
        (" Ana \n Ruiz ", "Ana Ruiz"),
        ("Li Wei, PhD", "Li Wei, PhD"),
        ("A, B, C", "A, B, C"),
    ],
)
def test_name_is_in_reading_order(text, name):
    assert clean_name(text) == name


def test_lists_are_split_by_the_marks_that_they_use():
    assert split_list("budgets; boards, staff;;budgets") == ["budgets", "boards, staff"]
    assert split_list("budgets, boards") == ["budgets", "boards"]
    assert split_organizations("Food, Housing & Care; Bright Future\nAcorn") == [
        "Food, Housing & Care",
        "Bright Future",
        "Acorn",
    ]
    assert split_names("Ana Ruiz, Bo Li and Cy Day & Andy") == ["Ana Ruiz", "Bo Li", "Cy Day", "Andy"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("English", "en"), ("Español", "es"), ("en-US", "en"), ("es_MX", "es"), ("Python", None), ("", None)],
)
def test_language_is_a_code(text, code):
    assert language_code(text) == code


@pytest.mark.parametrize(
    ("text", "said"),
    [("Yes", True), ("sí", True), ("TRUE", True), ("✓", True), ("No", False), ("-", False), ("maybe", None)],
)
def test_yes_and_no_are_understood(text, said):
    assert parse_yes(text) is said


def test_a_column_is_of_numbers_only_when_every_cell_is_one():
    assert are_numbers(["2.02", "-3", "0", "0.5"], with_commas=False)
    assert not are_numbers(["2", "n/a"], with_commas=False)
    assert not are_numbers(["007", "2"], with_commas=False)
    assert not are_numbers(["1234567890123456"], with_commas=False)
    assert not are_numbers(["2,5"], with_commas=False)
    assert are_numbers(["2,5", "3"], with_commas=True)
    assert not are_numbers([], with_commas=True)
    assert [parse_number(text) for text in ("2", "2.5", "2,5", "-0.5")] == [2, 2.5, 2.5, -0.5]
    assert isinstance(parse_number("2"), int)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8AM;noon;1PM;", {8, 12, 13}),
        ("12AM, 12PM, midnight", {0, 12}),
        ("9-11, 14:00–16:00", {9, 10, 14, 15}),
        ("8-10am", {8, 9}),
        ("11am-1pm", {11, 12}),
        ("9-5", set(range(9, 17))),
        ("11-1pm", {11, 12}),
        ("8:30 a.m. to 10:00 a.m.", {8, 9}),
        ("18:00-24:00", set(range(18, 24))),
        ("mediodía", {12}),
        ("all day", set(range(24))),
        ("todo el día", set(range(24))),
        ("none", set()),
        ("", set()),
        ("whenever", None),
        ("25", None),
        ("13pm", None),
        ("15:00-9:00", None),
        ("9-25", None),
        ("13pm-14pm", None),
    ],
)
def test_hours_of_a_day_are_understood(text, hours):
    assert parse_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mon 9-11; Tue and Thu: 14:00-16:00", {"mon": {9, 10}, "tue": {14, 15}, "thu": {14, 15}}),
        ("Mon-Wed 9-10", {"mon": {9}, "tue": {9}, "wed": {9}}),
        ("sáb a lun 9-10", {"sat": {9}, "sun": {9}, "mon": {9}}),
        ("Friday", {"fri": set(range(24))}),
        ("Mon 9-10\nMon 12-13", {"mon": {9, 12}}),
        ("Mon sometimes", None),
        ("9-11", None),
        ("", None),
    ],
)
def test_hours_of_a_week_are_understood(text, week):
    assert parse_week(text) == week


def test_slots_run_from_sunday_in_order_of_the_hours():
    assert slots({"mon": frozenset({14, 8}), "sun": frozenset({9})}) == ["sun-09", "mon-08", "mon-14"]


def test_headers_are_folded():
    assert fold("  José  Peña-Ruiz ") == "jose pena ruiz"
    assert fold("McDonald") == "mcdonald"
    assert fold_header("FirstName") == "first name"
    assert core("What is your first name?") == "first name"
    assert core("¿Cuál es su correo electrónico?") == "correo electronico"
    assert core("Your") == "your"


@pytest.mark.parametrize(
    ("header", "rank"),
    [
        ("Please rank your top choices from the options below. [Top choice]", 1),
        ("Please rank your top choices from the options below. [Choice 2]", 2),
        ("3rd choice", 3),
        ("Second preference", 2),
        ("Primera opción", 1),
        ("Wish 12", 12),
        ("Rank1", 1),
        ("Project choice", None),
        ("Choose one", None),
    ],
)
def test_rank_of_a_wish_is_in_its_header(header, rank):
    assert wish_rank(header) == rank


def test_weekday_is_in_the_header():
    assert weekday("Check the times that you will be UNAVAILABLE for group work. [Sunday]") == "sun"
    assert weekday("Horas disponibles (miércoles)") == "wed"
    assert weekday("Monday or Tuesday") is None
    assert weekday("Notes") is None
