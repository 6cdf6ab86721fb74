"""Columns matched to fields: names in English and Spanish, cells that tell, memory and choice."""

import pytest

from coppice.lib.tables import Table, read_table
from coppice.programs.rosters.fields import Field
from coppice.programs.rosters.kept import known_keys
from coppice.programs.rosters.matching import (
    BY_CELLS,
    BY_HAND,
    BY_MEMORY,
    BY_ROSTER,
    NobodyNamed,
    choose_columns,
    guess_columns,
    remember,
    require_people,
)


def table(text: str) -> Table:
    return read_table(text.encode(), "people.csv")


def guessed(text: str, remembered: dict[str, str] | None = None) -> dict[str, str]:
    return {match.header: match.field.value for match in guess_columns(table(text), remembered)}


def test_usual_english_names_are_understood():
    rows = (
        "First Name,LastName,E-mail Address,Cell phone,Agency,County,Type of organization,Job Title,"
        "Member ID,Preferred language,Time Zone,Date joined,Accessibility needs,Organization lead,Skills,"
        "Learning needs,Comments\n"
        "Ana,Ruiz,ana@x.org,(555) 123-4567,Acorn,Kent,Food bank,Director,M-1,Spanish,EST,2026-03-01,"
        "captions,yes,boards,budgets,hello\n"
    )

    assert list(guessed(rows).values()) == [
        "given_name",
        "family_name",
        "email",
        "phone",
        "organization",
        "organization_area",
        "organization_type",
        "job_title",
        "external_id",
        "language",
        "time_zone",
        "joined_on",
        "access_needs",
        "is_leader",
        "expertise",
        "needs",
        "notes",
    ]


def test_usual_spanish_names_are_understood():
    rows = (
        "Marca temporal;Nombre;Apellidos;Correo electrónico;Teléfono;Organización;Municipio;"
        "Tipo de organización;Cargo;Idioma;Zona horaria;Fecha de inscripción;Accesibilidad;"
        "¿Qué puede enseñar?;¿En qué necesita ayuda?;Primera opción;Horas no disponibles [lunes];"
        "Comentarios\n"
        "01/03/2026 10:00:00;Ana;Ruiz;ana@x.org;+34 600 123 456;Roble;Lugo;"
        "ONG;Directora;español;Europe/Madrid;25/03/2026;subtítulos;juntas;presupuestos;Robots;9:00-11:00;hola\n"
    )

    assert list(guessed(rows).values()) == [
        "timestamp",
        "given_name",
        "family_name",
        "email",
        "phone",
        "organization",
        "organization_area",
        "organization_type",
        "job_title",
        "language",
        "time_zone",
        "joined_on",
        "access_needs",
        "expertise",
        "needs",
        "wish",
        "busy_hours",
        "notes",
    ]


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Name", ["Ana Ruiz"], "full_name"),
        ("Organization name", ["Acorn"], "organization"),
        ("Name of your organization", ["Acorn"], "organization"),
        ("Which organization do you work for?", ["Acorn"], "organization"),
        ("Second organization", ["Acorn"], "organization"),
        ("What is your role?", ["Director"], "job_title"),
        ("Title", ["Dr", "Ms", "Mr"], "attribute"),
        ("Which programming languages do you know?", ["Python", "R"], "attribute"),
        ("Which language do you prefer?", ["English", "español"], "language"),
        ("Do you check email daily?", ["yes", "no"], "attribute"),
        ("Supervisor email", ["boss@x.org", "chief@x.org"], "attribute"),
        ("Emergency contact phone", ["+1 555 123 4567"], "attribute"),
        ("How to reach you", ["ana@x.org", "bo@x.org"], "email"),
        ("Reach", ["+64 21 555 1234", "(555) 123-4567"], "phone"),
        ("Where you are", ["Pacific/Auckland", "America/Lima"], "time_zone"),
        ("City", ["Auckland"], "organization_area"),
        ("Skills", ["y", "-", "y"], "attribute"),
        ("How many hours a week can you give?", ["5", "10"], "attribute"),
        ("Monday", ["3", "4"], "attribute"),
        ("When are you available?", ["Mon 9-11; Tue 14-16"], "free_hours"),
        ("Availability", ["often", "seldom"], "attribute"),
        ("Times you are free (Tuesday)", ["9AM;10AM"], "free_hours"),
        ("Busy on Friday", [], "busy_hours"),
        ("Who would you like to work with?", ["Bo Li"], "keep_with"),
        ("People you would rather not work with", ["Bo Li"], "keep_apart"),
        ("Personas con las que no quisiera trabajar", ["Bo Li"], "keep_apart"),
        ("Preferences", ["a;b"], "wish"),
        ("Lead", ["Acorn", "Oak"], "attribute"),
        ("Project choice", ["robots"], "attribute"),
        ("What do you want to learn?", ["budgets"], "needs"),
        ("Anything else we should know?", ["no"], "notes"),
        ("Favourite colour", ["green"], "attribute"),
        ("ID", ["7", "7", "7", "7"], "attribute"),
    ],
)
def test_header_and_cells_decide_together(header, cells, field):
    rows = "".join(f'k{row},"{cell}"\n' for row, cell in enumerate(cells or [""]))

    assert guessed(f'Key,"{header}"\n{rows}')[header] == field


