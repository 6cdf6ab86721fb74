"""Worked out again with few moves: who may move is chosen, kept, and said of the new proposal."""

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, inputs, proposing, tasks
from coppice.formation.aspects import About, Aspects, Offer
from coppice.formation.few_moves import moves_of
from coppice.formation.forms_again import AgainForm, again_form
from coppice.formation.models import Formation, Place
from coppice.formation.problem_files import command_of
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal, make_roster

pytestmark = pytest.mark.django_db
YEARS = Rule(Kind.BALANCED, "attribute:Years")
NEAR = Rule(Kind.ALIKE, "area")


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
    """Worked out by one rule; another is aimed for by now, so that moving people pays."""
    formation = make_proposal(program, by=staff, rules=[YEARS])
    Formation.objects.filter(pk=formation.pk).update(rules=[NEAR.as_json()])
    formation.refresh_from_db()
    return formation


def again(formation: Formation, client, **chosen) -> Formation:
    client.post(reverse("formation:proposal", args=[formation.pk]), chosen)
    return worked_out(formation)


def worked_out(formation: Formation) -> Formation:
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    return formation


def where(proposal) -> dict[int, int]:
    places = proposal.places.current()
    return dict(places.values_list("enrollment_id", "proposed_community__position"))


def moved_between(before: dict[int, int], after: dict[int, int]) -> int:
    return sum(after.get(person, position) != position for person, position in before.items())


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_at_most_so_many_move_and_the_new_proposal_says_how_many(formation, client):
    before = where(formation.on_table)
    locked = formation.places.order_by("pk").first()
    Place.objects.filter(pk=locked.pk).update(is_locked=True)

    formation = again(formation, client, who="few", most_moves="4")

    after, proposal = where(formation.on_table), formation.on_table
    moved = moved_between(before, after)
    assert 1 < moved <= 4
    assert after[locked.enrollment_id] == before[locked.enrollment_id]
    assert proposal.outcome["moves"] == {"moved": moved, "most": 4, "from": 1}
    page = client.get(formation.get_absolute_url())
    compare = reverse("formation:comparison", args=[formation.pk]) + "?first=1&amp;second=2"
    for shown in (text_of(page), text_of(client.get(proposal.get_absolute_url()))):
        assert f"{moved} people moved; at most 4 were to." in shown
        assert compare in shown
    assert '<option value="few" selected>' in page.text
    assert f"{moved} of 24" in text_of(client.get(compare.replace("&amp;", "&")))


def test_nobody_moves_and_who_is_new_is_placed(formation, program, client):
    before = where(formation.on_table)
    newcomer = enroll(program, "Noor New", attributes={"Years": 3})

    formation = again(formation, client, who="nobody", most_moves="5")

    after = where(formation.on_table)
    assert moved_between(before, after) == 0
    assert newcomer.pk in after
    page = client.get(formation.get_absolute_url())
    assert "Nobody moved: only who was new was placed." in text_of(page)
    assert '<option value="nobody" selected>' in page.text


def test_when_one_leaves_and_nobody_may_move_the_communities_stay(formation, client):
    before = where(formation.on_table)
    gone = formation.places.order_by("pk").first().enrollment
    gone.ended_at = timezone.now()
    gone.save()

    formation = again(formation, client, who="few", most_moves="2")

    after = where(formation.on_table)
    assert gone.pk not in after
    assert moved_between(before, after) <= 2


def test_anybody_may_move_unless_something_else_is_chosen(formation, client):
    formation = again(formation, client)

    assert (formation.most_moves, formation.continues, formation.on_table.outcome.get("moves")) == (None,) * 3
    assert moves_of(formation.on_table) is None
    again_with_few = again(formation, client, who="few", most_moves="3")
    assert again_with_few.on_table.continued_from.number == 2
    assert again(formation, client, who="anybody").continues is None


def test_the_choice_is_kept_with_the_proposal_so_that_the_same_comes_of_it_again(formation, client):
    formation = again(formation, client, who="few", most_moves="3")
    proposal = formation.on_table

    search = inputs.search_of(proposal)
    actions.ask_to_repeat(proposal, by=None)
    tasks.repeat.call(proposal_id=proposal.pk)

    proposal.refresh_from_db()
    assert search.most_moves == 3
    assert command_of(proposal).endswith("--most-moves 3 -o again.csv < problem.json > answer.json")
    assert len(search.start) == 24
    assert proposal.repeat_moved == 0


def test_a_number_is_asked_for_when_few_may_move(formation, client):
    url = reverse("formation:proposal", args=[formation.pk])

    page = client.post(url, {"who": "few", "most_moves": ""}, follow=True)
    wrong = client.post(url, {"who": "few", "most_moves": "many"}, follow=True)

    formation.refresh_from_db()
    assert formation.state == Formation.State.PROPOSED
    assert "Say how many people may move at most." in text_of(page)
    assert "Give a whole number, such as 12." in text_of(wrong)
    assert formation.proposals.count() == 1


@pytest.mark.parametrize(("most", "shown"), [(None, ("anybody", 5)), (0, ("nobody", 5)), (7, ("few", 7))])
def test_the_form_begins_with_the_last_choice(most, shown):
    form = again_form(Formation(most_moves=most))

    assert (form["who"].value(), form["most_moves"].value()) == shown
    assert form.fields["who"].choices[0][0] == AgainForm.ANYBODY


@pytest.mark.parametrize(
    ("moved", "most", "sentence", "is_over"),
    [
        (0, 0, "Nobody moved: only who was new was placed.", False),
        (0, 5, "Nobody had to move.", False),
        (1, 5, "One person moved; at most 5 were to.", False),
        (1, 0, "One person moved, though nobody was to: no way was found without that.", True),
        (4, 2, "4 people moved, though at most 2 were to: no way was found with so few.", True),
    ],
)
def test_how_many_moved_is_said(formation, moved, most, sentence, is_over):
    proposal = formation.on_table
    proposal.outcome["moves"] = {"moved": moved, "most": most, "from": 1}

    said = moves_of(proposal)

    assert (said["sentence"], said["is_over"], said["to"]) == (sentence, is_over, 1)


def test_a_community_about_a_topic_stays_where_it_is_unless_its_topic_is_offered_no_more(program, staff):
    about = Aspects(about=About.OFFERED, offers=(Offer("Reading"), Offer("Money"), Offer("Health")))
    formation = make_proposal(program, by=staff, aspects=about)
    before = dict(formation.proposed_communities.values_list("position", "topic__name"))
    stays, *_others = before

    actions.propose_again(formation, by=staff, most_moves=0)
    formation.refresh_from_db()
    kept = proposing.work_out(formation)
    formation.aspects = Aspects(
        about=About.OFFERED, offers=tuple(Offer(name) for name in before.values() if name != before[stays])
    ).as_json()
    formation.maximum = 24
    without = proposing.work_out(formation)

    assert kept.proposal.moved == ()
    assert {int(group.id): group.topic for group in kept.draft.problem.groups}.items() >= before.items()
    assert stays not in {int(group.id) for group in without.draft.problem.groups}
