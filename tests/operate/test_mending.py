"""An upgrade brings rows that the database now refuses to the nearest that it allows."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [
    ("programs", "0005_no_file_is_kept"),
    ("communities", "0004_mails_about_people"),
    ("stewardship", "0001_initial"),
]


@pytest.mark.django_db(transaction=True)
def test_days_and_numbers_out_of_reach_are_mended_by_the_upgrade():
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
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

    MigrationExecutor(connection).migrate(newest)

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
