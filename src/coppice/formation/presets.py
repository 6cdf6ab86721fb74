"""The rules that each of the four reasons usually wants, from what the roster tells."""

from collections.abc import Iterable

from coppice.communities.models import Community
from coppice.formation.aspects import About, Says
from coppice.formation.rules import Kind, Rule, Weight
from coppice.formation.sight import Sight

MOST_WHO_CAN_MEET = 80


def usual_rules(reason: str, sight: Sight, *, about: About, rules: Iterable[Rule] = ()) -> list[Rule]:
    """Return the rules that a reason (a value of Community.Reason) usually wants beside `rules`.

    Nothing is asked about what nobody has answered, nor twice about one thing.
    """
    rules = list(rules)
    named = {rule.field for rule in rules if rule.field}
    kinds = {rule.kind for rule in rules}
    known = {field.key for field in sight.fields}
    return [
        rule
        for rule in (*_of_topics(about, sight), *_of_reason(reason, sight))
        if (rule.field in known - named if rule.field else rule.kind not in kinds)
    ]


def _of_topics(about: About, sight: Sight) -> Iterable[Rule]:
    if about == About.NOTHING:
        return
    if sight.has(Says.WISH):
        yield Rule(Kind.WISHES, weight=Weight.HIGH)
    elif sight.has(Says.NEED):
        yield Rule(Kind.TOPIC_WANTED, weight=Weight.HIGH)


def _of_reason(reason: str, sight: Sight) -> Iterable[Rule]:
    has_hours = sight.has(Says.FREE) or sight.has(Says.BUSY)
    match reason:
        case Community.Reason.STABLE_TEAM:
            yield Rule(Kind.BALANCED, "kind")
            if has_hours:
                yield Rule(Kind.MEETING_HOURS, share=MOST_WHO_CAN_MEET)
            if sight.has(Says.NEED) and sight.has(Says.EXPERTISE):
                yield Rule(Kind.KNOWN_HERE)
        case Community.Reason.AREA:
            yield Rule(Kind.ALIKE, "area")
            if has_hours:
                yield Rule(Kind.MEETING_HOURS, share=MOST_WHO_CAN_MEET, weight=Weight.LOW)
        case Community.Reason.CHOSEN:
            if sight.has(Says.NEED):
                yield Rule(Kind.COMMON_NEEDS)
