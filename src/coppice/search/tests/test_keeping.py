"""The index is kept true: by marks within the change, by the job after it, by the sweep for the rest."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from coppice import cli
from coppice.communities.finding_people import page_of_person
from coppice.communities.models import Community, Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.meetings.models import Meeting
from coppice.meetings.tests.factories import make_meeting
from coppice.profiles.models import Audience
from coppice.profiles.tests.factories import need
from coppice.search import actions, indexing, tasks
from coppice.search.models import Document, Mark, Round, Word
from coppice.search.queries import Wish, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Membership:
    return add_member(make_community(make_program()), name="Rosa")


def titles(member: Membership, text: str) -> list[str]:
    """What a member finds, the best first."""
    answer = look(member.person, Wish(text), now=timezone.now())
    kept = Document.objects.in_bulk(answer.document_ids)
    return [kept[pk].title for pk in answer.document_ids]


def test_what_changed_is_found_no_more_as_it_was_and_a_moment_later_as_it_is(member: Membership) -> None:
    meeting = make_meeting(member.community, title="Quince workshop")
    indexing.refresh()
    assert titles(member, "quince") == ["Quince workshop"]

    meeting.title = "Pear workshop"
    meeting.save()

    assert titles(member, "quince") == titles(member, "pear") == []
    tasks.refresh.func()
    assert titles(member, "quince") == []
    assert titles(member, "pear") == ["Pear workshop"]
    assert not Mark.objects.exists()
    meeting.delete()
    assert titles(member, "pear") == []


def test_a_change_that_rolled_back_leaves_the_index_as_it_was(member: Membership) -> None:
    meeting = make_meeting(member.community, title="Quince workshop")
    indexing.refresh()

    with transaction.atomic():
        meeting.delete()
        transaction.set_rollback(True)

    assert titles(member, "quince") == ["Quince workshop"]


def test_the_sweep_finds_what_was_written_past_all_marks(member: Membership) -> None:
    first, second = (make_meeting(member.community, title=f"Quince {word}") for word in ("one", "two"))
    tasks.sweep.func()
    Meeting.objects.filter(pk=first.pk).update(title="Pear one")
    Meeting.objects.filter(pk=second.pk).update(cancelled_at=timezone.now())
    Meeting.objects.bulk_create([copy_of(first, "Quince three")])
    later(hours=2)

    tasks.sweep.func()

    assert titles(member, "quince") == ["Quince three"]
    assert titles(member, "pear") == ["Pear one"]


def test_the_sweep_goes_round_in_parts_and_rests_after_each_round(
    member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "COMPARED", 2)
    meetings = [make_meeting(member.community, title=f"Quince {number}") for number in range(3)]
    indexing.refresh()
    Meeting.objects.update(title="Pear")

    amiss = [indexing.sweep() for _ in range(3)]

    assert amiss == [2, 1, 0]
    assert len(titles(member, "pear")) == len(meetings)
    Document.objects.filter(kind="meeting", object_id=meetings[0].pk).update(object_id=10_000_000)
    later(hours=2)
    assert indexing.sweep() + indexing.sweep() >= 2
    assert len(titles(member, "pear")) == len(meetings)


def test_marks_of_no_known_kind_are_dropped(member: Membership) -> None:
    actions.mark("nonsense", 1, 2)

    indexing.refresh()

    assert not Mark.objects.exists()


def test_the_command_makes_the_index_anew(member: Membership, capsys: Any) -> None:
    make_meeting(member.community, title="Quince workshop")
    indexing.refresh()
    kept = Document.objects.get(kind="meeting")
    Document.objects.create(kind="nonsense", object_id=1, path="/", at=kept.at, moment=0)
    Document.objects.filter(kind="community").delete()
    Document.objects.filter(pk=kept.pk).update(title="Out of date")
    Mark.objects.all().delete()

    assert cli.main(["index"]) == 0

    assert "can be found" in capsys.readouterr().out
    assert titles(member, "quince") == ["Quince workshop"]
    assert {*Document.objects.values_list("kind", flat=True)} == {"community", "meeting", "person"}


def test_nothing_to_find_is_said(capsys: Any) -> None:
    assert cli.main(["index"]) == 0
    assert capsys.readouterr().out.endswith("There is nothing to be found yet.\n")


def test_words_are_known_once_and_unknown_once_nobody_uses_them(member: Membership) -> None:
    meetings = [make_meeting(member.community, title=f"Quinces {number}") for number in range(2)]
    indexing.refresh()
    assert Word.objects.get(text="quinces").spellings.count() > 5

    meetings[0].delete()
    indexing.sweep()
    assert Word.objects.filter(text="quinces").exists()
    meetings[1].delete()
    indexing.sweep()

    assert not Word.objects.filter(text="quinces").exists()


def test_somebody_found_leads_to_the_page_that_the_reader_may_open() -> None:
    program = make_program()
    community, other = make_community(program), make_community(program)
    found = add_member(community, name="Found")
    fellow, invited_fellow, stranger = add_member(community), add_member(other), enroll(program)
    add_member(other, state=Membership.State.INVITED, enrollment=found.enrollment)
    pk = found.enrollment_id

    assert page_of_person(make_staff(program), pk) == f"/enrollments/{pk}/"
    assert page_of_person(found.person, pk) == f"/enrollments/{pk}/profile/"
    assert page_of_person(fellow.person, pk) == f"/communities/{community.pk}/people/{found.pk}/"
    assert page_of_person(invited_fellow.person, pk) == f"/communities/{other.pk}/people/"
    assert page_of_person(stranger.person, pk) == ""
    need(found.enrollment, text="quince", audience=Audience.PROGRAM)
    assert page_of_person(stranger.person, pk) == f"/programs/{program.pk}/needs-and-offers/"
    client = Client()
    client.force_login(fellow.person)
    assert client.get(f"/people/{pk}/").url == f"/communities/{community.pk}/people/{found.pk}/"
    assert client.get("/people/999999/").status_code == 404


def copy_of(meeting: Meeting, title: str) -> Meeting:
    return Meeting(
        community=Community.objects.get(pk=meeting.community_id),
        title=title,
        time_zone=meeting.time_zone,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def later(*, hours: int) -> None:
    """Let so much time have passed since every round of the sweep began."""
    Round.objects.update(began_at=timezone.now() - timedelta(hours=hours))
