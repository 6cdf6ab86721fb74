"""What people do with proposals: name, use, go on from, stop, repeat and remove, by hand and on the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, proposing, tasks
from coppice.formation.errors import AlreadyPublished, InUse, NothingToUse, NotRepeatable
from coppice.formation.models import Formation, Place, Proposal
from coppice.formation.permissions import can_form_proposal
from coppice.formation.rules import Kind, Rule
from coppice.formation.solving import usual_trials
from coppice.formation.tests.factories import (
    columns_of,
    make_proposal,
    make_roster,
    people_in,
    start_formation,
)
from coppice.history.models import Entry
from coppice.lib.progress import report

pytestmark = pytest.mark.django_db
State = Formation.State
YEARS = Rule(Kind.BALANCED, "attribute:Years")


@pytest.fixture
def program():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    return program


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


@pytest.fixture
def formation(program, staff):
    """A round that was worked out twice: the second proposal is on the table, by other terms."""
    formation = make_proposal(program, by=staff, rules=[YEARS], minimum=5, name="Round 1")
    terms = {"name": "Round 1", "reason": "area", "minimum": 7, "maximum": 12}
    actions.revise(formation, by=staff, rules=[Rule(Kind.ALIKE, "area")], **terms)
    return worked_out(formation)


def worked_out(formation: Formation) -> Formation:
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return formation


def clashing(formation: Formation) -> Formation:
    terms = {"name": "Round 1", "reason": "area", "minimum": 7, "maximum": 9}
    actions.revise(formation, by=None, rules=[Rule(Kind.APART, "area")], **terms)
    return worked_out(formation)


def both(formation: Formation) -> tuple[Proposal, Proposal]:
    first, second = formation.proposals.order_by("number")[:2]
    return first, second


def at(name: str, *args: object) -> str:
    return reverse(f"formation:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def last_verb() -> tuple[str, dict]:
    entry = Entry.objects.order_by("pk").last()
    return entry.verb, entry.detail


def test_the_first_comes_back_with_the_terms_that_it_was_made_by(formation, staff, client):
    first, second = both(formation)

    answer = client.post(at("choice", first.pk), follow=True)

    formation.refresh_from_db()
    assert (formation.on_table, formation.state) == (first, State.PROPOSED)
    assert (formation.reason, formation.minimum, formation.maximum) == ("stable_team", 5, 9)
    assert formation.rules == [YEARS.as_json()]
    assert "Proposal 1 is shown now, with the sizes and rules that it was worked out by." in text_of(answer)
    assert "Compare with Proposal 2" in text_of(answer)
    assert last_verb() == ("formation.proposal_chosen", {"proposal": 1})
    assert second.places.count() == 24


def test_choosing_what_is_chosen_changes_nothing(formation):
    entries = Entry.objects.count()

    actions.choose(both(formation)[1], by=None)

    assert Entry.objects.count() == entries


def test_a_clash_is_left_by_going_back(formation):
    clashing(formation)

    actions.choose(both(formation)[1], by=None)

    formation.refresh_from_db()
    assert (formation.state, formation.minimum, formation.maximum) == (State.PROPOSED, 7, 12)
    with pytest.raises(NothingToUse):
        actions.choose(formation.proposals.last(), by=None)


def test_choosing_gives_up_a_search_under_way(formation):
    actions.propose_again(formation, by=None)

    actions.choose(both(formation)[0], by=None)
    worked_out(formation)

    assert (formation.proposals.count(), formation.on_table.number) == (2, 1)


def test_what_nobody_has_a_place_in_is_of_no_use(formation, client):
    first, second = both(formation)
    gone, _second = both(formation)
    Place.objects.filter(proposal=first).delete()

    answer = client.post(at("choice", first.pk), follow=True)
    go_on = client.post(at("continuation", first.pk), follow=True)

    for page in (answer, go_on):
        assert "There are no places in this proposal to use." in text_of(page)
    first.delete()
    with pytest.raises(NothingToUse):
        actions.choose(gone, by=None)
    formation.refresh_from_db()
    assert formation.on_table == second


def test_going_on_begins_where_the_proposal_is_and_is_never_worse(formation, client):
    first, _second = both(formation)
    locked = people_in(first.proposed_communities.first())[0]
    Place.objects.filter(pk=locked.pk).update(is_locked=True)
    trials = first.trials

    client.post(at("continuation", first.pk), {"times": "5"})
    formation.refresh_from_db()
    asked = (formation.state, formation.continues, formation.trials, formation.rules)
    worked_out(formation)

    newest = formation.on_table
    assert asked == (State.PROPOSING, first, 5 * max(trials, usual_trials(24)), [YEARS.as_json()])
    assert (newest.number, newest.continued_from) == (3, first)
    assert newest.objective >= first.objective
    here = newest.places.get(enrollment=locked.enrollment)
    assert (here.is_locked, here.proposed_community.position) == (True, locked.proposed_community.position)
    assert "It went on from" in text_of(client.get(newest.get_absolute_url()))


def test_going_on_without_a_word_looks_twice_as_long_and_only_once(formation, client):
    first, second = both(formation)

    client.post(at("continuation", second.pk), {"times": "900"})
    formation.refresh_from_db()
    seed = formation.seed
    actions.go_on(first, times=5, by=None)

    formation.refresh_from_db()
    assert (formation.seed, formation.continues) == (seed, second)
    assert formation.trials == 2 * max(second.trials, usual_trials(24))


def test_stopping_is_asked_for_once(formation, client):
    actions.propose_again(formation, by=None)
    working = text_of(client.get(formation.get_absolute_url()))

    stopped = text_of(client.post(at("stop", formation.pk), follow=True))
    entries = Entry.objects.count()
    actions.stop(formation, by=None)

    assert "Stop here and keep the best so far" in working
    assert ("It stops with the best so far." in stopped, "Stop here and" in stopped) == (True, False)
    assert Entry.objects.count() == entries
    worked_out(formation)
    assert (formation.state, formation.proposals.count()) == (State.PROPOSED, 3)
    actions.stop(formation, by=None)
    assert Formation.objects.get().stop_asked


def test_the_working_page_shows_how_the_score_climbs(formation, client):
    actions.propose_again(formation, by=None)
    formation.refresh_from_db()
    key = formation.progress_key
    htmx = {"headers": {"HX-Request": "true"}}

    before = text_of(client.get(at("progress", formation.pk), **htmx))
    report(key, done=30, total=100, doing="searching", points=[(0.0, 0.5), (0.2, 0.625)])
    page = text_of(client.get(formation.get_absolute_url()))
    fragment = text_of(client.get(at("progress", formation.pk), **htmx))

    assert "Here you will see how the score climbs" in before
    for shown in (page, fragment):
        assert "The score has risen from 50.0 to 62.5 of 100 so far." in shown
        assert 'd="M 0.0 146.7 H 120.0 V 13.3 H 180.0"' in shown
        assert "<td>62.5</td>" in shown
    assert ('hx-swap-oob="true"' in page, 'hx-swap-oob="true"' in fragment) == (False, True)


@pytest.mark.parametrize(
    ("best", "words"),
    [
        ({"groups": 8, "smallest": 10, "largest": 11}, "8 communities of 10 to 11 people."),
        ({"groups": 8, "smallest": 10, "largest": 10}, "8 communities of 10 people."),
        ({"groups": 1, "smallest": 80, "largest": 80}, "Everybody has a place, all in one."),
    ],
)
def test_the_first_proposal_is_told_of_while_it_gets_better(formation, client, best, words):
    actions.propose_again(formation, by=None)
    formation.refresh_from_db()
    key, htmx = formation.progress_key, {"headers": {"HX-Request": "true"}}

    report(key, done=0, total=100, doing="searching")
    broken = text_of(client.get(at("progress", formation.pk), **htmx))
    report(key, done=1, total=100, doing="searching", points=[(0.0, 0.5)], best=best)
    page = text_of(client.get(formation.get_absolute_url()))
    fragment = text_of(client.get(at("progress", formation.pk), **htmx))

    assert "First proposal" not in broken
    for shown in (page, fragment):
        assert "First proposal, still getting better" in shown
        assert f"{words} Every must-have holds." in shown


def test_a_page_asks_often_until_there_is_a_first_proposal(formation, client):
    actions.propose_again(formation, by=None)
    formation.refresh_from_db()
    best = {"groups": 1, "smallest": 80, "largest": 80}
    waits = []

    def look():
        page = client.get(at("progress", Formation.objects.get().pk)).content.decode()
        waits.append(page.partition("load delay:")[2].partition('"')[0])

    look()
    report(formation.progress_key, done=0, total=100, doing="searching")
    look()
    report(formation.progress_key, done=1, total=100, doing="searching", best=best)
    look()
    Formation.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    look()

    assert waits == ["250ms", "250ms", "500ms", "1000ms"]


def test_the_job_tells_what_the_first_proposal_is(monkeypatch):
    program = make_program()
    make_roster(program, 24)
    formation = start_formation(program, rules=[YEARS])
    told = []
    monkeypatch.setattr(tasks, "report", lambda *_key, best, **_more: told.append(best))

    worked_out(formation)

    assert told[0] == {"groups": 3, "smallest": 8, "largest": 8}


def test_the_job_tells_the_curve_that_it_has_so_far(monkeypatch):
    program = make_program()
    make_roster(program, 60)
    formation = start_formation(program, rules=[YEARS, Rule(Kind.ALIKE, "area")])
    told = []
    monkeypatch.setattr(tasks, "report", lambda *_key, points, **_more: told.append(points))

    worked_out(formation)

    assert told[-1][0][1] < told[-1][-1][1] <= formation.on_table.objective + 1e-5
    assert [len(each) for each in told] == sorted(len(each) for each in told)


def test_a_name_and_a_note_stay_with_a_proposal_also_when_it_is_published(formation, client):
    _first, second = both(formation)
    Formation.objects.update(state=State.PUBLISHED)

    client.post(second.get_absolute_url(), {"name": "By area", "note": "Rosa likes it."})
    page = text_of(client.get(second.get_absolute_url()))

    second.refresh_from_db()
    assert (str(second), second.note) == ("By area", "Rosa likes it.")
    assert "This is what was published." in page
    assert ("Go on from here" in page, "Remove this proposal" in page) == (False, False)
    assert last_verb() == ("formation.proposal_named", {"proposal": 2})
    wrong = client.post(second.get_absolute_url(), {"name": "x" * 200})
    assert wrong.status_code == 422


def test_the_list_tells_each_proposal(formation, staff, client):
    first, second = both(formation)
    actions.annotate(first, name="Mixed years", note="For Beth", by=staff)
    formation = clashing(formation)
    origin, *_others, last = columns_of(formation)
    Place.objects.filter(pk=people_in(origin)[0].pk).update(moved_by_hand=True, proposed_community=last)

    page = client.get(at("proposals", formation.pk))

    weakest = min(each.score for each in columns_of(formation))
    rows = [
        (str(each), each.percent, each.weakest_percent, each.moved_count, each.is_on_table)
        for each in page.context["page"]
    ]
    assert rows[0] == ("Proposal 3", None, None, 0, False)
    assert rows[1] == ("Proposal 2", second.percent, round(100 * weakest), 1, True)
    assert (rows[2][0], rows[2][3:]) == ("Mixed years", (0, False))
    for words in ("cannot hold", "shown now", "For Beth", staff.name, "Use this one"):
        assert words in page.text


def test_an_empty_list_says_what_will_be_here(program, staff, client):
    formation = start_formation(program)

    assert "Nothing is worked out yet." in text_of(client.get(at("proposals", formation.pk)))


def test_a_proposal_shows_what_was_asked_reached_and_who_is_where(formation, client):
    first, _second = both(formation)
    left = first.places.first().enrollment
    type(left).objects.filter(pk=left.pk).update(ended_at=timezone.now())

    page = text_of(client.get(first.get_absolute_url()))

    for words in (
        "5 to 9 people each",
        "A good mix of answers in each: Years",
        f"{round(100 * first.outcome['rules']['0'])} of 100",
        "The score rose from",
        "Seed 1,",
        "One person who has left the roster since is not shown.",
        "Organization 1",
    ):
        assert words in page
    assert f">{left.name}<" not in page


def test_a_clash_of_before_tells_why_and_can_be_used_for_nothing(formation, client):
    clash = clashing(formation).proposals.last()

    page = text_of(client.get(clash.get_absolute_url()))

    assert "What was asked for cannot all hold, so there are no places in it." in page
    assert "“Same area apart” cannot hold" in page
    assert ("Use this one" in page, "Who is where" in page) == (False, False)


def test_the_table_of_a_proposal_is_its_own(formation, client):
    first, _second = both(formation)

    file = client.get(at("kept_people", first.pk))

    assert file.headers["Content-Disposition"] == f'attachment; filename="people-{formation.pk}-1.csv"'
    rows = file.content.decode("utf-8-sig").splitlines()
    names = {str(each) for each in first.proposed_communities.all()}
    assert (len(rows), {row.split(",")[0] for row in rows[1:]}) == (25, names)


def test_a_proposal_that_nobody_uses_is_removed(formation, client):
    first, second = both(formation)

    before = text_of(client.get(at("proposal_removal", first.pk)))
    after = client.post(at("proposal_removal", first.pk), follow=True)

    assert "The other proposals of this round stay" in before
    assert "Proposal 1 is removed." in text_of(after)
    assert list(formation.proposals.all()) == [second]
    assert last_verb() == ("formation.proposal_removed", {"proposal": 1})


def test_what_is_shown_or_published_is_not_removed(formation, client):
    first, second = both(formation)

    answer = client.post(at("proposal_removal", second.pk), follow=True)

    assert "This proposal is the one shown now. Use another one first, then remove it." in text_of(answer)
    clash = clashing(formation).proposals.last()
    with pytest.raises(InUse):
        actions.take_away(clash, by=None)
    Formation.objects.update(state=State.PUBLISHED)
    for action in (actions.take_away, actions.choose):
        with pytest.raises(AlreadyPublished):
            action(first, by=None)
    with pytest.raises(AlreadyPublished):
        actions.go_on(first, times=2, by=None)
    assert formation.proposals.count() == 3


def test_the_same_comes_of_it_again_whatever_was_changed_since(formation, client):
    first, _second = both(formation)
    actions.choose(first, by=None)
    formation.refresh_from_db()
    actions.move(people_in(columns_of(formation)[0])[0], to=columns_of(formation)[1], by=None)
    formation.program.enrollments.update(attributes={})

    asked = text_of(client.post(at("repeat", first.pk), follow=True))
    asking = text_of(client.get(at("repeat", first.pk), headers={"HX-Request": "true"}))
    tasks.repeat.call(proposal_id=first.pk)
    done = text_of(client.get(at("repeat", first.pk), headers={"HX-Request": "true"}))
    page = text_of(client.get(first.get_absolute_url()))

    first.refresh_from_db()
    assert first.repeat_moved == 0
    assert ["Waiting for its turn." in each for each in (asked, asking, done)] == [True, True, False]
    for shown in (done, page):
        assert "The same came of it again: everybody has the place that they were given then." in shown
    assert client.get(at("repeat", first.pk)).url == first.get_absolute_url()
    tasks.repeat.call(proposal_id=first.pk)
    tasks.repeat.call(proposal_id=0)


def test_who_came_late_keeps_nobody_from_repeating_it(formation, program):
    _first, second = both(formation)
    late = enroll(program, "Late")
    column = second.proposed_communities.first()
    Place.objects.create(proposal=second, proposed_community=column, enrollment=late, came_late=True)

    second = actions.ask_to_repeat(second, by=None)

    assert proposing.repeated(second) == 0


def test_another_answer_is_admitted_with_the_version(formation, client, monkeypatch):
    first, _second = both(formation)
    first.repeated_at, first.repeat_moved = timezone.now(), 3
    first.save()
    here = text_of(client.get(first.get_absolute_url()))
    first.settings = {**first.settings, "version": "0.0.9"}
    first.save()

    page = text_of(client.get(first.get_absolute_url()))

    assert "Another answer came of it: 3 people have another place." in here
    assert ("It was worked out by version" in here, "It was worked out by version 0.0.9," in page) == (
        False,
        True,
    )


def test_how_far_a_repeat_is_can_be_seen(formation, client):
    first, _second = both(formation)
    actions.ask_to_repeat(first, by=None)
    entries = Entry.objects.count()
    first = actions.ask_to_repeat(first, by=None)
    report(first.repeat_key, done=4, total=9, doing="searching")

    page = text_of(client.get(first.get_absolute_url()))

    assert ("4 of 9." in page, Entry.objects.count()) == (True, entries)


def test_what_is_not_all_there_any_more_is_not_repeated(formation, client):
    first, second = both(formation)
    actions.ask_to_repeat(second, by=None)
    Place.objects.filter(pk__in=[each.places.first().pk for each in (first, second)]).delete()

    answer = text_of(client.post(at("repeat", first.pk), follow=True))
    tasks.repeat.call(proposal_id=second.pk)
    late = text_of(client.get(second.get_absolute_url()))

    assert "Not everything that it was worked out from is kept any more" in answer
    assert "It cannot be worked out again as it was" in answer
    assert "It could not be worked out again" in late
    with pytest.raises(NotRepeatable):
        actions.ask_to_repeat(clashing(formation).proposals.last(), by=None)


def test_a_repeat_that_was_lost_is_driven_again_and_kept_once(formation):
    first, _second = both(formation)
    first = actions.ask_to_repeat(first, by=None)
    Proposal.objects.filter(pk=first.pk).update(repeat_asked_at=timezone.now() - timedelta(minutes=3))

    tasks.sweep.call()

    first.refresh_from_db()
    assert first.repeat_moved == 0
    assert actions.keep_repeat(first, moved=9) is False
    again = actions.ask_to_repeat(first, by=None)
    assert actions.keep_repeat(first, moved=9) is False
    assert actions.keep_repeat(again, moved=1) is True


def test_an_answer_of_nobody_moves_everybody(formation, monkeypatch):
    first, _second = both(formation)
    monkeypatch.setattr(proposing, "solve", lambda *_problem, **_more: None)

    assert proposing.repeated(first) == 24


def test_the_studio_lists_the_newest_and_leads_to_all(formation, client):
    for _number in range(5):
        actions.propose_again(formation, by=None)
        worked_out(formation)

    page = client.get(formation.get_absolute_url())

    assert [each.number for each in page.context["newest"]] == [7, 6, 5, 4, 3]
    assert (page.context["has_older"], page.context["compared_with"].number) == (True, 6)
    assert "All proposals" in page.text


def test_only_the_program_s_staff_may(formation, program):
    first, _second = both(formation)
    outsider = enroll(program, "Somebody").person

    assert [can_form_proposal(each, first) for each in (formation.created_by, outsider)] == [True, False]
