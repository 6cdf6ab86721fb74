"""Reasons that say the same of several things are told as one."""

from coppice.formation.wording import reason_sentences

NAMES = {"1": "Rosa", "2": "Jo"}


def reason(code, **parameters):
    return {"code": code, "parameters": parameters}


def test_topics_that_the_same_people_need_are_one_sentence():
    reasons = [
        reason("meets_need", topic="Grants", people=["1", "2"]),
        reason("has_wish", topic="Vans", rank=1),
        reason("meets_need", topic="Events", people=["1", "2"]),
        reason("meets_need", topic="Boards", people=["2"]),
    ]

    assert reason_sentences(reasons, names=NAMES) == [
        "Can help with Grants and Events, which Rosa and Jo need.",
        "Wished for Vans first of all.",
        "Can help with Boards, which Jo need.",
    ]


def test_answers_shared_with_as_many_people_are_one_sentence():
    reasons = [
        reason("shares_value", attribute="area", value="North", count=3),
        reason("shares_value", attribute="language", value="es", count=3),
        reason("shares_value", attribute="kind", value="Clinic", count=1),
        reason("adds_value", attribute="kind", value="Clinic"),
        reason("adds_value", attribute="job_title", value="Cook"),
    ]

    assert reason_sentences(reasons, names=NAMES) == [
        "Shares “North” (area) and “Spanish” (language) with 3 other people here, each.",
        "Shares “Clinic” (type of organization) with one other person here.",
        "Brings “Clinic” (type of organization) and “Cook” (job title) into the group.",
    ]


def test_reasons_that_differ_stay_as_they_are():
    reasons = [reason("locked"), reason("moved_by_hand"), reason("locked")]

    assert reason_sentences(reasons, names=NAMES) == ["Kept here by hand.", "Moved here by hand."]
