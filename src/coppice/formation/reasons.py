"""Reasons that say the same of several things, put into one: a panel tells four, not fourteen."""

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.formation.lists import listed

type Reason = Mapping[str, Any]

ABOUT_TOPICS = {"wants_topic", "need_is_met", "meets_need", "shares_need"}
"""Codes whose sentence can name several topics, where the same people are meant."""

ABOUT_VALUES: Mapping[str, str] = {"shares_value": "shares_values", "adds_value": "adds_values"}
"""Codes of one answer, and the code that tells of several: {"values": [(attribute, value), …], …}."""


def merged(reasons: Sequence[Reason]) -> list[Reason]:
    """Return reasons (code and parameters), those alike as one, at the place of the first of them."""
    alike: dict[tuple[Any, ...], list[Reason]] = {}
    for place, reason in enumerate(reasons):
        alike.setdefault(_key(reason) or (place,), []).append(reason)
    return [_one(each) if len(each) > 1 else each[0] for each in alike.values()]


def _key(reason: Reason) -> tuple[Any, ...] | None:
    code, told = reason.get("code"), reason.get("parameters") or {}
    if code in ABOUT_TOPICS:
        return code, tuple(told.get("people", ()))
    if code in ABOUT_VALUES:
        return code, told.get("count")
    return None


def _one(reasons: Sequence[Reason]) -> Reason:
    code, told = reasons[0]["code"], [each["parameters"] for each in reasons]
    if code in ABOUT_TOPICS:
        return {"code": code, "parameters": {**told[0], "topic": listed([each["topic"] for each in told])}}
    values = [(each["attribute"], each["value"]) for each in told]
    return {"code": ABOUT_VALUES[code], "parameters": {**told[0], "values": values}}
