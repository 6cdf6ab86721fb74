"""Two people change places, and a community is kept as it is: the actions, and what people see of them."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.errors import NotProposed, OtherFormation
from coppice.formation.models import Formation
from coppice.formation.proposing import standing
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def full(**terms):
    """Three communities of exactly eight people."""
    return make_proposal(people=24, minimum=8, maximum=8, **terms)


def scored(formation):
    return standing(formation, communities=columns_of(formation)).score()


@pytest.fixture
def alike():
    return full(rules=[Rule(Kind.ALIKE, "area")])


@pytest.fixture
def manager(client, alike):
    client.force_login(make_staff(alike.program))
    return client


def at(name, place):
    return reverse(f"formation:{name}", args=[place.pk])


def test_two_people_of_full_communities_change_places(alike):
    first, second, _third = columns_of(alike)
    place, partner = people_in(first)[0], people_in(second)[0]
    actions.give_lead(place, by=None)
    by = make_staff(alike.program)

    swapped = actions.swap(place, partner=partner, by=by)

    place.refresh_from_db()
    partner.refresh_from_db()
    alike.refresh_from_db()
    assert (place.proposed_community, partner.proposed_community, place.is_leader) == (second, first, False)
    assert (place.moved_by_hand, partner.moved_by_hand) == (True, True)
    assert (place.reasons[0]["code"], partner.reasons[0]["code"]) == ("moved_by_hand", "moved_by_hand")
    assert (swapped.partner, swapped.origin, swapped.broken) == (partner, first, ())
    assert alike.outcome["total"] == swapped.after == scored(alike).total
    assert {each.pk: each.score for each in columns_of(alike)} == {
        int(group): score for group, score in scored(alike).groups.items()
    }
    told = Entry.objects.filter(verb="formation.person_moved").order_by("pk")
    assert [(each.actor, each.about, each.detail["to"]) for each in told] == [
        (by, place.enrollment.person, second.name),
        (by, partner.enrollment.person, first.name),
    ]


def test_to_change_places_twice_restores_everything(alike):
    first, second, _third = columns_of(alike)
    place, partner = people_in(first)[0], people_in(second)[0]
    before = alike.outcome
    actions.swap(place, partner=partner, by=None)

    actions.swap(place, partner=partner, by=None)

    alike.refresh_from_db()
    place.refresh_from_db()
    assert (place.moved_by_hand, alike.outcome["communities"]) == (False, before["communities"])
    assert alike.outcome["total"] == pytest.approx(before["total"])


def test_two_of_one_community_change_nothing(alike):
    one, other = people_in(columns_of(alike)[0])[:2]

    swapped = actions.swap(one, partner=other, by=None)

    assert (swapped.partner, swapped.before) == (None, swapped.after)
    assert not Entry.objects.filter(verb="formation.person_moved").exists()


def test_nobody_changes_places_with_another_proposal_or_after_publication(alike):
    place = people_in(columns_of(alike)[0])[0]
    stranger = people_in(columns_of(full())[0])[0]
    with pytest.raises(OtherFormation):
        actions.swap(place, partner=stranger, by=None)
    partner = people_in(columns_of(alike)[1])[0]
    alike.state = Formation.State.PUBLISHED
    alike.save(update_fields=["state"])

    with pytest.raises(NotProposed):
        actions.swap(place, partner=partner, by=None)

    place.refresh_from_db()
    assert place.proposed_community == columns_of(alike)[0]


def test_a_community_kept_as_it_is_stays_when_the_rest_is_worked_out_again():
    formation = make_proposal(people=24, minimum=5, maximum=9, rules=[Rule(Kind.ALIKE, "area")])
    kept = columns_of(formation)[1]
    people = {place.enrollment_id for place in people_in(kept)}
    counts = [actions.lock_community(kept, by=None), actions.lock_community(kept, by=None)]

    actions.propose_again(formation, by=None)
    tasks.propose.call(formation_id=formation.pk)

    formation.refresh_from_db()
    places = formation.places.filter(enrollment__in=people)
    assert counts == [len(people), 0]
    assert {place.proposed_community.position for place in places} == {kept.position}
    assert all(place.is_locked for place in places)
    assert actions.unlock_community(places[0].proposed_community, by=None) == len(people)
    assert list(
        Entry.objects.filter(verb__startswith="formation.community_")
        .order_by("pk")
        .values_list("verb", flat=True)
    ) == ["formation.community_locked", "formation.community_unlocked"]


def test_what_is_not_on_the_table_is_neither_kept_nor_swapped_nor_shown(client):
    formation = make_proposal(people=24, minimum=5, maximum=9, rules=[Rule(Kind.ALIKE, "area")])
    before = columns_of(formation)
    one, other = people_in(before[0])[0], people_in(before[1])[0]
    actions.propose_again(formation, by=None)
    tasks.propose.call(formation_id=formation.pk)
    client.force_login(make_staff(formation.program))

    with pytest.raises(OtherFormation):
        actions.lock_community(before[0], by=None)
    with pytest.raises(OtherFormation):
        actions.swap(one, partner=other, by=None)

    pages = [client.get(at(name, before[0])).url for name in ("proposed_community", "community_name")]
    assert pages == [formation.get_absolute_url()] * 2


def test_the_panel_offers_the_best_swaps_although_every_community_is_full(manager, alike):
    first, second, _third = columns_of(alike)
    place = people_in(first)[0]

    page = manager.get(at("place", place)).content.decode()

    stands = standing(alike, communities=columns_of(alike))
    _now, best = stands.board.best_swaps(str(place.enrollment_id))
    names = [f"Swap with {stands.roster[each.person].name}" for each in best]
    assert (len(best), [each for each in names if each not in page]) == (3, [])
    assert page.count("not free") == 2
    assert f"{second.name}<small>full, 8 of 8</small>" in page


def test_a_swap_is_told_with_what_it_did_and_undone(manager, alike):
    first, second, _third = columns_of(alike)
    place, partner = people_in(first)[0], people_in(second)[0]

    done = manager.post(at("swap", place), {"with": partner.pk}, follow=True)
    undone = manager.post(f"{at('swap', place)}?with={partner.pk}", follow=True)

    place.refresh_from_db()
    sentence = f"{place.enrollment} and {partner.enrollment} have changed places. The two together: "
    assert [sentence in text_of(each) for each in (done, undone)] == [True, True]
    assert (
        f'action="{at("swap", place)}?with={partner.pk}&amp;despite_rules=1&amp;despite_lock=1"'
        in done.content.decode()
    )
    assert place.proposed_community == first


def test_a_swap_that_cannot_be_is_refused_in_words(manager, alike):
    one, other = people_in(columns_of(alike)[0])[:2]
    same = manager.post(at("swap", one), {"with": other.pk}, follow=True)
    nobody = manager.post(at("swap", one), {"with": "nobody"})
    partner = people_in(columns_of(alike)[1])[0]
    alike.state = Formation.State.PUBLISHED
    alike.save(update_fields=["state"])

    late = manager.post(at("swap", one), {"with": partner.pk}, follow=True)

    assert ("have changed places" in text_of(same), nobody.status_code) == (False, 404)
    assert "There is no open proposal to change." in text_of(late)


def test_a_swap_that_breaks_a_rule_names_it(manager):
    program = make_program()
    make_roster(program, 24)
    formation = make_proposal(program, minimum=8, maximum=8, rules=[Rule(Kind.TOGETHER, "organization")])
    manager.force_login(make_staff(program))
    first, second, _third = columns_of(formation)
    place, partner = people_in(first)[0], people_in(second)[0]
    house = place.enrollment.organizations.get().name

    offered = text_of(manager.get(f"{at('place', place)}?onto={partner.pk}"))
    done = text_of(manager.post(at("swap", place), {"with": partner.pk}, follow=True))

    sentence = f"People of “{house}” were to be together, and are in {first.name} and {second.name}."
    assert (f"Beside {partner.enrollment}" in offered, sentence in offered, sentence in done) == (
        True,
        True,
        True,
    )


def test_dropped_onto_somebody_the_panel_offers_both_with_what_they_cost(manager, alike):
    first, second, _third = columns_of(alike)
    place, partner = people_in(first)[0], people_in(second)[0]
    headers = {"HX-Request": "true", "HX-Target": "panel"}

    part = manager.get(f"{at('place', place)}?onto={partner.pk}", headers=headers).content.decode()
    beside_own = manager.get(f"{at('place', place)}?onto={people_in(first)[1].pk}", headers=headers)
    beside_nobody = manager.get(f"{at('place', place)}?onto=9999999", headers=headers)

    assert (f"Beside {partner.enrollment}" in part, f'id="offer-swap-{partner.pk}"' in part) == (True, True)
    assert [b"Beside" in each.content for each in (beside_own, beside_nobody)] == [False, False]


def test_a_move_that_breaks_a_rule_says_which_before_it_is_made(manager):
    program = make_program()
    make_roster(program, 24)
    formation = make_proposal(
        program, minimum=6, maximum=12, rules=[Rule(Kind.TOGETHER, "organization"), Rule(Kind.ALIKE, "area")]
    )
    manager.force_login(make_staff(program))
    place = people_in(columns_of(formation)[0])[0]

    page = text_of(manager.get(at("place", place)))

    assert f"People of “{place.enrollment.organizations.get().name}” were to be together" in page


def test_a_community_is_kept_and_let_go_from_its_column(manager, alike):
    column = columns_of(alike)[0]
    headers = {"HX-Request": "true"}

    kept = manager.post(at("community_lock", column), headers=headers)
    studio = manager.get(alike.get_absolute_url()).content.decode()
    let_go = manager.post(at("community_lock_end", column), follow=True)

    page = kept.content.decode()
    assert (f'id="column-{column.pk}"' in page, 'id="panel"' in page) == (True, False)
    assert (f"{column.name} stays as it is." in page, "Undo" in page) == (True, True)
    assert kept["HX-Push-Url"] == "false"
    assert ("Work out the rest again" in studio, studio.count("Let them move")) == (True, 1)
    assert f"Everybody in {column.name} may be moved again." in text_of(let_go)
    assert not alike.places.filter(is_locked=True).exists()


def test_the_open_panel_of_somebody_who_is_kept_changes_too(manager, alike):
    column, other = columns_of(alike)[:2]
    headers = {"HX-Request": "true"}
    place, elsewhere = people_in(column)[0], people_in(other)[0]
    panel = manager.get(at("place", place)).content.decode()

    def post(name, chosen):
        return manager.post(at(name, column), {"chosen": chosen}, headers=headers).content.decode()

    kept, let_go = post("community_lock", place.pk), post("community_lock_end", place.pk)
    others = [post("community_lock", chosen) for chosen in (elsewhere.pk, "nobody", 0)]

    assert f'id="panel-chosen" name="chosen" value="{place.pk}"' in panel
    assert 'hx-include="#panel-chosen"' in panel
    assert ["Keep here" in page for page in (panel, kept, let_go)] == [True, False, True]
    assert (at("lock_end", place) in kept, 'aria-current="true"' in kept) == (True, True)
    assert ['id="panel"' in page for page in (kept, let_go, *others)] == [True, True, False, False, False]


def test_undo_is_not_offered_where_it_would_unlock_somebody_who_was_locked_before(manager, alike):
    column = columns_of(alike)[0]
    actions.lock(people_in(column)[0], by=None)

    page = manager.post(at("community_lock", column), follow=True)

    assert f"{column.name} stays as it is." in text_of(page)
    assert "Undo" not in text_of(page)


def test_what_is_published_is_not_kept_by_hand(manager, alike):
    alike.state = Formation.State.PUBLISHED
    alike.save(update_fields=["state"])

    page = manager.post(at("community_lock", columns_of(alike)[0]), follow=True)

    assert "There is no open proposal to change." in text_of(page)
