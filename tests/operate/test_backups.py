"""A backup of a living installation, brought back elsewhere, has equal rows and files."""

import json
import os
import sqlite3
import tarfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils import timezone

from coppice import backups
from coppice.backups import CannotWrite, HomeInUse, Manifest, NotABackup, ToolMissing, WrongDatabase
from tests.threads import own_database  # noqa: F401  a fixture

sqlite_only = pytest.mark.skipif(
    "postgres" in os.environ.get("COPPICE_DATABASE_URL", ""), reason="this is about the SQLite file"
)


@pytest.fixture
def home(own_database: None, tmp_path: Path, settings) -> Path:  # noqa: F811
    """A living installation: a database of its own, one row, one file and a key."""
    settings.HOME = tmp_path / "here"
    settings.MEDIA_ROOT = settings.HOME / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    (settings.HOME / "secret.key").write_text("the key")
    upload(0)
    return settings.HOME


@pytest.fixture
def elsewhere(home: Path, tmp_path: Path, settings) -> Callable[[], Path]:
    """Move on to an empty home, as on another machine."""

    def move() -> Path:
        settings.HOME = tmp_path / "elsewhere"
        settings.MEDIA_ROOT = settings.HOME / "files"
        settings.HOME.mkdir()
        connection.close()
        connection.settings_dict["NAME"] = str(settings.HOME / "coppice.sqlite3")
        return settings.HOME

    return move


def upload(number: int) -> None:
    """Write a file, then the row that names it, as every upload does."""
    name = default_storage.save(f"uploads/{number}.txt", ContentFile(f"content {number}".encode()))
    Session.objects.create(session_key=f"{number:05}", session_data=name, expire_date=timezone.now())


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def rows() -> list[tuple[str, str]]:
    return list(Session.objects.order_by("pk").values_list("session_key", "session_data"))


@sqlite_only
def test_backup_brought_back_elsewhere_is_equal(home: Path, elsewhere, tmp_path: Path) -> None:
    upload(1)
    before, uploads = rows(), files_in(home / "files")

    manifest = backups.write(tmp_path / "backup.tar.gz")
    there = elsewhere()
    aside = backups.restore(tmp_path / "backup.tar.gz")

    assert (rows(), files_in(there / "files"), aside) == (before, uploads, None)
    assert (there / "secret.key").read_text() == "the key"
    assert (manifest.rows["django_session"], manifest.uploads, manifest.database) == (2, 2, "sqlite")
    assert sorted(entry.name for entry in there.iterdir() if entry.is_dir()) == ["files"]


