"""What has changed since a formation was published, and how its communities fare by now."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import KNOWN_TO_MEMBERS, Membership
from coppice.formation import outcomes
from coppice.formation.afterwards import Circle
from coppice.formation.models import Formation


@dataclass(frozen=True)
class Changes:
    """Of the people who were placed and invited at publication how many `moved` to another of its communities
    or have `left` (declined, are gone, or their community has ended), and how many others `came`.

    `asked` were ever invited, `placed` at publication; `present` are there now, in `communities` that live. A
    swap that was taken back is no change.
    """

    asked: int
    placed: int
    moved: int
    came: int
    left: int
    present: int
    communities: int

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.moved, self.came, self.left

    @property
    def is_any(self) -> bool:
        return any(self.counts)


def changes_of(formation: Formation) -> Changes:
    """Return what has changed since publication, in one query, however it came about."""
    founded = formation.proposed_communities.exclude(community=None).values("community")
    its_own = formation.places.filter(
        enrollment=OuterRef("enrollment"), proposed_community__community=OuterRef("community")
    )
    here = Q(state__in=KNOWN_TO_MEMBERS, enrollment__ended_at=None, community__ended_at=None)
    rows = (
        Membership.objects.filter(community__in=founded)
        .annotate(was_placed=Exists(its_own), is_there=ExpressionWrapper(here, BooleanField()))
        .values_list("enrollment", "community", "was_placed", "is_there")
    )
    asked, placed, now = set[int](), dict[int, int](), dict[int, set[int]]()
    for person, community, was_placed, is_there in rows:
        asked.add(person)
        if was_placed:
            placed[person] = community
        if is_there:
            now.setdefault(person, set()).add(community)
    return Changes(
        asked=len(asked),
        placed=len(placed),
        moved=sum(person in now and where not in now[person] for person, where in placed.items()),
        came=len(now.keys() - placed.keys()),
        left=len(placed.keys() - now.keys()),
        present=len(now),
        communities=len(set[int]().union(*now.values())),
    )


def outcome_by_now(circle: Circle) -> dict[str, Any]:
    """Return how communities fare with the people who are in them now, by these people's answers of today.

    In the shape of `outcomes.outcome_of`, as far as it is read afterwards: "total" (0 to 1; None where nobody
    is left), "rules", "communities" (by the proposed community's id) and "broken"; and "scores", the
    score of each community.
    """
    if not circle.assignment:
        return {"total": None, "rules": {}, "communities": {}, "scores": {}, "broken": []}
    effect, proposed = circle.board.effect({}), circle.proposed
    return {
        "total": effect.after.total,
        "rules": outcomes.rule_scores(circle.draft, effect.after),
        "communities": {
            str(proposed[each.group].pk): outcomes.scores_by_rule(circle.draft, each.scores)
            for each in circle.board.reports()
        },
        "scores": {str(proposed[key].pk): score for key, score in effect.after.groups.items()},
        "broken": [outcomes.violation_of(circle.draft, each) for each in effect.violations],
    }


def change_sentences(changes: Changes, *, few: int = 0) -> list[str]:
    """Return what has changed since publication, in words; counts of fewer than `few` people are not told."""
    if not changes.is_any:
        return [_("Nobody has changed to another group, come or left.")]
    if few and all(count < few for count in changes.counts):
        return [_("Fewer than five people have changed to another group, come or left.")]
    told = [
        ngettext(
            "One person has changed to another group.",
            "%(people)d people have changed to another group.",
            changes.moved,
        ),
        ngettext("One person has come.", "%(people)d people have come.", changes.came),
        ngettext("One person has left or said no.", "%(people)d people have left or said no.", changes.left),
    ]
    return [
        sentence % {"people": count}
        for sentence, count in zip(told, changes.counts, strict=True)
        if count and count >= few
    ]


def by_now_sentence(changes: Changes, *, groups: str, few: int = 0) -> str:
    """Return how many people are in how many communities (`groups`, in words) now.

    "" where nothing has changed, and where it would tell a count of fewer than `few` people.
    """
    if not changes.is_any or any(count < few for count in changes.counts):
        return ""
    return ngettext(
        "By now %(people)d person is in %(groups)s.",
        "By now %(people)d people are in %(groups)s.",
        changes.present,
    ) % {"people": changes.present, "groups": groups}
