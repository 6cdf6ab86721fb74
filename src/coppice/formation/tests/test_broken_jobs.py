"""A job that breaks ends in a sentence that can be acted on, and keeps no other from its turn."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.frames import Frame
from coppice.formation.models import Formation, Proposal
from coppice.formation.tests.factories import make_proposal, make_roster, start_formation
from coppice.history.models import Entry
from coppice.lib.jobs import alone
from coppice.lib.progress import report

pytestmark = pytest.mark.django_db

State = Formation.State


def broken(*_given, **_more):
    raise OverflowError("too much")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def asked_long_ago(*formations: Formation) -> None:
    ids = [each.pk for each in formations]
    Formation.objects.filter(pk__in=ids).update(asked_at=timezone.now() - timedelta(minutes=3))


def to_be_published() -> Formation:
    formation = make_proposal(people=8)
    today = timezone.localdate()
    frame = Frame(starts_on=today, ends_on=today + timedelta(days=90))
    return actions.ask_to_publish(formation, frame=frame, by=None)


@pytest.fixture
def program():
    program = make_program()
    make_roster(program)
    return program


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


def test_a_search_that_breaks_says_so_and_can_be_tried_again(program, staff, client, monkeypatch):
    formation = start_formation(program)
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "work_out", broken)
        tasks.propose.call(formation_id=formation.pk)

    page = text_of(client.get(formation.get_absolute_url()))
    listed = text_of(client.get(reverse("formation:formations", args=[program.pk])))
    assert "This could not be worked out" in page
    assert "Go back to a proposal" not in page
    assert "Broke off" in listed
    assert Entry.objects.filter(verb="formation.failed").count() == 1

    client.post(reverse("formation:proposal", args=[formation.pk]))
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    assert (formation.state, formation.failed_at) == (State.PROPOSED, None)


def test_what_was_on_the_table_before_a_search_broke_can_be_used(program, staff, client, monkeypatch):
    formation = make_proposal(program)
    place = formation.places.first()
    actions.propose_again(formation, by=None)
    monkeypatch.setattr(tasks, "work_out", broken)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()

    assert formation.has_failed
    assert "Go back to a proposal" in text_of(client.get(formation.get_absolute_url()))
    pages = {
        "place": place.pk,
        "proposed_community": place.proposed_community_id,
        "lists": formation.pk,
        "publication": formation.pk,
    }
    for name, pk in pages.items():
        assert client.get(reverse(f"formation:{name}", args=[pk])).status_code == 302
    actions.choose(formation.on_table, by=None)
    formation.refresh_from_db()
    assert (formation.state, formation.failed_at) == (State.PROPOSED, None)


def test_going_on_from_a_proposal_forgets_that_a_search_broke(program, monkeypatch):
    formation = make_proposal(program)
    actions.propose_again(formation, by=None)
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "work_out", broken)
        tasks.propose.call(formation_id=formation.pk)

    formation = actions.go_on(formation.on_table, times=1, by=None)

    assert (formation.state, formation.failed_at) == (State.PROPOSING, None)


def test_a_publication_that_breaks_invites_nobody_and_can_be_tried_again(client, monkeypatch):
    formation = to_be_published()
    client.force_login(make_staff(formation.program))
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "ready", broken)
        tasks.publish.call(formation_id=formation.pk)

    sentence = "Publishing broke off, and nobody was invited."
    assert sentence in text_of(client.get(reverse("formation:publication", args=[formation.pk])))
    assert sentence in text_of(client.get(formation.get_absolute_url()))
    assert Membership.objects.count() == 0
    assert Entry.objects.filter(verb="formation.publication_failed").count() == 1
    formation.refresh_from_db()
    actions.ask_to_publish(formation, frame=formation.begins_with, by=None)
    tasks.publish.call(formation_id=formation.pk)
    formation.refresh_from_db()
    assert (formation.is_published, formation.failed_at) == (True, None)


def test_a_repeat_that_breaks_says_so(program, staff, client, monkeypatch):
    proposal = actions.ask_to_repeat(make_proposal(program).on_table, by=None)
    monkeypatch.setattr(tasks, "repeated", broken)

    tasks.repeat.call(proposal_id=proposal.pk)

    page = text_of(client.get(proposal.get_absolute_url()))
    assert "Working it out again broke off. Try once more." in page


def test_a_job_that_breaks_after_something_else_was_asked_for_notes_nothing(program):
    formation = start_formation(program)
    actions.propose_again(make_proposal(program), by=None)
    Formation.objects.filter(pk=formation.pk).update(asked_at=timezone.now())

    assert actions.fail(formation) is False
    formation.refresh_from_db()
    assert formation.state == State.PROPOSING
    gone = Formation.objects.get(pk=formation.pk)
    Formation.objects.filter(pk=formation.pk).delete()
    assert actions.fail(gone) is False


@pytest.mark.parametrize("breaks", ["work_out", "propose"])
def test_the_sweep_gives_every_row_its_turn(program, monkeypatch, breaks):
    poison, sound = start_formation(program), start_formation(program)
    asked_long_ago(poison, sound)
    work_out, fail = tasks.work_out, actions.fail

    def at_times_broken(given, *, tell):
        return broken() if given.pk == poison.pk else work_out(given, tell=tell)

    monkeypatch.setattr(tasks, "work_out", at_times_broken)
    if breaks == "propose":  # not even the note that it broke can be kept
        monkeypatch.setattr(actions, "fail", broken)

    tasks.sweep.call()

    monkeypatch.setattr(actions, "fail", fail)
    poison.refresh_from_db()
    sound.refresh_from_db()
    assert poison.state == (State.FAILED if breaks == "work_out" else State.PROPOSING)
    assert sound.state == State.PROPOSED


def test_the_sweep_leaves_alone_what_still_tells_how_far_it_is(program):
    searching, publishing = start_formation(program), to_be_published()
    repeating = actions.ask_to_repeat(make_proposal(program).on_table, by=None)
    asked_long_ago(searching, publishing)
    Proposal.objects.filter(pk=repeating.pk).update(repeat_asked_at=timezone.now() - timedelta(minutes=3))
    for each in (searching, publishing, repeating):
        each.refresh_from_db()
    for key in (searching.progress_key, publishing.progress_key, repeating.repeat_key):
        report(key, done=1, total=9, doing="searching")

    tasks.sweep.call()

    for each in (searching, publishing, repeating):
        each.refresh_from_db()
    assert (searching.state, publishing.state) == (State.PROPOSING, State.PUBLISHING)
    assert repeating.is_being_repeated


def test_one_thing_is_never_worked_out_twice_at_once(program):
    searching, publishing = start_formation(program), to_be_published()
    repeating = actions.ask_to_repeat(make_proposal(program).on_table, by=None)

    with (
        alone(searching.progress_key),
        alone(publishing.progress_key),
        alone(repeating.repeat_key),
    ):
        tasks.propose.call(formation_id=searching.pk)
        tasks.publish.call(formation_id=publishing.pk)
        tasks.repeat.call(proposal_id=repeating.pk)

    for each in (searching, publishing, repeating):
        each.refresh_from_db()
    assert (searching.state, publishing.state) == (State.PROPOSING, State.PUBLISHING)
    assert repeating.is_being_repeated
