"""Why somebody is where they are, and how a group fares."""

from engines.grouping import (
    Alike,
    AlikeNumbers,
    AllowedGroups,
    Balanced,
    Coverage,
    Diverse,
    DiverseNumbers,
    EnoughOf,
    Group,
    GroupReport,
    KeepApart,
    KeepTogether,
    Locked,
    MeetingHours,
    NobodyIsolated,
    Person,
    Placement,
    Problem,
    Proportional,
    Reason,
    ReasonCode,
    SharedHours,
    SizeNear,
    Stability,
    Wishes,
    explain,
    report,
)
from engines.grouping.tests.cast import groups, people


def told(problem: Problem, assignment: dict[str, str], person: str = "a") -> dict[str, dict]:
    """The person's reasons: code -> parameters."""
    placement = next(each for each in explain(problem, assignment) if each.person == person)
    return {str(reason.code): dict(reason.parameters) for reason in placement.reasons}


def all_in(problem: Problem, group: str) -> dict[str, str]:
    return {person.id: group for person in problem.people}


def test_rules_are_reasons():
    problem = Problem(
        (Person("a"), Person("b"), Person("c"), Person("d")),
        groups(2, 0, 4),
        rules=(
            Locked("a", "g0"),
            AllowedGroups("a", ("g0", "g1")),
            KeepTogether(("a", "b", "c")),
            KeepApart("a", "d"),
        ),
    )

    assert told(problem, {"a": "g0", "b": "g0", "c": "g1", "d": "g1"}) == {
        "locked": {},
        "only_allowed": {"groups": ("g0", "g1")},
        "kept_together": {"people": ("b",)},
        "kept_apart": {"people": ("d",)},
    }
    assert told(problem, {"a": "g1", "d": "g1"}) == {"only_allowed": {"groups": ("g0", "g1")}}


def test_wishes_and_needs_are_reasons():
    crowd = (
        Person("a", needs=("grants", "staff"), wishes=("law", "grants"), expertise={"law": 4, "staff": 1}),
        Person("b", needs=("law", "grants"), expertise={"staff": 3}),
        Person("c"),
    )
    problem = Problem(crowd, (Group("g", 1, 4, topic="grants"),))

    assert told(problem, all_in(problem, "g")) == {
        "has_wish": {"topic": "grants", "rank": 2, "of": 2},
        "wants_topic": {"topic": "grants"},
        "need_is_met": {"topic": "staff", "people": ("b",)},
        "meets_need": {"topic": "law", "people": ("b",)},
        "shares_need": {"topic": "grants", "people": ("b",)},
    }


def test_company_and_difference_are_reasons_said_once():
    crowd = (
        Person("a", categories={"area": "north", "role": "data"}),
        Person("b", categories={"area": "north", "role": "exec"}),
        Person("c", categories={"role": "exec"}),
        Person("d", categories={"area": "south", "role": "data"}),
        Person("e", categories={"area": "south", "role": "exec"}),
    )
    aims = (
        Alike(name="area", attribute="area"),
        NobodyIsolated(name="company", attribute="area"),
        NobodyIsolated(name="south", attribute="area", values=("south",)),
        Diverse(name="role", attribute="role"),
    )
    problem = Problem(crowd, groups(1, 0, 5), aims=aims)

    placement = explain(problem, all_in(problem, "g0"))[0]

    assert placement.reasons == (
        Reason(ReasonCode.SHARES_VALUE, {"attribute": "area", "value": "north", "count": 1, "others": 4}),
        Reason(ReasonCode.ADDS_VALUE, {"attribute": "role", "value": "data", "count": 1, "others": 4}),
    )
    assert told(problem, all_in(problem, "g0"), "b") == {
        "shares_value": {"attribute": "area", "value": "north", "count": 1, "others": 4}
    }
    assert told(problem, all_in(problem, "g0"), "c") == {"fits_size": {"size": 5, "minimum": 0, "maximum": 5}}


def test_difference_is_not_said_of_who_gave_none():
    problem = Problem(
        (Person("a", categories={"area": "north"}), Person("b")),
        groups(1, 0, 2),
        aims=(Diverse(name="area", attribute="area"),),
    )

    assert told(problem, all_in(problem, "g0"), "b") == {"placed_by_default": {"missing": ("area",)}}


