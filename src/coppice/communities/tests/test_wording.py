"""Reasons in words: kind, open, never more than four."""

import pytest

from coppice.communities.models import Community, Membership
from coppice.communities.wording import why
from engines.grouping.answer import ReasonCode


def sentences(*reasons: object, preset: str = "") -> list[str]:
    return why(Membership(community=Community(reason=preset), reasons=list(reasons)))


@pytest.mark.parametrize(
    ("code", "parameters", "sentence"),
    [
        ("locked", {}, "Somebody who knows the program chose this place for you."),
        ("kept_together", {"people": ["7"]}, "We wanted you and some of the people here to stay together."),
        ("has_wish", {"topic": "buses", "rank": 1}, "You asked for buses first of all."),
        ("has_wish", {"topic": "buses", "rank": 2}, "You asked for buses."),
        ("wants_topic", {"topic": "buses"}, "You want to work on buses."),
        (
            "need_is_met",
            {"topic": "buses", "people": ["7"]},
            "You need help with buses, and somebody here knows about it.",
        ),
        ("meets_need", {"topic": "buses"}, "You know about buses, and others here can use that."),
        ("shares_need", {"topic": "buses"}, "You are not the only one here who needs buses."),
        (
            "shares_value",
            {"attribute": "area", "count": 1},
            "One other person here works in your area.",
        ),
        (
            "shares_value",
            {"attribute": "area", "count": 3},
            "3 other people here work in your area.",
        ),
        (
            "adds_value",
            {"attribute": "kind"},
            "With you, one more kind of organization has a voice in this group.",
        ),
        ("moved_by_hand", {}, "Somebody who knows the program chose this place for you."),
        (
            "shares_value",
            {
                "attribute": "attribute:Wishes",
                "value": "Fundraising",
                "count": 6,
                "others": 9,
                "told": True,
            },
            "Your answer to “Wishes” is “Fundraising”, and 6 other people here say the same.",
        ),
        (
            "shares_value",
            {
                "attribute": "attribute:Wishes",
                "value": "Fundraising",
                "count": 4,
                "others": 9,
                "told": True,
            },
            "Your answer to “Wishes” is “Fundraising”. We kept it in mind when we chose your group.",
        ),
        (
            "shares_value",
            {"attribute": "job_title", "value": "Driver", "count": 9, "others": 9, "told": True},
            "Your answer to “Job title” is “Driver”. We kept it in mind when we chose your group.",
        ),
        (
            "counts_towards",
            {"attribute": "attribute:Wants", "value": "grants", "count": 2, "told": True},
            "We wanted different answers to “Wants” in every group, and yours is one of them.",
        ),
        (
            "counts_towards",
            {"attribute": "kind", "value": "Clinic", "count": 2},
            "We brought different kinds of organization together, so that you see things from another side.",
        ),
        ("shares_hours", {}, "You are free when most of the group is free."),
        ("stays", {}, "You stay with people whom you know from before."),
        (
            "placed_by_default",
            {"missing": ["needs"]},
            "This group was chosen for you among them all. Tell us if another would suit you better.",
        ),
        ("fits_size", {"size": 8}, "This group is small enough for everybody to know one another."),
    ],
)
def test_each_reason_has_its_sentence(code, parameters, sentence):
    assert sentences({"code": code, "parameters": parameters}) == [sentence]


def test_every_open_attribute_is_shared_mixed_and_brought_in_words_of_its_own():
    told = [
        sentences({"code": code, "parameters": {"attribute": attribute, "count": 2}})
        for attribute in ("organization", "area", "kind", "language", "time_zone")
        for code in ("shares_value", "counts_towards", "adds_value")
    ]

    assert [len(each) for each in told] == [1] * 15
    assert len({each[0] for each in told}) == 15
    assert sentences({"code": "adds_value", "parameters": {"attribute": "organizations"}}) == [
        "With you, one more organization has a voice in this group."
    ]


@pytest.mark.parametrize(
    "reason",
    [
        {"code": "kept_apart", "parameters": {"people": ["7"]}},
        {"code": "shares_value", "parameters": {"attribute": "health", "count": 3}},
        {"code": "shares_value", "parameters": {"attribute": "area", "count": 0}},
        {"code": "adds_value", "parameters": {"attribute": "health"}},
        {"code": "adds_value"},
        {"code": "counts_towards"},
        {"code": "similar_number", "parameters": {"attribute": "salary", "mean": 3}},
        {
            "code": "shares_value",
            "parameters": {"attribute": "attribute:Wishes", "value": "Boards", "count": 6, "others": 9},
        },
        {"code": "shares_value", "parameters": {"attribute": "job_title", "value": "Driver", "told": "yes"}},
        {"code": "shares_value", "parameters": {"attribute": "attribute:Wishes", "count": 6, "told": True}},
        {"code": "counts_towards", "parameters": {"attribute": "attribute:Gender", "value": "female"}},
        {"code": "adds_value", "parameters": {"attribute": "attribute:Gender", "value": "female"}},
        {"code": "counts_towards", "parameters": {"attribute": "health", "told": True}},
        {"code": "has_wish", "parameters": {}},
        {"code": "wants_topic"},
        {"code": "need_is_met"},
        {"code": "meets_need"},
        {"code": "shares_need", "parameters": "?"},
        {"code": "of_tomorrow"},
        {},
        "no reason at all",
    ],
)
def test_what_is_private_or_unknown_is_left_out(reason):
    assert sentences(reason) == []


def test_every_code_of_the_engine_is_told_or_left_out_on_purpose():
    parameters = {"topic": "buses", "attribute": "area", "count": 2, "rank": 1}

    told = {code for code in ReasonCode if sentences({"code": code.value, "parameters": parameters})}

    assert set(ReasonCode) - told == {
        ReasonCode.KEPT_APART,
        ReasonCode.ONLY_ALLOWED,
        ReasonCode.SIMILAR_NUMBER,
        ReasonCode.DIFFERENT_NUMBER,
    }


def test_the_preset_closes_and_there_are_four_at_most():
    codes = ["locked", "stays", "stays", "shares_hours", "fits_size", "kept_together"]

    assert sentences(*({"code": code} for code in codes), preset="chosen") == [
        "Somebody who knows the program chose this place for you.",
        "You stay with people whom you know from before.",
        "You are free when most of the group is free.",
        "We chose these organizations because we believe that they have much to give one another.",
    ]
    assert sentences({"code": "stays"}, preset="own") == ["You stay with people whom you know from before."]
