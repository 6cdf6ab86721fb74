"""How communities were formed, on one page, for a funder or a director: in plain words, and naming nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coppice.communities.models import Community
from coppice.formation.aspects import aspects_of
from coppice.formation.columns import weakest_of
from coppice.formation.lists import listed
from coppice.formation.models import Formation, ProposedCommunity
from coppice.formation.outcomes import within_of
from coppice.formation.problems import EVEN_SIZES, UNANSWERED
from coppice.formation.rules import Kind, Rule, may_be_told, rules_of
from coppice.formation.since import Changes, by_now_sentence, change_sentences, changes_of
from coppice.formation.unanswered import unanswered_sentence
from coppice.formation.wording import rule_sentence
from coppice.programs.wording import words_for

SMALLEST_GROUP = 5
"""Nothing is told to a funder of fewer people."""

HIDDEN = "…"
"""In place of an answer that its program keeps to itself."""

WHY: Mapping[str, str | Promise] = {
    Community.Reason.STABLE_TEAM: gettext_lazy(
        "People work on something between meetings. That needs the same team from one meeting to the next."
    ),
    Community.Reason.AREA: gettext_lazy(
        "The organizations of an area are linked, so that people who are near can meet and help one another."
    ),
    Community.Reason.CHOSEN: gettext_lazy(
        "Organizations that have something to give one another are linked."
    ),
    Community.Reason.WHOLE_COHORT: gettext_lazy(
        "Everybody is in one, so that nobody misses what another learns."
    ),
    Community.Reason.OWN_CHOICE: gettext_lazy(
        "People put topics up on a board and chose among them, each within the sizes that were set."
    ),
}


@dataclass(frozen=True)
class Held:
    """A rule that must hold, in words, and how often it is broken."""

    sentence: str
    broken: int


@dataclass(frozen=True)
class Aim:
    """A rule that is aimed for, in words, and what it reaches (0 to 1); `place` is that among the rules."""

    place: int
    sentence: str
    score: float

    @property
    def percent(self) -> int:
        return round(100 * self.score)


@dataclass(frozen=True)
class Explanation:
    """What the page says: sentences, the rules, and what of it all was reached."""

    why: str
    people: str
    rules: Sequence[Held]
    aims: Sequence[Aim]
    total: int
    weighed: str
    within: float | None
    weakest: str
    unanswered: str
    by_hand: Sequence[str] = field(default=())
    since: Sequence[str] = field(default=())


def explanation_of(formation: Formation, *, hides_few: bool) -> Explanation:
    """Return how a formation's proposal came about, in a few queries.

    After publication all of it, people and scores, is as it was published, and `since` tells what has changed
    since then. No person is in it, nor anybody's answer.
    `hides_few` tells no count of one to four people, and nothing of a community that has no more.
    """
    places = formation.places if formation.is_published else formation.places.current()
    counts = places.aggregate(
        people=Count("pk"),
        moved=Count("pk", filter=Q(moved_by_hand=True)),
        locked=Count("pk", filter=Q(is_locked=True, moved_by_hand=False)),
        late=Count("pk", filter=Q(came_late=True)),
    )
    columns = _counted_columns(formation)
    few = SMALLEST_GROUP if hides_few else 0
    changes = changes_of(formation) if formation.is_published else None
    people = changes.placed if changes else counts["people"]
    aims = aims_of(formation, few=few)
    return Explanation(
        why=str(WHY[formation.reason]),
        people=_people(formation, people, len(columns), few),
        rules=held_of(formation, few=few),
        aims=aims,
        total=round(100 * formation.outcome["total"]),
        weighed=_weighed(formation) if aims and len(columns) > 1 else "",
        within=within_of(formation.outcome),
        weakest=_weakest(formation, columns, few) if aims and len(columns) > 1 else "",
        unanswered=unanswered_sentence(formation, few=few),
        by_hand=_by_hand(counts, few),
        since=_since(formation, changes, few) if changes else (),
    )


def _counted_columns(formation: Formation) -> list[ProposedCommunity]:
    """The proposed communities with their `people_count`; after publication as they were published."""
    columns = formation.proposed_communities
    here = Q(places__enrollment__ended_at=None)
    if formation.is_published:
        columns = columns.exclude(community=None)
        here = Q(community__memberships__enrollment=F("places__enrollment"))
    return list(columns.annotate(people_count=Count("places", filter=here, distinct=True)))


def _since(formation: Formation, changes: Changes, few: int) -> list[str]:
    """What has changed since publication, and who is there by now."""
    groups = words_for(formation.program).counted(changes.communities)
    now = by_now_sentence(changes, groups=groups, few=few)
    return [*change_sentences(changes, few=few), *([now] if now else [])]


def held_of(formation: Formation, *, few: int = 0, outcome: Mapping[str, Any] | None = None) -> list[Held]:
    """Return what must hold, sizes first; fewer than `few` named people are not counted.

    By the proposal's own `outcome`, unless another is given (that of now).
    """
    broken = (outcome or formation.outcome)["broken"]
    rules = [
        Held(_sentence(rule, few), sum(each["rule"] == place for each in broken))
        for place, rule in enumerate(_rules(formation, few))
        if rule.must_hold
    ]
    if formation.is_whole_cohort:
        return [Held(_("Everybody in one"), 0), *rules]
    sizes = _("%(minimum)d to %(maximum)d people each") % {
        "minimum": formation.minimum,
        "maximum": formation.maximum,
    }
    return [Held(sizes, sum(each["code"] in {"too_small", "too_large"} for each in broken)), *rules]


def aims_of(formation: Formation, *, few: int = 0, outcome: Mapping[str, Any] | None = None) -> list[Aim]:
    """Return what is aimed for, with what it reaches; rules that nobody's answers are about are left out.

    By the proposal's own `outcome`, unless another is given (that of now).
    """
    scores = (outcome or formation.outcome)["rules"]
    return [
        Aim(place, _sentence(rule, few), scores[str(place)])
        for place, rule in enumerate(_rules(formation, few))
        if str(place) in scores
    ]


def silent_of(formation: Formation) -> list[str]:
    """Return what is aimed for and counts for nothing, as nobody has answered what it is about, in words."""
    scores = formation.outcome["rules"]
    return [
        rule_sentence(rule)
        for place, rule in enumerate(rules_of(formation))
        if not rule.must_hold and str(place) not in scores
    ]


UNNAMED: Mapping[str, str | Promise] = {
    EVEN_SIZES: gettext_lazy("About the same size in all"),
    UNANSWERED: gettext_lazy("People who answered nothing spread over all"),
}


def unnamed_aims(scores: Mapping[str, float]) -> list[tuple[str, int]]:
    """Return the aims that no rule names and that count a little all the same, in words, with their scores.

    `scores` (0 to 1) are those that an outcome keeps by the aim's name; the figures returned are of 100.
    """
    return [(str(words), round(100 * scores[name])) for name, words in UNNAMED.items() if name in scores]


def _rules(formation: Formation, few: int) -> list[Rule]:
    """The rules; where counts are hidden, without an answer that others may not read."""
    rules = rules_of(formation)
    if not few:
        return rules
    may_read = may_be_told(formation)
    return [rule if not rule.value or may_read(rule.field) else replace(rule, value=HIDDEN) for rule in rules]


def _sentence(rule: Rule, few: int) -> str:
    """A rule in words; without the number of the people whom it names, where they are few."""
    if not rule.people or len(rule.people) >= few:
        return rule_sentence(rule)
    told = {
        Kind.PEOPLE_TOGETHER: _("Named people together"),
        Kind.PEOPLE_APART: _("Named people apart"),
        Kind.ONLY_ABOUT: _("Named people only in groups about %(topics)s") % {"topics": listed(rule.topics)},
    }
    return told[rule.kind]


def _people(formation: Formation, people: int, communities: int, few: int) -> str:
    groups = words_for(formation.program).counted(communities)
    if people < few:
        return _("Fewer than five people in %(groups)s.") % {"groups": groups}
    return ngettext("%(people)d person in %(groups)s.", "%(people)d people in %(groups)s.", people) % {
        "people": people,
        "groups": groups,
    }


def _weighed(formation: Formation) -> str:
    share = aspects_of(formation).worst_group_first
    words = words_for(formation.program)
    if not share:
        return _("What counts is how all %(communities)s fare on average.") % {
            "communities": words.communities
        }
    if share < 1:
        return _("The average counts, and so does the weakest %(community)s.") % {
            "community": words.community
        }
    return _("The weakest %(community)s counts first.") % {"community": words.community}


def _weakest(formation: Formation, columns: Sequence[ProposedCommunity], few: int) -> str:
    """The community that fares worst and what it is worst at; of those that may be told of."""
    counted: Sequence[Any] = columns
    told = [each for each in counted if each.score is not None and each.people_count >= max(1, few)]
    if not told:
        return ""
    worst = min(told, key=lambda each: each.score)
    scores = formation.outcome.get("communities", {}).get(str(worst.pk), {})
    point = weakest_of(scores, _rules(formation, few))
    values = {"name": worst.name, "score": round(100 * worst.score), "point": point}
    if not point:
        return _("%(name)s, with %(score)d of 100.") % values
    return _("%(name)s, with %(score)d of 100. Its weakest point is “%(point)s”.") % values


def _by_hand(counts: Mapping[str, int], few: int) -> list[str]:
    """What people did after the program: moved, kept, placed one by one."""
    moved, locked, late = counts["moved"], counts["locked"], counts["late"]
    told = []
    if not moved:
        told.append(_("Nobody was moved by hand."))
    elif moved < few:
        told.append(_("Fewer than five people were moved by hand."))
    else:
        told.append(
            ngettext("One person was moved by hand.", "%(people)d people were moved by hand.", moved)
            % {"people": moved}
        )
    if locked and locked >= few:
        told.append(
            ngettext(
                "One person was kept in their place by hand.",
                "%(people)d people were kept in their places by hand.",
                locked,
            )
            % {"people": locked}
        )
    if late and late >= few:
        told.append(
            ngettext(
                "One person came later and was placed alone; nobody else was moved.",
                "%(people)d people came later and were placed one by one; nobody else was moved.",
                late,
            )
            % {"people": late}
        )
    return told