def test_numbers_near_and_far_are_reasons():
    crowd = (
        Person("a", numbers={"years": 1.0}),
        Person("b", numbers={"years": 2.0}),
        Person("c", numbers={"years": 20.0}),
        Person("d"),
    )
    aims = (
        AlikeNumbers(name="alike", attribute="years"),
        DiverseNumbers(name="diverse", attribute="years"),
        Balanced(name="balanced", attribute="years"),
    )
    problem = Problem(crowd, groups(2, 0, 4), aims=aims)

    assert told(problem, {"a": "g0", "b": "g0"}) == {
        "similar_number": {"attribute": "years", "value": 1.0, "mean": 2.0}
    }
    assert told(problem, {"a": "g0", "c": "g0", "d": "g0"}) == {
        "different_number": {"attribute": "years", "value": 1.0, "mean": 20.0}
    }
    assert "placed_by_default" in told(problem, {"a": "g0", "d": "g0"}, "d")


def test_counting_hours_and_staying_are_reasons():
    crowd = (
        Person("a", categories={"leads": "yes"}, hours=frozenset({0, 1, 2, 3}), earlier_group="g0"),
        Person("b", categories={"leads": "no"}, hours=frozenset({0, 1, 2, 3}), earlier_group="g1"),
        Person("c", categories={"leads": "no"}, hours=frozenset({4})),
    )
    aims = (
        EnoughOf(name="leader", attribute="leads", value="yes"),
        Proportional(name="others", attribute="leads", value="no"),
        MeetingHours(name="hours", target=2, quorum=0.6),
        MeetingHours(name="same hours", target=4, quorum=0.6),
        Stability(name="stay"),
        SizeNear(name="size", target=3),
    )
    problem = Problem(crowd, groups(1, 0, 4), aims=aims, slots=5)

    placements = explain(problem, all_in(problem, "g0"))

    assert [dict(reason.parameters) for reason in placements[0].reasons] == [
        {"attribute": "leads", "value": "yes", "needed": 1, "size": 3},
        {"slots": (0, 1, 2), "count": 4, "size": 3},
        {},
    ]
    assert placements[0].reasons[-1].code == ReasonCode.STAYS
    assert [dict(reason.parameters) for reason in placements[2].reasons] == [
        {"attribute": "leads", "value": "no", "needed": 0, "size": 3}
    ]


def test_who_did_not_answer_is_placed_by_default_and_shown_so():
    crowd = (Person("a", categories={"area": "north"}), Person("b", wishes=("law",), hours=frozenset({0})))
    problem = Problem(
        crowd,
        groups(1, 0, 2),
        rules=(SharedHours(1),),
        aims=(Wishes(name="wishes"), Coverage(name="needs"), Alike(name="area", attribute="area")),
        slots=1,
    )

    silent, answered = explain(problem, all_in(problem, "g0"))

    assert (silent.missing, silent.by_default) == (("needs", "wishes", "hours"), True)
    assert silent.reasons[-1] == Reason(
        ReasonCode.PLACED_BY_DEFAULT, {"missing": ("needs", "wishes", "hours")}
    )
    assert (answered.missing, answered.by_default) == (("needs", "area"), False)


def test_everybody_has_a_reason_and_the_unplaced_none():
    problem = Problem(people(3), groups(1, 1, 2))

    assert explain(problem, {"p0": "g0", "p2": "elsewhere"}) == (
        Placement("p0", "g0", (Reason(ReasonCode.FITS_SIZE, {"size": 1, "minimum": 1, "maximum": 2}),)),
    )


def test_report_tells_scores_weakest_aim_and_shared_hours():
    crowd = (
        Person("a", categories={"area": "north"}, hours=frozenset({0, 2})),
        Person("b", categories={"area": "south"}, hours=frozenset({1, 2})),
        Person("c"),
    )
    aims = (Alike(name="area", attribute="area", weight=3), SizeNear(name="size", target=2))
    problem = Problem(crowd, groups(3, 0, 3), aims=aims, slots=3)

    assert report(problem, {"b": "g2", "a": "g2", "c": "g1"}) == (
        GroupReport("g1", ("c",), {"area": 1.0, "size": 0.5}, 0.875, "size", ()),
        GroupReport("g2", ("a", "b"), {"area": 0.0, "size": 1.0}, 0.25, "area", (2,)),
    )


def test_report_of_a_group_that_loses_nothing_has_no_weakest_aim():
    problem = Problem(people(2), groups(2, 0, 2), aims=(SizeNear(name="size", target=1),))

    reports = report(problem, {"p0": "g0", "p1": "g1"})

    assert [(each.total, each.weakest) for each in reports] == [(1.0, None), (1.0, None)]
    assert report(Problem(people(1), groups(1, 0, 1)), {"p0": "g0"})[0].total == 1.0
