"""Where communities are about topics, people who came late are placed by what they wish for."""

import pytest

from coppice.communities.tests.factories import enroll, make_program
from coppice.formation.aspects import About, Aspects, Offer, Says
from coppice.formation.late import stand_of
from coppice.formation.rules import Kind, Rule
from coppice.formation.tests.factories import make_proposal, make_published, make_roster

pytestmark = pytest.mark.django_db

BY_WISHES = Aspects(
    columns={"First choice": Says.WISH}, about=About.OFFERED, offers=(Offer("Grants"), Offer("Boards"))
)
RULES = [Rule(Kind.WISHED_ONLY), Rule(Kind.WISHES)]


@pytest.fixture
def program():
    program = make_program()
    for number, each in enumerate(make_roster(program, 24)):
        each.attributes = {"First choice": ("Grants", "Boards")[number % 2]}
        each.save()
    return program


@pytest.mark.parametrize("make", [make_proposal, make_published])
def test_somebody_late_is_offered_a_group_about_their_wish_first(program, make):
    formation = make(program, rules=RULES, aspects=BY_WISHES, minimum=5, maximum=9)
    lou = enroll(program, "Late Lou", attributes={"First choice": "Grants"})

    stand = stand_of(formation, newcomers=[lou.pk])
    best = stand.best(lou.pk)

    topics = {
        each.community_id if formation.is_published else each.pk: str(each.topic)
        for each in formation.proposed_communities.all()
    }
    assert [(topics[each.group], each.breaks) for each in best[:1]] == [("Grants", False)]
    assert [each.breaks for each in best if topics[each.group] == "Boards"] == [True] * sum(
        topics[each.group] == "Boards" for each in best
    )
    assert topics[stand.together([lou.pk])[lou.pk].group] == "Grants"