@sqlite_only
def test_backup_made_while_others_write_is_one_moment(home: Path, elsewhere, tmp_path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def keep_writing() -> None:
        while not stop.is_set():
            upload(len(written) + 1)
            written.append(len(written) + 1)
        connections["default"].close()

    writer = threading.Thread(target=keep_writing, daemon=True)
    writer.start()
    until(lambda: len(written) > 20)
    at_start = len(written)
    manifest = backups.write(tmp_path / "backup.tar.gz")
    at_end = len(written)
    until(lambda: len(written) > at_end + 5)
    stop.set()
    writer.join(timeout=60)
    there = elsewhere()
    backups.restore(tmp_path / "backup.tar.gz")

    kept = rows()
    assert [key for key, _ in kept] == [f"{number:05}" for number in range(len(kept))]
    assert at_start < len(kept) <= at_end + 2
    assert manifest.rows["django_session"] == len(kept)
    files = files_in(there / "files")
    assert {name: files[name] for _, name in kept} == {
        name: f"content {number}".encode() for number, (_, name) in enumerate(kept)
    }


@sqlite_only
def test_backup_is_private_and_lists_what_it_holds(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar.gz"

    manifest = backups.write(path)

    with tarfile.open(path) as archive:
        names = archive.getnames()
        inside = Manifest(**json.load(archive.extractfile("manifest.json")))
    assert names == ["manifest.json", "coppice.sqlite3", "files/uploads/0.txt", "secret.key"]
    assert inside == manifest
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in home.iterdir() if entry.name.startswith("backup-")] == []
    age = backups.age_of_last()
    assert age is not None
    assert age < timedelta(minutes=1)


@sqlite_only
def test_home_in_use_is_not_restored_into(home: Path, tmp_path: Path) -> None:
    backups.write(tmp_path / "backup.tar.gz")
    upload(1)
    before = rows()

    with pytest.raises(HomeInUse):
        backups.restore(tmp_path / "backup.tar.gz")

    assert rows() == before


@sqlite_only
def test_what_was_here_is_put_aside_when_replaced(home: Path, tmp_path: Path) -> None:
    backups.write(tmp_path / "backup.tar.gz")
    before = rows()
    upload(1)
    (home / "secret.key").write_text("a later key")

    aside = backups.restore(tmp_path / "backup.tar.gz", replace=True)

    assert aside is not None
    assert (rows(), list(files_in(home / "files"))) == (before, ["uploads/0.txt"])
    assert (home / "secret.key").read_text() == "the key"
    assert (aside / "secret.key").read_text() == "a later key"
    assert list(files_in(aside / "files")) == ["uploads/0.txt", "uploads/1.txt"]
    with closing(sqlite3.connect(next(aside.glob("*.sqlite3")))) as old:
        assert old.execute("SELECT count(*) FROM django_session").fetchone() == (2,)


def damage_nothing_known(path: Path) -> None:
    path.write_bytes(b"not an archive")


def damage_by_cutting(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_a_file(path: Path) -> None:
    repack(path, {"files/uploads/0.txt": b"something else"})


def damage_the_manifest(path: Path) -> None:
    repack(path, {"manifest.json": b"{}"})


def damage_by_adding(path: Path) -> None:
    repack(path, {"files/uploads/extra.txt": b"not in the manifest"})


def damage_the_counts(path: Path) -> None:
    with tarfile.open(path) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    manifest["rows"]["django_session"] += 1
    repack(path, {"manifest.json": json.dumps(manifest).encode()})


def repack(path: Path, changed: dict[str, bytes]) -> None:
    folder = path.with_name("unpacked")
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
    for name, content in changed.items():
        (folder / name).write_bytes(content)
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, arcname=".")


@sqlite_only
@pytest.mark.parametrize(
    "damage",
    [
        damage_nothing_known,
        damage_by_cutting,
        damage_a_file,
        damage_the_manifest,
        damage_by_adding,
        damage_the_counts,
    ],
)
def test_damaged_backup_changes_nothing(home: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "backup.tar.gz"
    backups.write(path)
    upload(1)
    before, uploads, names = rows(), files_in(home / "files"), sorted(entry.name for entry in home.iterdir())
    damage(path)

    with pytest.raises(NotABackup):
        backups.restore(path, replace=True)

    assert (rows(), files_in(home / "files")) == (before, uploads)
    assert sorted(entry.name for entry in home.iterdir()) == names


@sqlite_only
def test_backup_of_another_kind_of_database_is_refused(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar.gz"
    backups.write(path)
    with tarfile.open(path) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    repack(path, {"manifest.json": json.dumps({**manifest, "database": "postgresql"}).encode()})

    with pytest.raises(WrongDatabase):
        backups.restore(path, replace=True)


@sqlite_only
def test_unwritable_place_is_refused_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        backups.write(tmp_path / "missing folder" / "backup.tar.gz")

    assert sorted(entry.name for entry in home.iterdir()) == ["files", "secret.key"]


@sqlite_only
def test_failed_swap_moves_all_back(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "backup.tar.gz"
    backups.write(path)
    upload(1)
    before, uploads = rows(), files_in(home / "files")
    rename = Path.rename

    def fail_for_the_database(source: Path, target: Path) -> Path:
        if source.parent.name.startswith("restoring-") and source.name == "coppice.sqlite3":
            raise OSError("the disk is full")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_database)
    with pytest.raises(OSError, match="the disk is full"):
        backups.restore(path, replace=True)

    assert (rows(), files_in(home / "files")) == (before, uploads)
    assert (home / "secret.key").read_text() == "the key"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not sqlite_only.args[0], reason="this is about PostgreSQL's tools")
def test_postgresql_is_dumped_and_loaded(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    upload(0)
    before = rows()
    manifest = backups.write(tmp_path / "backup.tar.gz")
    upload(1)

    with pytest.raises(HomeInUse):
        backups.restore(tmp_path / "backup.tar.gz")
    aside = backups.restore(tmp_path / "backup.tar.gz", replace=True)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (rows(), manifest.rows["django_session"], manifest.database) == (before, 1, "postgresql")
    assert aside is not None
    with pytest.raises(ToolMissing):
        backups.write(tmp_path / "second.tar.gz")


def until(condition: Callable[[], object], *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
