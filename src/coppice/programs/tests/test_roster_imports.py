"""Rosters come in whole or not at all, once, and again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from coppice.accounts.models import Person
from coppice.history.models import Entry
from coppice.lib.tables import TableRefused
from coppice.programs import actions, tasks
from coppice.programs.errors import ImportIsOver, SamePersonTwice
from coppice.programs.models import Enrollment, Organization, Program, RosterImport
from coppice.programs.rosters.comparison import SOMEBODY_ELSE
from coppice.programs.rosters.matching import NobodyNamed
from coppice.programs.tests import factories

pytestmark = pytest.mark.django_db

SMALL = (
    "Name,Email,Phone,Organization,Area,Role,Van size\n"
    "Rosa Medina,rosa@example.org,,Eastside Pantry,North,Director,12\n"
    "Tom Whitehorse,,+1 555 010 0001,Plains Rides,South,,\n"
    "Rosa Medina,rosa@example.org,,Harbor Youth,North,Director,12\n"
)


def bring_in(program: Program, content: bytes, filename: str = "roster.csv") -> dict[str, int]:
    roster_import = actions.begin_import(program, content=content, filename=filename, by=None)
    actions.match_columns(roster_import, chosen={}, by=None)
    actions.start_applying(roster_import, by=None)
    return actions.apply_import(roster_import.pk)


def test_a_roster_makes_people_organizations_and_one_entry() -> None:
    program = factories.program()

    counts = bring_in(program, SMALL.encode())

    rosa = Enrollment.objects.get(email="rosa@example.org")
    tom = Enrollment.objects.get(name="Tom Whitehorse")
    assert counts == {"add": 2, "change": 0, "unchanged": 0, "skip": 0}
    assert set(rosa.organizations.values_list("name", flat=True)) == {"Eastside Pantry", "Harbor Youth"}
    assert rosa.person.email == "rosa@example.org"
    assert rosa.attributes == {"van_size": 12}
    assert (tom.contact_mode, tom.person.email) == ("phone", None)
    assert Organization.objects.get(name="Plains Rides").area == "South"
    entry = Entry.objects.of(program.scope).get()
    assert (entry.verb, entry.detail) == ("roster.imported", counts)


def test_the_same_file_again_changes_nothing() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    before = list(Enrollment.objects.order_by("pk").values())

    counts = bring_in(program, SMALL.encode("utf-8-sig"))

    assert counts == {"add": 0, "change": 0, "unchanged": 2, "skip": 0}
    assert list(Enrollment.objects.order_by("pk").values()) == before


def test_a_corrected_file_updates_and_a_persons_own_correction_survives() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    Enrollment.objects.filter(email="rosa@example.org").update(name="Rosa Medina-Ortiz")

    counts = bring_in(program, SMALL.replace("Director,12", "Chair,14").encode())

    rosa = Enrollment.objects.get(email="rosa@example.org")
    assert counts == {"add": 0, "change": 1, "unchanged": 1, "skip": 0}
    assert (rosa.name, rosa.job_title, rosa.attributes) == ("Rosa Medina-Ortiz", "Chair", {"van_size": 14})


def test_a_missing_address_that_arrives_makes_the_account_reachable() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())

    bring_in(program, SMALL.replace("Whitehorse,,", "Whitehorse,tom@example.org,").encode())

    tom = Enrollment.objects.get(name="Tom Whitehorse")
    assert (tom.email, tom.person.email, tom.contact_mode) == ("tom@example.org", "tom@example.org", "email")


def test_somebody_known_to_another_provider_keeps_their_account_untouched() -> None:
    rosa = factories.person("R. M.", email="rosa@example.org", language="es")

    bring_in(factories.program(), SMALL.encode())

    enrollment = Enrollment.objects.get(email="rosa@example.org")
    rosa.refresh_from_db()
    assert (enrollment.person, rosa.name, rosa.language) == (rosa, "R. M.", "es")


def test_a_broken_file_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(TableRefused):
        actions.begin_import(
            factories.program(), content=b'Name,Email\n"Rosa,rosa@example.org\n', filename="x.csv", by=None
        )

    assert RosterImport.objects.count() == Person.objects.count() == 0


def test_columns_that_name_nobody_are_refused_and_stay_open() -> None:
    program = factories.program()
    roster_import = actions.begin_import(program, content=SMALL.encode(), filename="r.csv", by=None)

    with pytest.raises(NobodyNamed):
        actions.match_columns(roster_import, chosen=dict.fromkeys(range(7), "ignored"), by=None)

    roster_import.refresh_from_db()
    assert roster_import.state == RosterImport.State.MATCHING


def test_chosen_columns_are_remembered_for_the_next_file() -> None:
    program = factories.program()
    first = actions.begin_import(program, content=SMALL.encode(), filename="r.csv", by=None)
    actions.match_columns(first, chosen={6: "ignored"}, by=None)
    program.refresh_from_db()

    second = actions.begin_import(program, content=SMALL.encode(), filename="r.csv", by=None)

    assert second.columns[6] == "ignored"


def test_an_import_is_applied_once_and_not_matched_again() -> None:
    program = factories.program()
    roster_import = actions.begin_import(program, content=SMALL.encode(), filename="r.csv", by=None)
    actions.match_columns(roster_import, chosen={}, by=None)
    actions.start_applying(roster_import, by=None)
    first = actions.apply_import(roster_import.pk)

    again = actions.apply_import(roster_import.pk)
    actions.start_applying(roster_import, by=None)

    assert again == first
    assert Enrollment.objects.count() == 2
    with pytest.raises(ImportIsOver):
        actions.match_columns(roster_import, chosen={}, by=None)


def test_a_file_that_no_longer_reads_refuses_the_import() -> None:
    program = factories.program()
    roster_import = actions.begin_import(program, content=SMALL.encode(), filename="r.csv", by=None)
    actions.match_columns(roster_import, chosen={}, by=None)
    actions.start_applying(roster_import, by=None)
    RosterImport.objects.update(content=b"\x00\x01")

    counts = actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (roster_import.state, sum(counts.values())) == (RosterImport.State.REFUSED, 0)
    assert roster_import.refusal["sentence"]


def test_the_sweep_applies_what_a_lost_job_left_and_throws_away_the_file() -> None:
    program = factories.program()
    stuck = actions.begin_import(program, content=SMALL.encode(), filename="r.csv", by=None)
    actions.match_columns(stuck, chosen={}, by=None)
    actions.start_applying(stuck, by=None)
    RosterImport.objects.update(created_at="2026-01-01T00:00:00Z", asked_at="2026-01-01T00:00:00Z")

    tasks.sweep_roster_imports.func()

    stuck.refresh_from_db()
    assert (stuck.state, bytes(stuck.content)) == (RosterImport.State.APPLIED, b"")


@factories.needs_rosters
@pytest.mark.parametrize(
    ("filename", "people"),
    [
        ("groupeng_sample_class_1.csv", 105),
        ("gruepr_testdata.csv", 32),
    ],
)
def test_other_tools_rosters_come_in_and_again_change_nothing(filename: str, people: int) -> None:
    program = factories.program()
    content = (factories.ROSTERS / filename).read_bytes()

    first = bring_in(program, content, filename)
    again = bring_in(program, content, filename)

    assert first == {"add": people, "change": 0, "unchanged": 0, "skip": 0}
    assert again == {"add": 0, "change": 0, "unchanged": people, "skip": 0}
    assert program.enrollments.count() == people


@factories.needs_rosters
def test_people_who_answered_twice_come_in_once() -> None:
    program = factories.program()
    content = (factories.ROSTERS / "gruepr_testdata_duplicates.csv").read_bytes()

    counts = bring_in(program, content, "gruepr_testdata_duplicates.csv")

    emails = list(program.enrollments.values_list("email", flat=True))
    assert counts["add"] == len(emails) == len(set(emails))
    assert counts["skip"] == 0


def test_a_manager_uploads_matches_previews_and_applies(client: Client) -> None:
    rosa = factories.person("Manager")
    program = factories.program(factories.provider(administrator=rosa))
    client.force_login(rosa)

    uploaded = client.post(
        f"/programs/{program.pk}/roster-imports/", {"file": SimpleUploadedFile("r.csv", SMALL.encode())}
    )
    matching = client.get(uploaded.url)
    matched = client.post(uploaded.url, {"column-6": "ignored", "column-0": "nonsense"})
    preview = client.get(matched.url)
    applied = client.post(f"{uploaded.url}application/")
    actions.apply_import(RosterImport.objects.get().pk)
    done = client.get(applied.url)
    progress = client.get(f"{uploaded.url}progress/")

    assert "Van size" in matching.content.decode()
    assert "Tom Whitehorse" in preview.content.decode()
    assert "2 added" in done.content.decode()
    assert "2 added" in progress.content.decode()
    assert client.get(uploaded.url).url == f"{uploaded.url}preview/"


def test_a_refused_upload_is_said_beside_the_field(client: Client) -> None:
    rosa = factories.person("Manager")
    program = factories.program(factories.provider(administrator=rosa))
    client.force_login(rosa)

    answer = client.post(
        f"/programs/{program.pk}/roster-imports/",
        {"file": SimpleUploadedFile("r.csv", b'Name,Email\n"Rosa,x@example.org\n')},
    )

    assert answer.status_code == 422
    assert RosterImport.objects.count() == 0
    assert "aria-invalid" in answer.content.decode()


def test_everything_a_row_says_can_change() -> None:
    program = factories.program()
    header = "Name,Email,Phone,Organization,County,Organization type,Leads the organization\n"
    bring_in(program, (header + "Ana,,+1 555 010 0001,Pantry,North,Food bank,no\nTom,,,Pantry,,,\n").encode())
    actions.enroll(program, name="Zoe", email="zoe@example.org", by=None)

    counts = bring_in(
        program,
        (
            header
            + "Ana,,+1 555 010 0001,Pantry,South,Clinic,yes\n"
            + "Tom,,+1 555 010 0002,Pantry,,,\n"
            + "Zoe,zoe@example.org,,Youth,North,,no\n"
            + ",,,Pantry,,,\n"
        ).encode(),
    )

    pantry = Organization.objects.get(name="Pantry")
    ana, tom, zoe = (Enrollment.objects.get(name=name) for name in ("Ana", "Tom", "Zoe"))
    assert (pantry.area, pantry.kind) == ("South", "Clinic")
    assert (counts["add"], counts["skip"]) == (0, 1)
    assert ana.affiliations.get().is_lead
    assert (tom.phone != "", tom.contact_mode) == (True, "phone")
    assert zoe.organizations.get().name == "Youth"


def test_an_address_another_account_has_stays_on_the_roster_alone() -> None:
    program = factories.program()
    bring_in(program, b"ID,Name,Email\n1,Tom,\n")
    factories.person("Somebody", email="tom@example.org")

    bring_in(program, b"ID,Name,Email\n1,Tom,tom@example.org\n")

    tom = Enrollment.objects.get(external_id="1")
    assert (tom.email, tom.person.email) == ("tom@example.org", None)


def test_a_preview_says_who_takes_part_on_paper(client: Client) -> None:
    rosa = factories.person()
    program = factories.program(factories.provider(administrator=rosa))
    client.force_login(rosa)
    content = b"Name,Email,Phone\nAna Ruiz,,\nTom Lee,tom@example.org,\nSam Poe,,+1 555 010 0001\n"
    roster_import = actions.begin_import(program, content=content, filename="few.csv", by=rosa)
    actions.match_columns(roster_import, chosen={}, by=rosa)

    shown = client.get(f"/roster-imports/{roster_import.pk}/preview/").text

    assert shown.count("takes part on paper") == 1
    assert [line.said["on_paper"] for line in roster_import.lines.all()] == [True, False, False]


def test_a_preview_shows_the_organization_and_what_changes_from_what(client: Client) -> None:
    rosa = factories.person()
    program = factories.program(factories.provider(administrator=rosa))
    client.force_login(rosa)
    bring_in(program, b"Name,Email,Organization,City\nAna Ruiz,ana@example.org,Casa Verde,Dayton\n")
    content = b"Name,Email,Organization,City\nAna Ruiz Vega,ana@example.org,Elm Pantry,Salem\n"
    roster_import = actions.begin_import(program, content=content, filename="more.csv", by=rosa)

    mapping = client.get(f"/roster-imports/{roster_import.pk}/").text
    actions.match_columns(roster_import, chosen={}, by=rosa)
    shown = client.get(f"/roster-imports/{roster_import.pk}/preview/").text
    actions.match_columns(roster_import, chosen={3: "attribute"}, by=rosa)
    otherwise = client.get(f"/roster-imports/{roster_import.pk}/preview/").text

    assert mapping.count("Read as where the organization is, for all its people.") == 1
    assert "Elm Pantry (Salem)" in shown
    assert "Name: <del>Ana Ruiz</del>" in shown
    assert "Organizations: <del>Casa Verde</del>" in shown
    assert "Elm Pantry</span>" in otherwise
    assert "City: <ins>Salem</ins>" in otherwise


MOVED = SMALL.replace("rosa@example.org", "rosa@harbor.example.org")


def previewed(program: Program, content: str = MOVED) -> RosterImport:
    roster_import = actions.begin_import(program, content=content.encode(), filename="r.csv", by=None)
    return actions.match_columns(roster_import, chosen={}, by=None)


def apply(roster_import: RosterImport) -> dict[str, int]:
    actions.start_applying(roster_import, by=None)
    return actions.apply_import(roster_import.pk)


def test_a_changed_address_makes_no_second_person_before_somebody_says_so() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    before = list(Enrollment.objects.order_by("pk").values())

    roster_import = previewed(program)
    counts = apply(roster_import)

    assert (roster_import.rows_to_answer, roster_import.rows_to_check) == (1, 1)
    assert counts == {"add": 0, "change": 0, "unchanged": 1, "skip": 1}
    assert list(Enrollment.objects.order_by("pk").values()) == before
    assert Person.objects.count() == 2


def test_the_same_person_gets_the_new_address_on_the_roster_and_signs_in_as_before() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")

    answered = actions.say_who(previewed(program), answers={2: rosa.pk}, by=None)
    counts = apply(answered)

    assert (answered.rows_to_answer, answered.rows_to_check) == (0, 1)  # two organizations, as before
    assert counts == {"add": 0, "change": 1, "unchanged": 1, "skip": 0}
    rosa.refresh_from_db()
    assert (rosa.email, rosa.person.email) == ("rosa@harbor.example.org", "rosa@example.org")
    assert not Person.objects.with_email("rosa@harbor.example.org").exists()
    assert bring_in(program, MOVED.encode()) == {"add": 0, "change": 0, "unchanged": 2, "skip": 0}


def test_the_new_address_of_another_account_opens_neither_account_to_the_other() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")
    other = factories.person("Rosa at Harbor", email="rosa@harbor.example.org")

    apply(actions.say_who(previewed(program), answers={2: rosa.pk}, by=None))

    rosa.refresh_from_db()
    other.refresh_from_db()
    assert rosa.person != other
    assert (rosa.person.email, other.email) == ("rosa@example.org", "rosa@harbor.example.org")
    assert not other.enrollments.exists()


def test_somebody_else_of_the_same_name_is_added() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())

    counts = apply(actions.say_who(previewed(program), answers={2: SOMEBODY_ELSE}, by=None))

    assert counts == {"add": 1, "change": 0, "unchanged": 1, "skip": 0}
    assert program.enrollments.filter(name="Rosa Medina").count() == 2


def test_an_answer_can_be_changed_and_the_same_again_compares_nothing_anew() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")
    roster_import = actions.say_who(previewed(program), answers={2: SOMEBODY_ELSE}, by=None)

    again = actions.say_who(roster_import, answers={2: SOMEBODY_ELSE}, by=None)
    changed = actions.say_who(roster_import, answers={2: rosa.pk}, by=None)

    assert again.asked_at == roster_import.asked_at
    assert changed.plan_counts == {"add": 0, "change": 1, "unchanged": 1, "skip": 0}


def test_two_rows_are_never_one_person_and_a_file_that_is_dealt_with_is_not_answered() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")
    roster_import = previewed(program, MOVED + "Rosa Medina,rosa@third.example.org,,Harbor Youth,North,,\n")

    with pytest.raises(SamePersonTwice):
        actions.say_who(roster_import, answers={2: rosa.pk, 5: rosa.pk}, by=None)
    apply(roster_import)
    with pytest.raises(ImportIsOver):
        actions.say_who(roster_import, answers={2: rosa.pk}, by=None)


def test_a_large_file_is_compared_anew_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    roster_import = previewed(program)
    monkeypatch.setattr("coppice.programs.actions.rosters.QUICK_ROWS", 0)

    actions.say_who(roster_import, answers={2: SOMEBODY_ELSE}, by=None)
    roster_import.refresh_from_db()
    waiting = roster_import.state
    actions.compare_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (waiting, roster_import.state) == (RosterImport.State.COMPARING, RosterImport.State.PREVIEWED)
    assert roster_import.plan_counts["add"] == 1


def test_the_preview_asks_and_keeps_the_answer(client: Client) -> None:
    manager = factories.person("Manager")
    program = factories.program(factories.provider(administrator=manager))
    client.force_login(manager)
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")
    roster_import = previewed(program)
    page = f"/roster-imports/{roster_import.pk}/preview/"

    asked = client.get(page).text
    nonsense = client.post(f"/roster-imports/{roster_import.pk}/answers/", {"who-0": "999", "page": "1"})
    saved = client.post(
        f"/roster-imports/{roster_import.pk}/answers/", {"who-0": str(rosa.pk)}, follow=True
    ).text
    roster_import.refresh_from_db()

    assert "mail goes to rosa@harbor.example.org instead of rosa@example.org" in asked
    assert "1 person may be on the roster already" in asked
    assert nonsense.url == f"{page}?show=asked&page=1"
    assert roster_import.answers == {"2": rosa.pk}
    assert f'value="{rosa.pk}" checked' in " ".join(saved.split())
    assert "may be on the roster already" not in saved


def test_answers_that_cannot_be_are_refused_with_a_sentence(client: Client) -> None:
    manager = factories.person("Manager")
    program = factories.program(factories.provider(administrator=manager))
    client.force_login(manager)
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")
    roster_import = previewed(program, MOVED + "Rosa Medina,rosa@third.example.org,,Harbor Youth,North,,\n")

    answer = client.post(
        f"/roster-imports/{roster_import.pk}/answers/",
        {"who-0": str(rosa.pk), "who-2": str(rosa.pk)},
        follow=True,
    ).text

    assert "Two rows cannot be the same person" in answer


def test_two_people_with_one_address_come_in_as_two_and_again_change_nothing() -> None:
    program = factories.program()
    content = b"Name,Email\nAnna Smith,dup@example.org\nBob Smith,dup@example.org\n"

    first, again = bring_in(program, content), bring_in(program, content)

    assert (first["add"], again["unchanged"]) == (2, 2)
    assert list(program.enrollments.order_by("name").values_list("name", "email", "contact_mode")) == [
        ("Anna Smith", "dup@example.org", "email"),
        ("Bob Smith", "", "paper"),
    ]


def test_a_later_file_fills_the_attributes_that_people_have_by_its_headings() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    rosa = Enrollment.objects.get(email="rosa@example.org")
    rosa.attributes = {"First choice": "Grants", "Van size": 12}
    rosa.save()
    later = "Name,Email,first  CHOICE,Van size?\nLou Late,lou@example.org,Boards,7\n"

    counts = bring_in(program, later.encode())

    lou = Enrollment.objects.get(email="lou@example.org")
    assert counts == {"add": 1, "change": 0, "unchanged": 0, "skip": 0}
    assert lou.attributes == {"First choice": "Boards", "Van size": 7}
    assert bring_in(program, later.encode())["unchanged"] == 1


def test_the_attribute_that_most_people_have_goes_first_where_names_differ_in_spelling_alone() -> None:
    program = factories.program()
    bring_in(program, SMALL.encode())
    for person, attributes in zip(
        Enrollment.objects.order_by("pk"), ({"van_size": 1}, {"Van size": 2}), strict=True
    ):
        person.attributes = attributes
        person.save()
    bring_in(program, b"Name,Email,VAN SIZE\nLou Late,lou@example.org,7\n")
    bring_in(program, b"Name,Email,Van size\nMo Later,mo@example.org,8\n")

    assert [
        person.attributes
        for person in Enrollment.objects.filter(email__in=["lou@example.org", "mo@example.org"])
    ] == [{"van_size": 7}, {"Van size": 8}]


def test_a_column_kept_by_hand_goes_on_with_the_attribute_of_its_name_and_the_page_says_so(
    client: Client,
) -> None:
    boss = factories.person("Maria Velasco")
    program = factories.program(factories.provider(administrator=boss))
    bring_in(program, SMALL.encode())
    Enrollment.objects.update(attributes={"First choice": "Grants"})
    program.refresh_from_db()
    program.remembered_columns |= {"first choice": "wish"}
    program.save()
    client.force_login(boss)
    roster_import = actions.begin_import(
        program,
        content=b"Name,Email,First choice\nLou,lou@example.org,Boards\n",
        filename="late.csv",
        by=boss,
    )
    page = f"/roster-imports/{roster_import.pk}/"
    told = "Goes on with “First choice”, which people on the roster have already."
    assert told not in client.get(page).content.decode()

    client.post(page, {"column-2": "attribute"})

    assert told in client.get(page).content.decode()
    actions.start_applying(roster_import, by=None)
    actions.apply_import(roster_import.pk)
    assert Enrollment.objects.get(name="Lou").attributes == {"First choice": "Boards"}
