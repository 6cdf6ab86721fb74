"""What has changed since a formation was published, and how its communities fare by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import Membership
from coppice.formation import outcomes
from coppice.formation.afterwards import Circle, members_of
from coppice.formation.models import Formation


@dataclass(frozen=True)
class Changes:
    """Of the people who were placed and invited at publication how many `moved` to another of its communities
    or have `left` (declined, are gone, or their community has ended), and how many others `came`.

    `placed` were there at publication, `present` are now, in `communities` that live. A swap that was taken
    back is no change.
    """

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
    """Return what has changed since publication, in three queries, however it came about."""
    wanted = formation.places.exclude(proposed_community__community=None)
    places = dict(wanted.values_list("enrollment", "proposed_community__community"))
    founded = formation.proposed_communities.exclude(community=None).values("community")
    invited = set(Membership.objects.filter(community__in=founded).values_list("enrollment", "community"))
    placed = {person: community for person, community in places.items() if (person, community) in invited}
    now: dict[int, set[int]] = {}
    for person, community in members_of(formation).values_list("enrollment", "community"):
        now.setdefault(person, set()).add(community)
    return Changes(
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
    if few and all(count < few for count in changes.counts):
        return [_("Fewer than five people have changed to another group, come or left.")]
    if not changes.is_any:
        return [_("Nobody has changed to another group, come or left.")]
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


def by_now_sentence(changes: Changes, outcome: Mapping[str, Any], *, groups: str, few: int = 0) -> str:
    """Return how many people are in how many communities (`groups`, in words) now, and what they reach.

    "" where nothing has changed, and where it would tell a count of fewer than `few` people.
    """
    if not changes.is_any or outcome["total"] is None or any(count < few for count in changes.counts):
        return ""
    told = {"people": changes.present, "groups": groups, "score": round(100 * outcome["total"])}
    return (
        ngettext(
            "By now %(people)d person is in %(groups)s; by today's answers that is %(score)d of 100.",
            "By now %(people)d people are in %(groups)s; by today's answers that is %(score)d of 100.",
            changes.present,
        )
        % told
    )
