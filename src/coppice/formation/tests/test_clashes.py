"""A clash names who is in it, and each way out is one press that changes the sizes or rules."""

import pytest
from django.urls import reverse

from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import tasks
from coppice.formation.aspects import About, Aspects, Offer
from coppice.formation.clashes import MOST_NAMED, told_clashes
from coppice.formation.models import Formation
from coppice.formation.rules import Kind, Rule, rules_of
from coppice.formation.tests.factories import make_proposal, make_roster
from coppice.formation.ways import mark_of_terms, ways_out
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db
PLAIN = {"rules": [], "is_about_locks": False, "is_proven": False, "number": 0}


@pytest.fixture
def program():
    program = make_program()
    make_roster(program, 24)
    return program


@pytest.fixture
def formation(program):
    """Eight people of each area are to be apart, in three communities."""
    return make_proposal(program, rules=[Rule(Kind.APART, "area"), Rule(Kind.BALANCED, "kind")])


@pytest.fixture
def manager(client, formation):
    client.force_login(make_staff(formation.program))
    return client


def press(client, formation, key):
    sent = {"way": key, "seen": mark_of_terms(Formation.objects.get(pk=formation.pk))}
    return client.post(reverse("formation:loosening", args=[formation.pk]), sent, follow=True)


def ways_of(formation, **way):
    return ways_out(formation, [{"relaxations": [{**PLAIN, **way}]}])


def test_people_and_their_organizations_are_named_by_kind(formation):
    [told] = told_clashes(formation, formation.outcome["clashes"])

    assert {kind.value for kind in told.kinds} == {"North", "South", "West"}
    assert {(len(kind.names), kind.more) for kind in told.kinds} == {(MOST_NAMED, 2)}
    assert "Person 000 (Organization 0)" in next(kind.names for kind in told.kinds if kind.value == "North")


def test_whoever_left_or_has_no_name_is_not_named(formation):
    first, second, *_others = formation.program.enrollments.order_by("pk")
    clash = {"code": "apart_too_many", "rule": 0, "rules": [0], "value": "North", "needed": 2, "available": 1}
    clashes = [{**clash, "people": [str(first.pk), str(second.pk)]}]
    [before] = told_clashes(formation, clashes)
    formation.program.enrollments.filter(pk=first.pk).update(name="")
    formation.program.enrollments.filter(pk=second.pk).delete()

    [after] = told_clashes(formation, clashes)

    assert ([len(kind.names) for kind in before.kinds], after.kinds) == ([2], [])


def test_a_clash_of_sizes_names_nobody():
    formation = make_proposal(people=10)

    [told] = told_clashes(formation, formation.outcome["clashes"])

    assert told.kinds == []


def test_who_has_no_organization_is_named_alone(formation):
    person = formation.program.enrollments.order_by("pk")[0]
    person.affiliations.all().delete()
    clash = {"code": "apart_too_many", "rule": 0, "rules": [0], "value": "North", "needed": 2, "available": 1}

    [told] = told_clashes(formation, [{**clash, "people": [str(person.pk)]}])

    assert told.kinds[0].names == ["Person 000"]


def test_one_press_softens_the_rule_and_works_it_out_anew(manager, formation):
    seed = formation.seed

    page = press(manager, formation, "soften-0").content.decode()
    formation.refresh_from_db()

    assert [(rule.kind, rule.field) for rule in rules_of(formation)] == [
        (Kind.BALANCED, "area"),
        (Kind.BALANCED, "kind"),
    ]
    assert (formation.state, formation.seed) == (Formation.State.PROPOSING, seed + 1)
    assert "Changed: Only aim for it" in page
    assert Entry.objects.filter(verb="formation.revised").count() == 1
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()
    assert formation.state == Formation.State.PROPOSED


def test_one_press_takes_the_rule_away_or_changes_the_sizes(manager, formation):
    press(manager, formation, "drop-0")
    formation.refresh_from_db()
    dropped = [rule.kind for rule in rules_of(formation)]
    alone = make_proposal(people=10)
    manager.force_login(alone.created_by)
    press(manager, alone, "maximum")
    alone.refresh_from_db()

    assert (dropped, alone.minimum, alone.maximum) == ([Kind.BALANCED], 7, 10)


