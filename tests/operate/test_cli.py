"""The command line does one thing per command, and says kindly what it will not do."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.utils import timezone

from bench.installation import Installation
from coppice.accounts.models import Person
from coppice.cli import main
from coppice.programs.actions import create_program, create_provider
from coppice.programs.models import Program, Staff
from tests.threads import own_database  # noqa: F401  a fixture

ROSTER = "Name,Email,Organization\nAna Ruiz,ana@north.example,North\nBo Lind,bo@south.example,South\n"


@pytest.fixture(autouse=True)
def ordinary_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command changes what belongs to its process; the tests share one."""
    monkeypatch.setenv("COPPICE_BASE_URL", "http://127.0.0.1:8000")
    umask = os.umask(0o022)
    os.umask(umask)
    yield
    os.umask(umask)


@pytest.fixture
def program(db: None) -> Program:
    manager = Person.objects.create_user("manager@provider.example", name="Manager")
    return create_program(
        create_provider("Provider", administrator=manager),
        name="Program",
        award_starts=timezone.localdate(),
        award_ends=timezone.localdate().replace(year=timezone.localdate().year + 1),
        topics=[],
        by=manager,
    )


def test_a_misspelt_command_is_answered_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["bakcup"])

    assert stop.value.code == 2
    assert "usage: coppice" in capsys.readouterr().err


def test_every_command_has_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    said = capsys.readouterr().out
    wanted = "serve demo import-roster backup restore check create-admin migrate makemigrations manage"
    assert [name for name in wanted.split() if f"    {name}" not in said] == []


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("COPPICE_MAIL_BACKEND", "postmark", "COPPICE_MAIL_BACKEND=postmark needs COPPICE_MAIL_KEY too.\n"),
        (
            "COPPICE_TIME_ZONE",
            "Chicago",
            "COPPICE_TIME_ZONE=Chicago is no zone. Write one as America/Chicago.\n",
        ),
        ("COPPICE_LANGUAGE", "xx", "COPPICE_LANGUAGE=xx is not spoken. Choose one of en, es.\n"),
        ("COPPICE_SMTP_PORT", "mail", "COPPICE_SMTP_PORT=mail is no number. Write one, such as 25.\n"),
    ],
)
def test_a_setting_that_cannot_be_is_told(tmp_path: Path, variable: str, value: str, sentence: str) -> None:
    place = Installation(tmp_path)
    place.environment[variable] = value

    done = place.coppice("check")

    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


@pytest.mark.django_db
def test_options_of_djangos_own_commands_are_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manage", "showmigrations", "history", "--plan", "--no-color"]) == 0

    assert "[X]  history.0001_initial" in capsys.readouterr().out


@pytest.mark.skipif("postgres" in os.environ.get("COPPICE_DATABASE_URL", ""), reason="about the SQLite file")
def test_backup_and_restore(
    own_database: None,  # noqa: F811
    tmp_path: Path,
    settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.HOME = tmp_path / "home"
    settings.MEDIA_ROOT = settings.HOME / "files"
    settings.HOME.mkdir()
    Session.objects.create(session_key="kept", session_data="", expire_date=timezone.now())
    path = str(tmp_path / "backup.tar.gz")

    codes = [main(["backup", path])]
    Session.objects.create(session_key="later", session_data="", expire_date=timezone.now())
    codes += [main(["restore", path]), main(["restore", path, "--replace"])]

    said = capsys.readouterr()
    assert codes == [0, 1, 0]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["kept"]
    assert said.out.startswith("The backup is whole. Rows: ")
    assert "What was here before is in " in said.out
    assert said.err == "Coppice already lives here: restore into an empty COPPICE_HOME, or use --replace.\n"


@pytest.mark.django_db
def test_create_admin_opens_a_provider(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["create-admin", "ada@provider.example", "--name", "Ada", "--provider", "New provider"])

    post = Staff.objects.select_related("person", "provider").get()
    assert code == 0
    assert (post.person.email, post.provider.name, post.role) == (
        "ada@provider.example",
        "New provider",
        Staff.Role.ADMIN,
    )
    assert "Ada administers New provider" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_import_roster_brings_a_file_in(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER)

    code = main(["import-roster", str(program.pk), str(roster)])

    assert code == 0
    assert sorted(program.enrollments.values_list("name", flat=True)) == ["Ana Ruiz", "Bo Lind"]
    assert capsys.readouterr().out == "2 added, 0 changed, 0 unchanged, 0 skipped.\n"


@pytest.mark.django_db(transaction=True)
def test_import_roster_says_which_rows_wait_for_an_answer(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER)
    main(["import-roster", str(program.pk), str(roster)])
    address = program.enrollments.get(name="Ana Ruiz").email
    roster.write_text(ROSTER.replace(address, "ana@new.example"))
    capsys.readouterr()

    code = main(["import-roster", str(program.pk), str(roster)])

    assert code == 0
    assert program.enrollments.count() == 2
    assert capsys.readouterr().out.splitlines() == [
        "0 added, 0 changed, 1 unchanged, 1 skipped.",
        "1 row may be somebody with a new address, and was left out. "
        "Bring the file in on the program's page to say who it is.",
    ]


@pytest.mark.django_db
def test_import_roster_into_no_program_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-roster", "999", str(tmp_path / "roster.csv")]) == 1

    assert capsys.readouterr().err == "There is no program with this number.\n"


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_told(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.csv"

    assert main(["import-roster", str(program.pk), str(missing)]) == 1

    assert capsys.readouterr().err == f"{missing} cannot be used: No such file or directory.\n"


@pytest.mark.django_db
def test_a_database_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(connection, "create_cursor", refuse)

    assert main(["create-admin", "ada@provider.example", "--provider", "New provider"]) == 1
    assert "disk I/O error" in capsys.readouterr().err
