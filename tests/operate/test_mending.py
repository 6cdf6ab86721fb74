"""An upgrade brings rows that the database now refuses to the nearest that it allows."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

BEFORE = [
    ("programs", "0005_no_file_is_kept"),
    ("communities", "0004_mails_about_people"),
    ("stewardship", "0001_initial"),
]
AFTER = [
    ("programs", "0006_far_days_are_mended"),
    ("communities", "0005_far_days_are_mended"),
    ("stewardship", "0002_far_days_are_mended"),
]


@pytest.fixture
def nothing_yet(transactional_db: None) -> Iterator[None]:
    """A database without a table: upgrading from nothing to an old state is far quicker than going back to it."""
    connection.close()
    usual = connection.settings_dict
    if connection.vendor == "sqlite":
        connection.settings_dict = {**usual, "NAME": ":memory:"}
    else:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA nothing_yet")
            cursor.execute("SET search_path TO nothing_yet")
    yield
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA nothing_yet CASCADE")
    BaseDatabaseWrapper.close(connection)
    connection.settings_dict = usual


def test_days_and_numbers_out_of_reach_are_mended_by_the_upgrade(nothing_yet):
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    provider = old.get_model("programs", "Provider").objects.create(name="Healthy Start")
    program = old.get_model("programs", "Program").objects.create(
        provider=provider,
        name="Far",
        award_starts=date(1, 1, 1),
        award_ends=date(9999, 12, 31),
        call_after_days=9999,
    )
    community = old.get_model("communities", "Community").objects.create(
        program=program,
        name="Further",
        starts_on=date(9998, 1, 1),
        ends_on=date(9999, 1, 1),
        hours_per_month=-3,
    )
    check_in = old.get_model("stewardship", "LeaderCheckIn").objects.create(
        community=community, spoken_on=date(1, 1, 1), next_on=date(9999, 1, 1), mood="steady"
    )

    MigrationExecutor(connection).migrate(AFTER)

    for row in (program, community, check_in):
        row.refresh_from_db()
    assert (program.award_starts, program.award_ends, program.call_after_days) == (
        date(2000, 1, 1),
        date(2100, 12, 31),
        365,
    )
    assert (community.starts_on, community.ends_on, community.hours_per_month) == (
        date(2100, 12, 30),
        date(2100, 12, 31),
        None,
    )
    assert (check_in.spoken_on, check_in.next_on) == (date(2000, 1, 1), None)
