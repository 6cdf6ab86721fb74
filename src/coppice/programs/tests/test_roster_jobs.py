"""Large rosters are read, compared and applied by jobs that may be lost, doubled or killed without harm."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from coppice.accounts.actions import erase
from coppice.accounts.models import Person
from coppice.lib import progress
from coppice.programs import actions, tasks
from coppice.programs.actions import rosters
from coppice.programs.errors import ImportIsOver, ImportRefused, RosterChanged
from coppice.programs.models import Enrollment, Organization, Program, RosterImport, RosterLine
from coppice.programs.rosters.matching import DatesLeftOpen
from coppice.programs.tests import factories

pytestmark = pytest.mark.django_db

State = RosterImport.State
LONG_AGO = "2026-01-01T00:00:00Z"
ROSTER = (
    "Name,Email,Organization\n"
    "Rosa Medina,rosa@example.org,Eastside Pantry\n"
    "Tom Whitehorse,tom@example.org,Plains Rides\n"
    "Ana Ruiz,not an address,Plains Rides\n"
    ",,Plains Rides\n"
)


@pytest.fixture
def nothing_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rosters, "QUICK_BYTES", 0)
    monkeypatch.setattr(rosters, "QUICK_ROWS", 0)


def brought(program: Program, content: str = ROSTER, *, by: Any = None) -> RosterImport:
    return actions.begin_import(program, content=content.encode(), filename="r.csv", by=by)


def compared(program: Program, content: str = ROSTER) -> RosterImport:
    roster_import = brought(program, content)
    actions.read_import(roster_import.pk)
    actions.match_columns(roster_import, chosen={}, by=None)
    actions.compare_import(roster_import.pk)
    roster_import.refresh_from_db()
    return roster_import


def asked_to_apply(program: Program, content: str = ROSTER) -> RosterImport:
    roster_import = compared(program, content)
    actions.start_applying(roster_import, by=None)
    return roster_import


def test_a_large_file_goes_through_its_jobs_each_of_which_may_run_twice(nothing_is_quick: None) -> None:
    roster_import = brought(factories.program())
    states = [roster_import.state]
    for job in (actions.read_import, actions.read_import):
        job(roster_import.pk)
    roster_import.refresh_from_db()
    states.append(roster_import.state)
    states.append(actions.match_columns(roster_import, chosen={}, by=None).state)
    for job in (actions.compare_import, actions.compare_import):
        job(roster_import.pk)
    roster_import.refresh_from_db()

    assert [*states, roster_import.state] == ["reading", "matching", "comparing", "previewed"]
    assert (roster_import.row_count, roster_import.rows_to_check) == (4, 2)
    assert roster_import.plan_counts == {"add": 3, "change": 0, "unchanged": 0, "skip": 1}
    assert [(line.place, line.action, line.rows) for line in roster_import.lines.all()] == [
        (0, "add", "2"),
        (1, "add", "3"),
        (2, "add", "4"),
        (3, "skip", "5"),
    ]
    assert progress.read(rosters.progress_key(roster_import.pk)).doing == "keeping"


def test_columns_are_not_matched_again_while_a_job_compares(nothing_is_quick: None) -> None:
    roster_import = brought(factories.program())
    actions.read_import(roster_import.pk)
    actions.match_columns(roster_import, chosen={}, by=None)

    with pytest.raises(ImportIsOver):
        actions.match_columns(roster_import, chosen={}, by=None)


def test_a_comparison_by_other_columns_is_not_kept(
    nothing_is_quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster_import = brought(factories.program())
    actions.read_import(roster_import.pk)
    actions.match_columns(roster_import, chosen={}, by=None)
    monkeypatch.setattr(
        rosters,
        "lines_of",
        _meanwhile(rosters.lines_of, lambda: RosterImport.objects.update(columns=["full_name"] * 3)),
    )

    actions.compare_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (roster_import.state, RosterLine.objects.count()) == (State.COMPARING, 0)


def test_a_large_broken_file_is_refused_with_the_row_in_the_language_of_who_brought_it(
    nothing_is_quick: None,
) -> None:
    manager = factories.person("Manager", language="en")
    roster_import = brought(factories.program(), 'Name,Email\n"Rosa,rosa@example.org\n', by=manager)

    actions.read_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert roster_import.state == State.REFUSED
    assert roster_import.refusal == {
        "code": "unclosed_quote",
        "sentence": "In row 2 a quotation mark is opened and never closed. Close it, or remove it.",
    }
    assert Person.objects.count() == 1


def test_a_file_read_meanwhile_keeps_what_was_read_first(
    nothing_is_quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster_import = brought(factories.program())
    monkeypatch.setattr(
        rosters,
        "looks_of",
        _meanwhile(rosters.looks_of, lambda: RosterImport.objects.update(state=State.PREVIEWED)),
    )

    actions.read_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (roster_import.state, roster_import.seen) == (State.PREVIEWED, [])


def test_what_would_do_something_else_than_the_preview_said_is_shown_anew(
    client: Client, manager: Program
) -> None:
    rosa = actions.enroll(manager, name="Rosa Medina", email="rosa@example.org", by=None)
    roster_import = compared(manager)
    said = roster_import.plan_counts
    actions.change_enrollment(rosa, organizations=["Harbor Youth"], by=None)
    actions.start_applying(roster_import, by=None)

    counts = actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    page = client.get(f"/roster-imports/{roster_import.pk}/preview/").content.decode()
    assert (roster_import.state, roster_import.is_shown_anew) == (State.PREVIEWED, True)
    assert (sum(counts.values()), manager.enrollments.count()) == (0, 1)
    assert roster_import.plan_counts == said == {"add": 2, "change": 1, "unchanged": 0, "skip": 1}
    assert "The roster has changed since you looked at this file" in page
    assert "Harbor Youth" in page


def test_what_is_shown_anew_is_brought_in_at_the_second_word() -> None:
    program = factories.program()
    roster_import = compared(program)
    actions.enroll(program, name="Rosa", email="rosa@example.org", by=None)
    for _time in range(2):
        actions.start_applying(roster_import, by=None)
        counts = actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert counts == {"add": 2, "change": 1, "unchanged": 0, "skip": 1}
    assert (roster_import.state, program.enrollments.count()) == (State.APPLIED, 3)


def test_columns_matched_again_are_a_preview_like_any_other() -> None:
    program = factories.program()
    roster_import = compared(program)
    actions.enroll(program, name="Rosa", email="rosa@example.org", by=None)
    actions.start_applying(roster_import, by=None)
    actions.apply_import(roster_import.pk)

    actions.match_columns(roster_import, chosen={}, by=None)

    roster_import.refresh_from_db()
    assert (roster_import.state, roster_import.is_shown_anew) == (State.PREVIEWED, False)


def test_a_roster_that_changes_while_it_is_written_is_shown_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    program = factories.program()
    roster_import = asked_to_apply(program)
    changes = iter([lambda: actions.enroll(program, name="Rosa", email="rosa@example.org", by=None)])
    monkeypatch.setattr(
        rosters, "prepare", _meanwhile(rosters.prepare, lambda: next(changes, lambda: None)())
    )

    counts = actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (sum(counts.values()), roster_import.state) == (0, State.PREVIEWED)
    assert roster_import.plan_counts == {"add": 2, "change": 1, "unchanged": 0, "skip": 1}
    assert program.enrollments.count() == 1


def test_of_two_jobs_that_find_another_roster_one_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    program = factories.program()
    roster_import = asked_to_apply(program)
    actions.enroll(program, name="Rosa", email="rosa@example.org", by=None)
    monkeypatch.setattr(
        rosters,
        "lines_of",
        _meanwhile(rosters.lines_of, lambda: RosterImport.objects.update(state=State.MATCHING)),
    )

    actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (roster_import.state, roster_import.is_shown_anew) == (State.MATCHING, False)


def test_an_import_all_the_way_says_when_the_roster_changed_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    program = factories.program()
    monkeypatch.setattr(
        rosters,
        "start_applying",
        _meanwhile(
            rosters.start_applying,
            lambda: actions.enroll(program, name="Rosa", email="rosa@example.org", by=None),
        ),
    )

    with pytest.raises(RosterChanged):
        actions.finish_import(brought(program), by=None)

    assert program.enrollments.count() == 1


def test_a_roster_that_changes_again_and_again_is_compared_inside_the_transaction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = factories.program()
    roster_import = asked_to_apply(program)
    tries = iter(range(rosters.PREPARED_OUTSIDE))

    def another() -> None:
        if (number := next(tries, None)) is not None:
            actions.enroll(program, name=f"Newcomer {number}", by=None)

    monkeypatch.setattr(rosters, "prepare", _meanwhile(rosters.prepare, another))

    counts = actions.apply_import(roster_import.pk)

    assert counts["add"] == 3
    assert program.enrollments.count() == 3 + rosters.PREPARED_OUTSIDE


def test_a_roster_that_never_rests_is_left_to_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    program = factories.program()
    roster_import = asked_to_apply(program)
    monkeypatch.setattr(rosters, "stamp", lambda program: "another")

    counts = actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (sum(counts.values()), roster_import.state) == (0, State.APPLYING)
    assert program.enrollments.count() == 0


def test_a_job_that_comes_second_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    roster_import = asked_to_apply(factories.program())
    first: list[dict[str, int]] = []

    def other_job() -> None:
        if not first:
            first.append({})
            first[0] = actions.apply_import(roster_import.pk)

    monkeypatch.setattr(rosters, "prepare", _meanwhile(rosters.prepare, other_job))

    counts = actions.apply_import(roster_import.pk)

    assert counts == first[0] == {"add": 3, "change": 0, "unchanged": 0, "skip": 1}
    assert Enrollment.objects.count() == 3


@pytest.mark.parametrize("broken", ["forget_lines", "record"])
def test_what_is_killed_while_it_writes_leaves_nothing_and_the_sweep_does_it_again(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster_import = asked_to_apply(factories.program())

    class Killed(BaseException):
        pass

    def die(*_args: Any, **_fields: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rosters, broken, die)
        with pytest.raises(Killed):
            actions.apply_import(roster_import.pk)
    left = (Person.objects.count(), Enrollment.objects.count(), Organization.objects.count())
    RosterImport.objects.update(asked_at=LONG_AGO)
    tasks.sweep_roster_imports.func()

    roster_import.refresh_from_db()
    assert left == (0, 0, 0)
    assert (roster_import.state, Enrollment.objects.count()) == (State.APPLIED, 3)
    assert RosterLine.objects.count() == 0


def test_the_sweep_drives_each_lost_job_and_leaves_fresh_ones(nothing_is_quick: None) -> None:
    program = factories.program()
    lost, fresh = brought(program), brought(program)
    RosterImport.objects.filter(pk=lost.pk).update(asked_at=LONG_AGO)

    tasks.sweep_roster_imports.func()

    lost.refresh_from_db()
    fresh.refresh_from_db()
    assert (lost.state, fresh.state) == (State.MATCHING, State.READING)


def test_the_tasks_do_what_their_names_say(nothing_is_quick: None) -> None:
    roster_import = brought(factories.program())

    tasks.read_roster_import.func(roster_import.pk)
    actions.match_columns(roster_import, chosen={}, by=None)
    tasks.compare_roster_import.func(roster_import.pk)
    actions.start_applying(roster_import, by=None)
    tasks.apply_roster_import.func(roster_import.pk)

    assert Enrollment.objects.count() == 3


def test_a_lost_job_is_claimed_by_one_sweep(nothing_is_quick: None) -> None:
    brought(factories.program())
    RosterImport.objects.update(asked_at=LONG_AGO)
    seen = RosterImport.objects.get()

    assert [actions.claim_import(seen), actions.claim_import(seen)] == [True, False]


def test_a_refusal_that_comes_too_late_leaves_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    roster_import = asked_to_apply(factories.program())

    def refuse_late(*_args: Any) -> None:
        RosterImport.objects.update(state=State.APPLIED)
        raise DatesLeftOpen("Joined")

    monkeypatch.setattr(rosters, "reading_of", refuse_late)
    actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (roster_import.state, roster_import.refusal) == (State.APPLIED, {})


def test_old_files_are_thrown_away_with_their_previews() -> None:
    old, new = compared(factories.program()), compared(factories.program())
    RosterImport.objects.filter(pk=old.pk).update(created_at=LONG_AGO)

    tasks.sweep_roster_imports.func()

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, bytes(old.content), old.refusal["code"]) == (State.REFUSED, b"", "file_is_too_old")
    assert {line.roster_import for line in RosterLine.objects.all()} == {new}
    assert new.state == State.PREVIEWED


def test_a_file_that_was_dealt_with_is_gone_and_its_samples_too() -> None:
    program = factories.program()
    roster_import = compared(program)
    before = [look["samples"] for look in roster_import.seen]
    actions.start_applying(roster_import, by=None)
    actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert any(before)
    assert (roster_import.state, bytes(roster_import.content)) == (State.APPLIED, b"")
    assert [(look["header"], look["samples"]) for look in roster_import.seen] == [
        ("Name", []),
        ("Email", []),
        ("Organization", []),
    ]


@pytest.mark.parametrize("is_asked_to_apply", [False, True])
def test_somebody_erased_does_not_come_back_from_a_file_that_waited(is_asked_to_apply: bool) -> None:
    program = factories.program()
    actions.finish_import(brought(program), by=None)
    rosa = Person.objects.get(email="rosa@example.org")
    roster_import = asked_to_apply(program) if is_asked_to_apply else compared(program)

    erase(rosa, by=rosa)
    actions.start_applying(roster_import, by=None)
    actions.apply_import(roster_import.pk)

    roster_import.refresh_from_db()
    assert (roster_import.state, bytes(roster_import.content)) == (State.REFUSED, b"")
    assert "somebody had everything about them erased" in roster_import.refusal["sentence"]
    assert [look["samples"] for look in roster_import.seen] == [[], [], []]
    assert (RosterLine.objects.count(), program.enrollments.current().count()) == (0, 2)
    assert not Person.objects.filter(email="rosa@example.org").exists()


@pytest.mark.parametrize("is_quick", [True, False])
def test_another_programs_file_goes_when_it_holds_an_address_of_somebody_erased(
    is_quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = factories.program(), factories.program(factories.provider("Other"))
    monkeypatch.setattr(rosters, "QUICK_BYTES", 256 * 1024 if is_quick else 0)
    holding = brought(theirs, 'Person,Mail\nRosa,"ROSA@example.org; r@x.org"\n')
    other = brought(theirs, "Person,Mail\nTom,tom@example.org\n")
    broken = RosterImport.objects.create(program=theirs, content=b"\x00", filename="x.csv")
    done = RosterImport.objects.create(program=theirs, content=b"", filename="x.csv", state=State.APPLIED)
    rosa = actions.enroll(ours, name="Rosa Medina", email="rosa@example.org", by=None).person

    erase(rosa, by=rosa)

    states = {
        roster_import: RosterImport.objects.get(pk=roster_import.pk).state
        for roster_import in (holding, other, broken, done)
    }
    assert states == {
        holding: State.REFUSED,
        other: State.MATCHING if is_quick else State.READING,
        broken: State.REFUSED,
        done: State.APPLIED,
    }


def test_erasing_somebody_without_an_address_leaves_the_files_of_other_programs() -> None:
    waiting = brought(factories.program())
    rosa = Person.objects.create_user(name="Rosa Medina")

    erase(rosa, by=rosa)

    waiting.refresh_from_db()
    assert waiting.state == State.MATCHING


def test_an_import_goes_all_the_way_at_one_call_or_says_why_not(nothing_is_quick: None) -> None:
    program = factories.program()

    counts = actions.finish_import(brought(program), by=None)

    assert counts == {"add": 3, "change": 0, "unchanged": 0, "skip": 1}
    with pytest.raises(ImportRefused) as refused:
        actions.finish_import(brought(program, 'Name\n"Rosa\n'), by=None)
    assert "row 2" in str(refused.value.sentence)


def test_organizations_are_told_apart_as_elsewhere() -> None:
    program = factories.program()
    Organization.objects.create(program=program, name="Niñez Unida")
    Organization.objects.create(program=program, name="ACORN")
    Organization.objects.create(program=program, name="Acorn")

    actions.finish_import(
        brought(program, "Name,Organization\nAna,NINEZ  unida\nBo,Acorn\nCy,acorn\nDi,¿?\n"), by=None
    )
    actions.enroll(program, name="Ed", organizations=["!", "?"], by=None)
    actions.enroll(program, name="Fe", organizations=["niñez-unida", "New place", "new  PLACE", " "], by=None)

    assert {
        person.name: [organization.name for organization in person.organizations.order_by("name")]
        for person in program.enrollments.all()
    } == {
        "Ana": ["Niñez Unida"],
        "Bo": ["Acorn"],
        "Cy": ["Acorn"],
        "Di": [],
        "Ed": ["!", "?"],
        "Fe": ["New place", "Niñez Unida"],
    }


def test_what_was_joined_by_hand_stays_and_what_the_file_drops_ends() -> None:
    program = factories.program()
    header = "Name,Email,Organization,Leads the organization\n"
    actions.finish_import(brought(program, header + "Rosa,r@x.org,Pantry;Youth,no\n"), by=None)
    rosa = program.enrollments.get()
    actions.change_enrollment(rosa, organizations=["Pantry", "Youth", "Choir"], by=None)

    actions.finish_import(brought(program, header + "Rosa,r@x.org,Pantry;Rides,yes\n"), by=None)

    assert sorted(rosa.affiliations.values_list("organization__name", "is_lead")) == [
        ("Choir", True),
        ("Pantry", True),
        ("Rides", True),
    ]


def test_an_account_of_somebody_on_the_roster_stays_with_them() -> None:
    program = factories.program()
    ana = actions.enroll(program, name="Ana", email="ana@x.org", by=None)
    actions.change_enrollment(ana, organizations=[], email="office@x.org", by=None)

    counts = actions.finish_import(brought(program, "Name,Email\nAna,office@x.org\nBo,ana@x.org\n"), by=None)

    people = {person.name: (person.email, person.person.email) for person in program.enrollments.all()}
    assert (counts["add"], people) == (
        1,
        {"Ana": ("office@x.org", "ana@x.org"), "Bo": ("ana@x.org", None)},
    )


def test_dates_that_leave_their_order_open_are_asked_about_and_remembered() -> None:
    program = factories.program()
    text = "Name,Joined\nAna,03/04/2026\nBo,05/06/2026\n"
    roster_import = brought(program, text)

    with pytest.raises(DatesLeftOpen) as asked:
        actions.match_columns(roster_import, chosen={}, by=None)
    actions.match_columns(roster_import, chosen={}, day_first=True, by=None)
    program.refresh_from_db()
    again = actions.match_columns(brought(program, text), chosen={}, by=None)

    assert "“Joined”" in str(asked.value.sentence)
    actions.start_applying(again, by=None)
    actions.apply_import(again.pk)
    assert list(program.enrollments.values_list("attributes__joined_on", flat=True)) == [
        "2026-04-03",
        "2026-06-05",
    ]


@pytest.fixture
def manager(client: Client) -> Program:
    person = factories.person("Manager", language="en")
    program = factories.program(factories.provider(administrator=person))
    client.force_login(person)
    return program


def test_the_page_asks_for_the_order_of_dates_only_where_it_is_open(client: Client, manager: Program) -> None:
    settled = brought(manager, "Name,Joined\nAna,03/04/2026\nBo,25/06/2026\n")
    opened = brought(manager, "Name,Joined,Born\nAna,03/04/2026,01/02/1980\n")
    address = f"/roster-imports/{opened.pk}/"

    asked = client.get(address)
    refused = client.post(address, {"column-1": "joined_on"})
    answered = client.post(address, {"column-1": "joined_on", "day_first": "month"})

    assert "How dates are written" not in client.get(f"/roster-imports/{settled.pk}/").content.decode()
    assert "How dates are written" in asked.content.decode()
    assert refused.status_code == 422
    assert "Say which comes first" in refused.content.decode()
    assert answered.status_code == 302
    manager.refresh_from_db()
    assert manager.remembered_day_first is False


def test_a_preview_is_filtered_by_its_address(client: Client, manager: Program) -> None:
    roster_import = compared(manager)
    address = f"/roster-imports/{roster_import.pk}/preview/"

    shown = {
        show: [
            name
            for name in ("Rosa Medina", "Tom Whitehorse", "Ana Ruiz", "names nobody")
            if name in client.get(address, {"show": show}).content.decode()
        ]
        for show in ("", "add", "change", "skip", "check", "nonsense")
    }

    assert shown == {
        "": ["Rosa Medina", "Tom Whitehorse", "Ana Ruiz", "names nobody"],
        "add": ["Rosa Medina", "Tom Whitehorse", "Ana Ruiz"],
        "change": [],
        "skip": ["names nobody"],
        "check": ["Ana Ruiz", "names nobody"],
        "nonsense": ["Rosa Medina", "Tom Whitehorse", "Ana Ruiz", "names nobody"],
    }


def test_a_page_of_a_preview_neither_reads_the_file_nor_compares(
    client: Client, manager: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster_import = compared(manager)
    RosterImport.objects.update(content=b"")

    for address in ("", "preview/", "preview/?show=check", "progress/"):
        assert client.get(f"/roster-imports/{roster_import.pk}/{address}").status_code == 200


def test_a_person_waits_on_a_page_of_progress_and_is_taken_on(
    client: Client, manager: Program, nothing_is_quick: None
) -> None:
    roster_import = brought(manager)
    address = f"/roster-imports/{roster_import.pk}/"

    def look(path: str, **headers: str) -> tuple[int, str]:
        answer = client.get(address + path, headers=headers)
        return answer.status_code, answer.headers.get("HX-Redirect", "")

    reading = client.get(address).content.decode()
    at_preview = client.get(f"{address}preview/").url
    waiting = look("progress/", HX_Request="true")
    actions.read_import(roster_import.pk)
    read = look("progress/", HX_Request="true"), look("progress/")
    client.post(address)
    comparing = client.get(f"{address}preview/").content.decode()
    actions.compare_import(roster_import.pk)
    compared = look("progress/", HX_Request="true")

    assert "we read it first" in reading
    assert at_preview == address
    assert waiting == (200, "")
    assert read == ((200, address), (200, ""))
    assert "we compare it first" in comparing
    assert compared == (200, f"{address}preview/")


def test_columns_must_be_matched_before_anything_is_applied(client: Client, manager: Program) -> None:
    roster_import = brought(manager)

    answer = client.post(f"/roster-imports/{roster_import.pk}/application/")

    assert answer.url == f"/roster-imports/{roster_import.pk}/"


def _meanwhile(function: Callable[..., Any], change: Callable[[], Any]) -> Callable[..., Any]:
    """A function in whose course something else happens."""

    def call(*args: Any, **fields: Any) -> Any:
        result = function(*args, **fields)
        change()
        return result

    return call
