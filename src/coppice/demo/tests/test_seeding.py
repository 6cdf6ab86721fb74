"""Made-up rosters, and the command line that opens a provider and brings one in."""

from pathlib import Path

import pytest

from coppice import cli
from coppice.communities.models import Community
from coppice.demo import seeding
from coppice.programs import actions
from coppice.programs.models import Provider
from coppice.programs.tests import factories

pytestmark = pytest.mark.django_db


def test_a_made_up_roster_comes_in_whole_and_again_changes_nothing() -> None:
    content = seeding.roster(300, seed=1)
    program = factories.program()

    def bring_in() -> dict[str, int]:
        made = actions.begin_import(program, content=content, filename="roster.csv", by=None)
        actions.match_columns(made, chosen={}, by=None)
        actions.start_applying(made, by=None)
        return actions.apply_import(made.pk)

    first, again = bring_in(), bring_in()

    assert content == seeding.roster(300, seed=1)
    assert first == {"add": 300, "change": 0, "unchanged": 0, "skip": 0}
    assert again == {"add": 0, "change": 0, "unchanged": 300, "skip": 0}
    assert program.organizations.exclude(area="").count() == program.organizations.count()


def test_the_command_line_opens_a_provider_and_brings_a_roster_in(tmp_path: Path, capsys) -> None:
    file = tmp_path / "roster.csv"

    assert cli.main(["make-roster", str(file), "--people", "20"]) == 0
    assert cli.main(["create-admin", "ana@example.org", "--provider", "Prairie Center", "--name", "Ana"]) == 0
    program = factories.program(Provider.objects.get(name="Prairie Center"))
    assert cli.main(["import-roster", str(program.pk), str(file)]) == 0
    assert cli.main(["import-roster", "999999", str(file)]) == 1
    assert cli.main(["seed"]) == 0

    assert "20 added" in capsys.readouterr().out
    assert program.enrollments.count() == 20
    assert Community.objects.count() == 9
