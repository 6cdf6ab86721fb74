"""To undo a change by hand gives back the very score and facts that there were before it."""

import pytest

from coppice.communities.tests.factories import make_program
from coppice.formation import actions
from coppice.formation.aspects import About, Aspects, Offer, Says
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, people_in

pytestmark = pytest.mark.django_db

WISHES = {"First choice": Says.WISH, "Second choice": Says.WISH, "Was in": Says.EARLIER}
UNEVEN = (Offer("Grants"), Offer("Boards", minimum=5, maximum=12), Offer("Vans"))
TOPICS = Aspects(columns=WISHES, about=About.OFFERED, offers=UNEVEN)
CASES = {
    "fields": ([Rule(Kind.ALIKE, "area"), Rule(Kind.BALANCED, "attribute:Years")], None),
    "no rules": ([], None),
    "topics of several sizes": ([Rule(Kind.WISHES), Rule(Kind.BALANCED, "attribute:Years")], TOPICS),
    "topics and earlier groups": ([Rule(Kind.STAY), Rule(Kind.WISHES)], TOPICS),
    "topics asked for": ([Rule(Kind.WISHES)], Aspects(columns=WISHES, about=About.OPEN, offers=UNEVEN[:2])),
}


def facts_of(formation):
    now = Formation.objects.get(pk=formation.pk)
    places = now.places.values_list("pk", "proposed_community", "reasons", "moved_by_hand")
    return now.outcome, {each.pk: each.score for each in columns_of(now)}, list(places.order_by("pk"))


@pytest.mark.parametrize("case", CASES)
def test_undo_gives_back_score_and_facts_to_the_last_digit(case):
    program = make_program()
    for number, each in enumerate(make_roster(program, 37)):
        each.attributes |= {
            "First choice": ("Grants", "Boards", "Grants", "Vans", "Grants")[number % 5],
            "Second choice": ("Boards", "Grants")[number % 2],
            "Was in": ("Grants", "Boards", "Old")[number % 3],
        }
        each.save()
    rules, aspects = CASES[case]
    formation = make_proposal(program, rules=rules, aspects=aspects)
    before = facts_of(formation)
    first, second = columns_of(formation)[:2]
    place, partner = people_in(first)[0], people_in(second)[0]

    actions.swap(place, partner=partner, by=None)
    assert facts_of(formation) != before
    actions.swap(place, partner=partner, by=None)

    assert facts_of(formation) == before
