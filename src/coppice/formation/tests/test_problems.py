"""Rules in plain words become the engine's rules and aims, one by one."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from coppice.communities.models import Community
from coppice.communities.tests.factories import add_member, make_community, make_program
from coppice.formation.aspects import About, Aspects, Offer, Says, aspects_of
from coppice.formation.models import Formation
from coppice.formation.problems import EVEN_SIZES, UNANSWERED, Facts, draft
from coppice.formation.queries import facts_of
from coppice.formation.rules import SHAPES, Kind, RosterRow, Rule, Weight, rules_of
from coppice.formation.tests.factories import make_roster
from engines import grouping

pytestmark = pytest.mark.django_db

PEOPLE = {
    1: {
        "wishes": ["Grants"], "needs": ["Vans"], "expertise": ["Grants"],
        "free_hours": ["mon-09"], "site": "A", "n": 1,
    },
    2: {"wishes": ["Vans", "Grants"], "site": "A", "n": 2},
    3: {"needs": ["Grants"], "site": "B", "n": 5},
    4: {},
}  # fmt: skip
GROUPS = [
    grouping.Group("g", 1, 4, topic="Grants", optional=True),
    grouping.Group("v", 1, 4, topic="Vans", optional=True),
]
TOPICS = Aspects(about=About.OFFERED, offers=(Offer("Grants"), Offer("Vans")))


def drawn(*rules: Rule, aspects: Aspects = TOPICS, facts: Facts | None = None, groups=GROUPS):
    formation = Formation(
        program=make_program(),
        reason=Community.Reason.STABLE_TEAM,
        minimum=1,
        maximum=4,
        rules=[rule.as_json() for rule in rules],
        aspects=aspects.as_json(),
    )
    roster = [RosterRow(pk, f"P{pk}", "", "", "", attributes, ()) for pk, attributes in PEOPLE.items()]
    return draft(formation, roster=roster, groups=groups, locks={}, facts=facts)


SITE, NUMBER = "attribute:site", "attribute:n"


@pytest.mark.parametrize(
    ("rule", "engine_rules"),
    [
        (Rule(Kind.PEOPLE_TOGETHER, people=(1, 2, 99)), (grouping.KeepTogether(("1", "2")),)),
        (Rule(Kind.PEOPLE_TOGETHER, people=(1, 99)), ()),
        (
            Rule(Kind.PEOPLE_APART, people=(1, 2, 3)),
            (grouping.KeepApart("1", "2"), grouping.KeepApart("1", "3"), grouping.KeepApart("2", "3")),
        ),
        (Rule(Kind.AT_MOST, SITE, amount=3), (grouping.AtMost(SITE, 3),)),
        (Rule(Kind.AT_MOST, SITE, value="A"), (grouping.AtMost(SITE, 2, "A"),)),
        (Rule(Kind.AT_LEAST, SITE, value="A", amount=2), (grouping.AtLeast(SITE, "A", 2),)),
        (Rule(Kind.SHARED_HOURS, amount=2, share=80), (grouping.SharedHours(2, 0.8),)),
        (
            Rule(Kind.WISHED_ONLY),
            (grouping.AllowedGroups("1", ("g",)), grouping.AllowedGroups("2", ("g", "v"))),
        ),
        (Rule(Kind.ONLY_ABOUT, people=(4,), topics=("Vans",)), (grouping.AllowedGroups("4", ("v",)),)),
    ],
)  # fmt: skip
def test_what_must_hold(rule, engine_rules):
    assert drawn(rule).problem.rules == engine_rules


@pytest.mark.parametrize(
    ("rule", "aim"),
    [
        (Rule(Kind.WISHES), grouping.Wishes(name="0", utilities=(1.0, 0.75, 0.5))),
        (Rule(Kind.TOPIC_WANTED, weight=Weight.HIGH), grouping.TopicWanted(name="0", weight=2.0)),
        (Rule(Kind.COMMON_NEEDS, weight=Weight.LOW), grouping.CommonNeeds(name="0", weight=0.5)),
        (Rule(Kind.KNOWN_HERE), grouping.Coverage(name="0")),
        (Rule(Kind.MEETING_HOURS, share=50), grouping.MeetingHours(name="0", target=2, quorum=0.5)),
        (Rule(Kind.STAY), grouping.Stability(name="0")),
        (Rule(Kind.SIZE, amount=3), grouping.SizeNear(name="0", target=3)),
        (Rule(Kind.DIVERSE, SITE), grouping.Diverse(name="0", attribute=SITE)),
        (Rule(Kind.DIVERSE, NUMBER), grouping.DiverseNumbers(name="0", attribute=NUMBER)),
        (Rule(Kind.ALIKE, NUMBER), grouping.AlikeNumbers(name="0", attribute=NUMBER)),
        (Rule(Kind.BALANCED, NUMBER), grouping.Balanced(name="0", attribute=NUMBER)),
        (Rule(Kind.SPREAD, SITE, value="B"), grouping.Proportional(name="0", attribute=SITE, value="B")),
        (
            Rule(Kind.ACCOMPANIED, SITE, value="A", amount=3),
            grouping.NobodyIsolated(name="0", attribute=SITE, values=("A",), at_least=3),
        ),
        (
            Rule(Kind.ENOUGH, SITE, value="A", amount=2),
            grouping.EnoughOf(name="0", attribute=SITE, value="A", count=2),
        ),
    ],
)
def test_what_is_aimed_for(rule, aim):
    problem = drawn(rule, facts=Facts(earlier={1: "Grants"})).problem

    assert problem.aims[0] == aim
    assert [each.name for each in problem.aims[1:] if each.name != UNANSWERED] == (
        [] if rule.kind == Kind.SIZE else [EVEN_SIZES]
    )


def test_every_kind_is_put_to_the_engine():
    tried = {Kind.TOGETHER, Kind.APART, Kind.CHOSEN}  # those of test_proposing
    known: set[Kind] = set()
    for test in (test_what_must_hold, test_what_is_aimed_for):
        for mark in test.pytestmark:
            if mark.name == "parametrize":
                known |= {rule.kind for rule, _engine in mark.args[1]}

    assert known | tried == set(Kind) == set(SHAPES)


def test_only_what_is_asked_for_is_handed_over():
    nothing = drawn(Rule(Kind.BALANCED, SITE), aspects=Aspects()).problem
    hours = drawn(Rule(Kind.MEETING_HOURS), aspects=Aspects()).problem

    assert {(p.wishes, p.needs, p.hours, len(p.expertise)) for p in nothing.people} == {(None, None, None, 0)}
    assert (nothing.slots, hours.slots) == (0, 168)
    assert [p.hours for p in hours.people] == [frozenset({33}), None, None, None]
    assert {(p.wishes, p.needs) for p in hours.people} == {(None, None)}


def test_who_answered_nothing_is_spread_and_said():
    by_wish = drawn(Rule(Kind.WISHES), Rule(Kind.BALANCED, SITE))
    by_field = drawn(Rule(Kind.ENOUGH, SITE, value="B"), aspects=Aspects())
    by_nothing = drawn(Rule(Kind.STAY), aspects=Aspects())

    assert (by_wish.unanswered, by_field.unanswered, by_nothing.unanswered) == (
        {"3", "4"},
        {"4"},
        frozenset(),
    )
    spread = [aim for aim in by_wish.problem.aims if aim.name == UNANSWERED]
    assert spread == [grouping.Proportional(name=UNANSWERED, attribute=UNANSWERED, value="yes", weight=0.25)]
    assert [p.categories[UNANSWERED] for p in by_wish.problem.people] == ["no", "no", "yes", "yes"]
    assert UNANSWERED not in {aim.name for aim in by_field.problem.aims}  # one person needs no spreading


def test_earlier_groups_go_on_in_the_group_about_their_topic_or_in_one_about_none():
    facts = Facts(earlier={1: "vans", 2: "vans", 3: "Old ones"})
    plain = [grouping.Group("1", 1, 4), grouping.Group("2", 1, 4)]

    by_topic = drawn(Rule(Kind.STAY), facts=facts).problem.people
    without = drawn(Rule(Kind.STAY), facts=facts, groups=plain, aspects=Aspects()).problem.people

    assert [person.earlier_group for person in by_topic] == ["v", "v", "gone", None]
    assert [person.earlier_group for person in without] == ["1", "1", "2", None]


def test_a_column_tells_the_earlier_group_before_the_program_does():
    columns = {"site": Says.EARLIER}

    people = drawn(Rule(Kind.STAY), aspects=Aspects(columns=columns), facts=Facts(earlier={4: "B"}), groups=[
        grouping.Group("1", 1, 4), grouping.Group("2", 1, 4)
    ]).problem.people  # fmt: skip

    assert [person.earlier_group for person in people] == ["1", "1", "2", "2"]


def test_people_of_present_communities_are_known():
    program = make_program()
    make_roster(program, 2)
    community = make_community(program, name="Grants")
    member = add_member(community, name="Bo")
    formation = Formation(program=program, rules=[Rule(Kind.STAY).as_json()])

    assert facts_of(formation) == Facts(earlier={member.enrollment_id: "Grants"})


def test_the_weakest_first_is_a_share():
    assert [drawn(aspects=Aspects(fairness=step)).problem.worst_group_first for step in range(5)] == [
        0.0,
        0.25,
        0.5,
        0.75,
        1.0,
    ]


def test_rules_of_older_proposals_are_what_they_were():
    kept = [
        {"kind": "balanced", "field": "kind", "organizations": [], "is_told": False},
        {"kind": "chosen", "organizations": [4, 5]},
    ]
    formation = Formation(rules=kept)

    assert rules_of(formation) == [Rule(Kind.BALANCED, "kind"), Rule(Kind.CHOSEN, organizations=(4, 5))]
    assert rules_of(formation)[0].as_json() == kept[0]
    assert aspects_of(formation) == Aspects()


def test_rules_and_terms_are_kept_whole():
    rule = Rule(
        Kind.MEETING_HOURS,
        value="A",
        amount=3,
        share=67,
        people=(1, 2),
        topics=("Vans",),
        weight=Weight.HIGH,
        is_told=True,
    )
    aspects = Aspects(
        columns={"a": Says.BUSY},
        about=About.OFFERED,
        offers=(Offer("Vans", 2, 3, 1, may_be_left_out=False),),
        fairness=2,
    )
    formation = Formation(rules=[rule.as_json()], aspects=aspects.as_json())

    assert (rules_of(formation), aspects_of(formation)) == ([rule], aspects)


def test_the_form_shows_for_each_kind_what_its_shape_asks():
    style = Path(str(finders.find("formation/studio.css"))).read_text("utf-8")
    shown = {
        part: set(re.findall(r'\[value="([a-z_]+)"\]', line))
        for line in style.splitlines()
        for part in re.findall(r"\.for-([a-z]+) \{ display: none", line)
    }

    must_hold = {kind.value for kind in Kind if Rule(kind).must_hold}
    rows = {kind: shape for kind, shape in SHAPES.items() if kind != Kind.CHOSEN}
    assert shown == {
        "field": {kind.value for kind, shape in rows.items() if shape.field},
        "value": {kind.value for kind, shape in rows.items() if shape.answer},
        "amount": {kind.value for kind, shape in rows.items() if shape.amount},
        "share": {kind.value for kind, shape in rows.items() if shape.share},
        "people": {kind.value for kind, shape in rows.items() if shape.people},
        "topics": {kind.value for kind, shape in rows.items() if shape.topics},
        "weight": {kind.value for kind in rows} - must_hold,
    }