def test_a_field_for_one_column_goes_to_the_best_and_the_rest_are_kept():
    rows = "Confirm email,Email,Name,Student\na@x.org,a@x.org,Ana,x\n"

    assert guessed(rows) == {
        "Confirm email": "attribute",
        "Email": "email",
        "Name": "full_name",
        "Student": "attribute",
    }


@pytest.mark.parametrize(
    "names",
    [
        ("First", "LAST NAME"),
        ("First", "Last"),
        ("Given", "Family"),
        ("First name", "Last"),
        ("Nombre", "Apellidos"),
        ("NOMBRE", "Apellido"),
    ],
)
def test_halves_of_a_name_are_known_beside_one_another(names):
    first, last = names

    assert guessed(f"{first},{last}\nAna,Ruiz\n") == {first: "given_name", last: "family_name"}


def test_first_alone_is_no_name():
    assert guessed("First,Email\nAna,ana@example.org\n")["First"] == "attribute"


def test_name_beside_a_surname_is_the_given_name():
    assert guessed("Name,Surname\nAna,Ruiz\n") == {"Name": "given_name", "Surname": "family_name"}


def test_id_of_a_form_that_numbers_its_answers_is_left_out():
    rows = "ID,Start time,Completion time,Email,Name\n1,2026-03-01 10:00,2026-03-01 10:05,ana@x.org,Ana\n"

    assert guessed(rows) == {
        "ID": "ignored",
        "Start time": "attribute",
        "Completion time": "timestamp",
        "Email": "email",
        "Name": "full_name",
    }


def test_what_was_chosen_last_time_goes_before_any_guess():
    text = "Name,Contact,Mail\nAna,ana@x.org,yes\n"
    chosen = choose_columns(table(text).header, {0: "full_name", 1: "email", 2: "ignored"})

    matches = guess_columns(table(text.replace("Contact", " CONTACT ")), remember(chosen))

    assert remember(chosen) == {"name": "full_name", "contact": "email", "mail": "ignored"}
    assert [(match.field, match.why, match.confidence) for match in matches] == [
        (Field.FULL_NAME, BY_MEMORY, 1.0),
        (Field.EMAIL, BY_MEMORY, 1.0),
        (Field.IGNORED, BY_MEMORY, 1.0),
    ]


def test_memory_of_a_field_that_no_longer_exists_is_passed_over():
    assert guessed("Name\nAna\n", {"name": "nickname"}) == {"Name": "full_name"}


def test_choice_by_hand_leaves_out_what_was_not_chosen():
    matches = choose_columns(["Name", "Colour", "Shape"], {0: "full_name", 1: "attribute"})

    assert [(match.field.value, match.key, match.why) for match in matches] == [
        ("full_name", "", BY_HAND),
        ("attribute", "colour", BY_HAND),
        ("ignored", "", BY_HAND),
    ]


def test_keys_of_attributes_are_unlike_one_another_and_our_own():
    text = "Email,Shirt size,shirt-size,Needs,,日本\na@x.org,L,M,y,1,x\n"

    keys = [match.key for match in guess_columns(table(text))]

    assert keys == ["", "shirt_size", "shirt_size_2", "needs_2", "column_5", "日本"]


def test_guess_says_why():
    matches = guess_columns(table("Reach\nana@x.org\n"))

    assert [(match.why, match.confidence) for match in matches] == [(BY_CELLS, 0.5)]


def test_roster_that_names_nobody_is_refused():
    matches = guess_columns(table("Colour,Shape\ngreen,round\n"))

    with pytest.raises(NobodyNamed) as refused:
        require_people(matches)
    assert refused.value.code == "nobody_named"
    assert str(refused.value.sentence)


def test_a_column_goes_on_with_the_attribute_of_its_name_unless_it_says_who_somebody_is():
    roster = table("Name,Email,First choice,Region,Shape\nAna,ana@x.org,Boats,North,round\n")

    known = known_keys(roster.header, ["email", "Region", "First choice", "first_choice", "area", "needs"])
    matches = guess_columns(roster, known=known)

    assert known == ["", "email", "First choice", "Region", ""]
    assert [(match.field.value, match.key) for match in matches] == [
        ("full_name", ""),
        ("email", ""),
        ("attribute", "First choice"),
        ("attribute", "Region"),
        ("attribute", "shape"),
    ]
    assert matches[2].why is BY_ROSTER


def test_our_own_attributes_are_filled_by_what_is_read_and_not_by_a_column_of_their_name():
    assert known_keys(["Needs", "Area", "", "?"], ["needs", "area", "", "?"]) == ["", "", "", ""]


def test_columns_of_one_name_go_on_with_one_attribute_each():
    roster = table("Email,Shape,shape?\na@x.org,round,flat\n")

    matches = guess_columns(roster, known=known_keys(roster.header, ["shape_2", "Shape", "shape"]))
    fewer = guess_columns(roster, known=known_keys(roster.header, ["shape"]))

    assert [match.key for match in matches] == ["", "Shape", "shape"]
    assert [match.key for match in fewer] == ["", "shape", "shape_2"]
