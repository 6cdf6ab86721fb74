"""What every test may use."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # coverage sees plain loops; test_compiled has the others

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test import override_settings
from django.utils import translation

from coppice.server import A_COLLECTION
from engines.grouping import budget
from tests.tables import empty_tables

WALKS = [Path(__file__).parent / "tests" / folder for folder in ("everyone", "house", "journeys")]

USUAL_TRIALS = budget.PLAIN_TRIALS
FEW_TRIALS = (100, 4_000, 30_000)

pytest_plugins = ["tests.browser", "tests.cast"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave walks through the whole product out of coverage: passing through a line is not testing it.

    Traced, they would take twice as long.
    """
    for item in items:
        if any(item.path.is_relative_to(walk) for walk in WALKS):
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """Let the search for garbage pass over what was imported, as the server does: an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(A_COLLECTION)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no row."""
    of_all_workers = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_all_workers = of_all_workers.parent
    return empty_tables(of_all_workers)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Let the database of tests be a file, as it is for people, that no test waits for a disk to hold.

    In memory it would be one connection for all threads of a test and of the server that it starts: two that
    ask for the same at once may then be given each other's rows.
    """
    database = connections.settings["default"]
    if connections["default"].vendor == "sqlite":
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "tests.sqlite3")
        shutil.copyfile(request.getfixturevalue("tables"), database["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Keep the tables that were put there."""
    return connections["default"].vendor == "sqlite" or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(autouse=True, scope="session")
def files_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests upload in a folder of their own, for the whole run."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(autouse=True, scope="session")
def kept_texts() -> Iterator[None]:
    """Offer text messages, which stay where they are."""
    with override_settings(TEXT_PROVIDER="keep"):
        yield


@pytest.fixture(autouse=True, scope="session")
def home_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the locks and the progress of jobs in a folder of each worker's own.

    Each has rows of its own with the same ids, by which jobs are named.
    """
    home = tmp_path_factory.mktemp("home")
    caches_of_tests = {
        **settings.CACHES,
        "progress": {**settings.CACHES["progress"], "LOCATION": home / "progress"},
    }
    with override_settings(HOME=home, CACHES=caches_of_tests):
        yield


@pytest.fixture(autouse=True)
def nothing_under_way() -> Iterator[None]:
    """Forget how far the jobs of a test were: the next one's rows have the same ids."""
    yield
    caches["progress"].clear()


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Hash passwords quickly: how slowly it is done is not what our tests are about."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def short_searches() -> Iterator[None]:
    """Let a search that nobody told how long try a tenth of what it would: what a page makes of a proposal is
    the same for one that could be better still. Traced plain loops take two seconds for the usual trials.
    """
    with mock.patch.object(budget, "PLAIN_TRIALS", FEW_TRIALS):
        yield


@pytest.fixture
def usual_searches() -> Iterator[None]:
    """Let searches go on as they do for people, where a test is about how good what they find is."""
    with mock.patch.object(budget, "PLAIN_TRIALS", USUAL_TRIALS):
        yield


@pytest.fixture(autouse=True)
def nobodys_language() -> Iterator[None]:
    """Forget the language of a test's last request: Django leaves it with the thread until the next one."""
    yield
    translation.deactivate()
