"""A change by hand that breaks a rule wants a yes, names the rule, and figures are the same on every page."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import enroll, make_program, make_staff
from coppice.formation import actions, tasks
from coppice.formation.errors import BreaksRules
from coppice.formation.hours import Hours, hours_in_common
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import (
    columns_of,
    make_proposal,
    make_published,
    make_roster,
    people_in,
)
from coppice.programs.models import Affiliation

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture
def program():
    program = make_program()
    make_roster(program, 24, organizations=12)
    return program


@pytest.fixture
def formation(program):
    return make_proposal(program, rules=[Rule(Kind.APART, "organization")], minimum=6, maximum=10)


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


def at(name: str, *args: object) -> str:
    return reverse(f"formation:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def house_of(place) -> int:
    return place.enrollment.organizations.get().pk


def clash(formation):
    """Somebody, a community in which a colleague of theirs is, and that colleague."""
    places = list(formation.places.all())
    for place in places:
        for other in places:
            if other.pk != place.pk and house_of(other) == house_of(place):
                return place, other.proposed_community, other
    raise AssertionError("everybody is alone")


def test_a_move_that_breaks_a_rule_wants_a_yes_and_undo_wants_none(formation, staff, client):
    place, to, colleague = clash(formation)
    origin = place.proposed_community

    panel = text_of(client.get(at("place", place.pk)))
    refused = text_of(client.post(at("move", place.pk), {"to": to.pk}, follow=True))
    place.refresh_from_db()
    assert place.proposed_community == origin
    assert 'name="despite_rules"' in panel
    assert "This change breaks a rule that must hold. Tick “Do it anyway” if you mean it." in refused
    assert "were to be apart by organization, and are together in" in refused
    assert colleague.enrollment.name in refused

    done = text_of(client.post(at("move", place.pk), {"to": to.pk, "despite_rules": "1"}, follow=True))
    place.refresh_from_db()
    assert (place.proposed_community, "were to be apart by organization" in done) == (to, True)
    back = f"{at('move', place.pk)}?to={origin.pk}&despite_rules=1"
    assert back.replace("&", "&amp;") in done
    client.post(back)
    place.refresh_from_db()
    assert place.proposed_community == origin


def test_a_swap_that_breaks_a_rule_wants_a_yes(formation, staff, client):
    place, to, colleague = clash(formation)
    partner = next(each for each in people_in(to) if each.pk != colleague.pk)

    refused = text_of(client.post(at("swap", place.pk), {"with": partner.pk}, follow=True))
    with pytest.raises(BreaksRules):
        actions.swap(place, partner=partner, by=None)
    offered = text_of(client.get(at("place", place.pk), {"onto": partner.pk}, headers=HTMX))
    client.post(at("swap", place.pk), {"with": partner.pk, "despite_rules": "1"})

    place.refresh_from_db()
    assert "This change breaks a rule that must hold." in refused
    assert 'name="despite_rules"' in offered.split("</section>")[0] + offered
    assert place.proposed_community == to


def test_what_only_leaves_too_few_is_told_and_not_refused(program, staff, client):
    formation = make_proposal(program, minimum=8, maximum=9)
    place, to = people_in(columns_of(formation)[0])[0], columns_of(formation)[1]

    answer = text_of(client.post(at("move", place.pk), {"to": to.pk}, follow=True))

    place.refresh_from_db()
    assert place.proposed_community == to
    assert "has one person fewer than its smallest size." in answer


@pytest.mark.parametrize("make", [make_proposal, make_published])
def test_somebody_late_reads_which_rule_a_place_would_break(program, staff, client, make):
    formation = make(program, rules=[Rule(Kind.APART, "organization")], minimum=7, maximum=9)
    lou = enroll(program, "Late Lou")
    for house in program.organizations.all():
        Affiliation.objects.create(enrollment=lou, organization=house)

    page = text_of(client.get(at("late", formation.pk), {"person": lou.pk}))

    assert (
        page.count("were to be apart by organization, and are together in") >= page.count("Do it anyway") == 3
    )


def test_the_strip_tells_the_score_that_a_change_made(program, staff, client):
    formation = make_proposal(program, rules=[Rule(Kind.ALIKE, "area")])
    assert '<span id="strip-score" hidden></span>' in text_of(client.get(formation.get_absolute_url()))
    actions.propose_again(formation, by=None)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    first, second = columns_of(formation)[:2]
    place, partner = people_in(first)[0], people_in(second)[0]

    changed = text_of(client.post(at("swap", place.pk), {"with": partner.pk}, headers=HTMX))

    now = Formation.objects.get(pk=formation.pk).on_table.percent
    told = f'<small id="strip-score" hx-swap-oob="innerHTML">{now} of 100, shown now</small>'
    assert told in changed
    page = text_of(client.get(formation.get_absolute_url()))
    assert f'<small id="strip-score">{now} of 100, shown now</small>' in page
    assert '<span id="strip-score" hidden></span>' not in page


@pytest.mark.parametrize(("share", "hours"), [(100, 0), (67, 2)])
def test_hours_are_counted_as_the_score_counts_them(share, hours, client):
    program = make_program()
    for number in range(8):
        free = ["sun-08"] if number == 0 else ["mon-09", "mon-10"]
        enroll(program, f"Person {number}", attributes={"free_hours": free})
    enroll(program, "Said nothing")
    rules = [Rule(Kind.MEETING_HOURS, amount=2, share=share)]
    formation = make_proposal(program, rules=rules, minimum=9, maximum=9)
    client.force_login(make_staff(program))
    [column] = columns_of(formation)

    page = text_of(client.get(at("proposed_community", column.pk)))

    assert hours_in_common(formation, column) == Hours(hours, share)
    assert formation.outcome["communities"][str(column.pk)]["0"] == hours / 2
    if share == 100:
        assert "Everybody who gave their hours is free in 0 hours of the week." in page
    else:
        assert "Of those who gave their hours, 67 % or more are free in 2 hours of the week." in page


def test_where_nobody_gave_hours_none_are_told(program):
    formation = make_proposal(program, rules=[Rule(Kind.MEETING_HOURS)])

    assert hours_in_common(formation, columns_of(formation)[0]) is None
    assert hours_in_common(make_proposal(program), columns_of(formation)[0]) is None