def test_a_way_that_is_no_longer_there_changes_nothing(manager, formation):
    press(manager, formation, "drop-0")
    seed = Formation.objects.get(pk=formation.pk).seed

    page = press(manager, formation, "soften-0").content.decode()
    unknown = press(manager, formation, "soften-9").content.decode()

    assert [each.count("have changed since") for each in (page, unknown)] == [1, 1]
    assert Formation.objects.get(pk=formation.pk).seed == seed


def test_a_round_that_is_published_meanwhile_is_refused(manager, formation, monkeypatch):
    monkeypatch.setattr(Formation, "can_be_removed", property(lambda self: False))

    page = press(manager, formation, "drop-0").content.decode()

    assert "Changed:" not in page
    assert len(rules_of(Formation.objects.get(pk=formation.pk))) == 2


@pytest.mark.parametrize(
    ("rule", "code", "number", "amount", "sentence"),
    [
        (
            Rule(Kind.AT_MOST, "area", amount=2),
            "allow_more_of_kind",
            4,
            4,
            "Ask for “At most 4 with the same answer: area” in place of "
            "“At most 2 with the same answer: area”.",
        ),
        (
            Rule(Kind.AT_LEAST, "area", value="North", amount=3),
            "ask_fewer_of_kind",
            2,
            2,
            "Ask for “At least 2 with “North” in each: area” in place of "
            "“At least 3 with “North” in each: area”.",
        ),
        (Rule(Kind.SHARED_HOURS, amount=3), "ask_fewer_hours", 0, None, ""),
        (Rule(Kind.APART, "area"), "allow_more_of_kind", 4, None, ""),
    ],
)
def test_a_rule_with_a_number_is_eased_to_what_can_hold(formation, rule, code, number, amount, sentence):
    formation.rules = [rule.as_json()]

    ways = ways_of(formation, code=code, number=number, rules=[0])

    eased = {way.sentence: way.terms.rules[0].amount for way in ways if way.key.startswith("ease")}
    assert eased == ({sentence: amount} if amount else {})


def test_other_numbers_of_communities_are_sizes_that_make_so_many(formation):
    [more] = ways_of(formation, code="more_groups", number=1)
    [fewer] = ways_of(formation, code="fewer_groups", number=1)

    assert (more.terms.minimum, more.terms.maximum) == (6, 7)
    assert more.sentence == "Choose sizes of 6 to 7, so that there is room for 1 community more."
    assert (fewer.terms.minimum, fewer.terms.maximum) == (12, 14)


def test_where_sizes_cannot_be_said_somebody_chooses_them(formation):
    [none] = ways_of(formation, code="fewer_groups", number=3)
    formation.aspects = Aspects(about=About.OFFERED, offers=(Offer("Grants"),)).as_json()
    [topics] = ways_of(formation, code="more_groups", number=1)
    [locks] = ways_of(formation, code="open_group", is_about_locks=True)

    assert [way.terms for way in (none, topics, locks)] == [None, None, None]
    assert (none.sentence, topics.sentence) == (
        "Choose larger sizes, so that it takes 3 communities fewer.",
        "Choose smaller sizes, so that there is room for 1 community more.",
    )
    assert locks.sentence == "Let some people go whom you keep where they are."


def test_the_page_offers_each_way_and_leads_to_the_form_for_the_rest(manager, formation):
    formation.on_table = None
    page = manager.get(formation.get_absolute_url()).content.decode()

    assert page.count('name="way"') >= 2
    assert "Person 000 (Organization 0)" in page


def test_a_way_out_of_an_older_page_changes_nothing(manager, formation):
    older = {"way": "drop-0", "seen": mark_of_terms(formation)}
    formation.rules = [formation.rules[1], formation.rules[0]]
    formation.save(update_fields=["rules"])

    page = manager.post(reverse("formation:loosening", args=[formation.pk]), older, follow=True)

    formation.refresh_from_db()
    assert len(formation.rules) == 2
    assert "have changed since" in page.content.decode()
