"""What the communities of a proposal are called: as a person called them, else by who is in them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from coppice.communities.models import Community
from coppice.formation.aspects import aspects_of
from coppice.formation.comparing import overlaps
from coppice.formation.matching import heaviest_matching
from coppice.formation.models import Formation, Proposal, ProposedCommunity
from coppice.formation.problems import Draft
from coppice.formation.queries import assignment_of, roster_of
from coppice.formation.rules import ATTRIBUTE, FACTORS, Kind, answers_of, number, rules_of, text
from coppice.formation.wording import community_name
from coppice.programs.models import Topic
from engines import grouping

LEAST_PEOPLE = 5
"""Of fewer people a name would tell what they answered."""

LONGEST_ANSWER = 60
"""No longer answer (in characters) makes a name."""


def went_on(answer: grouping.Proposal, *, draft: Draft, before: Formation) -> dict[int, ProposedCommunity]:
    """Return by new position the community on the table of `before` that goes on there.

    One with somebody who was to stay goes on in its place; any other where most of its people are, so that
    all in all the fewest leave theirs. Communities that stand for topics, or hold everybody, go on in place.
    """
    known = {each.position: each for each in before.proposed_communities}
    if before.is_whole_cohort or any(group.topic is not None for group in draft.problem.groups):
        return known
    held = {int(lock.group) for lock in draft.problem.rules_of(grouping.Locked)}
    stays = {position: each for position, each in known.items() if position in held}
    then = {
        enrollment: position
        for enrollment, position in before.places.values_list("enrollment", "proposed_community__position")
        if position not in held
    }
    now = {int(person): int(group) for person, group in answer.assignment.items() if int(group) not in held}
    found = heaviest_matching(overlaps(then, now))
    return stays | {position: known[old] for old, position in found.items()}


def name_groups(proposal: Proposal, *, stay: Collection[int]) -> None:
    """Name the communities that nobody named: by topic, by what their people share, or else by number.

    Those at the positions that `stay` have the name of before; no other takes it, nor one given by hand.
    What people share is their area, where that is why they meet, or what most of them answered (`_Shared`).
    """
    formation = proposal.formation
    has_topics = aspects_of(formation).has_topics and not formation.is_whole_cohort
    shared = {} if has_topics or formation.is_whole_cohort else _shared_in(formation)
    topics = {topic.name.casefold(): topic for topic in formation.program.topics.all()} if shared else {}
    communities = list(proposal.proposed_communities.select_related("topic"))
    named = [each for each in communities if each.named_by_hand or (each.position in stay and each.name)]
    unnamed = [each for each in communities if each not in named]
    taken = {each.name for each in named}
    for each in unnamed:
        word = each.topic.name if has_topics and each.topic is not None else shared.get(each.pk, "")
        names = _names(formation, number=communities.index(each) + 1, word=word)
        each.name = next(name for name in names if name not in taken)
        if not has_topics:
            each.topic = _topic_of(word, topics)
        taken.add(each.name)
    ProposedCommunity.objects.bulk_update(unnamed, ["name", "topic"])


@dataclass(frozen=True)
class _Shared:
    """The field after whose most common answer a community is called, and how many must share it.

    An answer makes a name only where more than half of the people gave it, and where others may read it.
    """

    field: str
    needs_most: bool

    def of(self, answers: list[list[str]]) -> str:
        counts = Counter(value for values in answers for value in values)
        if not counts:
            return ""
        value, people = counts.most_common(1)[0]
        if not self.needs_most:
            return value
        is_telling = number(value) is None and len(value) <= LONGEST_ANSWER
        is_shared = len(answers) >= LEAST_PEOPLE and 2 * people > len(answers)
        return value if is_telling and is_shared else ""


def _shared_in(formation: Formation) -> Mapping[int, str]:
    """What the people of each proposed community (id) share, in a word; "" where they share nothing."""
    shared = _shared_field(formation)
    if shared is None:
        return {}
    answers = {row.pk: answers_of(row) for row in roster_of(formation.program_id)}
    here: dict[int, list[list[str]]] = {}
    for enrollment, community in assignment_of(formation).items():
        given = [text(value) for value in answers[enrollment].get(shared.field, [])]
        here.setdefault(community, []).append(given)
    return {community: shared.of(given) for community, given in here.items()}


def _shared_field(formation: Formation) -> _Shared | None:
    """The area where that is the reason, else the column that is to be alike and that members may read."""
    if formation.reason == Community.Reason.AREA:
        return _Shared("area", needs_most=False)
    rules = [
        rule
        for rule in rules_of(formation)
        if rule.kind in {Kind.TOGETHER, Kind.ALIKE} and rule.is_told and rule.field.startswith(ATTRIBUTE)
    ]
    if not rules:
        return None
    first = max(rules, key=lambda rule: (rule.kind == Kind.TOGETHER, FACTORS[rule.weight]))
    return _Shared(first.field, needs_most=True)


def _topic_of(word: str, topics: Mapping[str, Topic]) -> Topic | None:
    return topics.get(word.casefold()) if word else None


def _names(formation: Formation, *, number: int, word: str) -> Iterator[str]:
    """The names that a community could have, the one that suits it best first."""
    if formation.is_whole_cohort:
        yield community_name(formation, number=number)
    more = 0
    while True:
        again = more + 1 if word else 0
        yield community_name(formation, number=number + more, area=word, again=again)
        more += 1
