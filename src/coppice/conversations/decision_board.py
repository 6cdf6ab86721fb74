"""A decision as its page shows it: what each option got, who said what, and who has not answered yet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigAutoField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.shortcuts import get_object_or_404
from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.communities.tabs import hand_counts, with_counts_for
from coppice.conversations.circle import circle_of
from coppice.conversations.decision_models import FEWEST_COUNTED, Ballot, Choice, Decision, Option
from coppice.conversations.decision_words import GONE_AT, Reader, Shown, lacks_reasons, shows_reasons
from coppice.conversations.models import Thread
from coppice.conversations.remark_models import Remark
from coppice.lib.ids import id_or_nobodys
from coppice.lib.questions import Given, Question, the_one
from coppice.lib.ranking import Ranking, rank

S = Ballot.Stance
P = Remark.Part
SHOWN_AS_WAITING = 5


def decision_of(person: Any, *, decision_id: int) -> Decision:
    """Return a decision that the person may know of, with its options; raises Http404 otherwise."""
    given = {"person": person.pk, "decision": id_or_nobodys(decision_id), "now": timezone.now()}
    found = DECISION.ask_for(Decision, **given)
    decision = the_one(found)
    prefetch_related_objects(found, "options")
    hand_counts(decision, decision.thread.community)
    circle_of(decision.thread.community)
    return decision


def _decision() -> QuerySet[Any, Any]:
    person, pk = (Given(name, BigAutoField()) for name in ("person", "decision"))
    known = Community.objects.visible_to_given(person).values("pk")
    place = Subquery(Decision.objects.filter(pk=pk).values("thread__community")[:1])
    decisions = Decision.objects.filter(pk=pk, thread__community__in=known)
    decisions = decisions.select_related("thread__community__program__provider", "thread__topic")
    return with_counts_for(decisions, person, community=place, now=Given("now", DateTimeField()))


DECISION = Question(_decision)


def for_somebody(person: Any, *, decision_id: int, membership_id: int) -> tuple[Decision, Membership]:
    """Return a decision and a member of its community; raises Http404 otherwise."""
    decision = decision_of(person, decision_id=decision_id)
    members = Membership.objects.taking_part().select_related("person", "enrollment")
    membership = get_object_or_404(members, pk=membership_id, community=decision.thread.community_id)
    membership.community = decision.thread.community
    return decision, membership


def ballot_of(person: Any, *, ballot_id: int) -> Ballot:
    """Return an objection to a decision that the person may know of; raises Http404 otherwise."""
    objections = Ballot.objects.filter(stance=S.OBJECT).select_related("membership__enrollment")
    ballot = get_object_or_404(objections, pk=ballot_id)
    ballot.decision = decision_of(person, decision_id=ballot.decision_id)
    return ballot


def own_membership(person: Any, decision: Decision) -> Membership | None:
    """Return as what a person is asked, None for whoever is no member."""
    found = (
        Membership.objects.taking_part()
        .filter(community=decision.thread.community_id, person=person.pk)
        .select_related("person", "enrollment")
        .first()
    )
    if found is not None:
        found.community = decision.thread.community
    return found


def in_thread(thread: Thread, person: Any) -> list[Any]:
    """Return the decisions of a thread, the one that is open first, in one query.

    Each knows its number of `answered` ballots and whether this person's `is_mine` is among them.
    """
    return IN_THREAD.ask_for(Decision, thread=thread.pk, person=person.pk)


def _in_thread() -> QuerySet[Any, Any]:
    person, thread = (Given(name, BigAutoField()) for name in ("person", "thread"))
    own = Ballot.objects.filter(decision=OuterRef("pk"), membership__person=person)
    return (
        Decision.objects.filter(thread=thread)
        .annotate(answered=Count("ballots"), is_mine=Exists(own))
        .order_by(F("outcome_at").desc(nulls_first=True), "-pk")
    )


IN_THREAD = Question(_in_thread)


def asked_of(decision: Decision) -> list[Membership]:
    """Return the active members whom a decision asks, by name: who may write in its conversation now.

    Whoever only reads for a while, and in a locked conversation whoever does not lead, could not answer.
    """
    thread, community = decision.thread, decision.thread.community
    active = (
        Membership.objects.active()
        .filter(community=community)
        .select_related("person", "enrollment")
        .order_by("enrollment__name", "pk")
    )
    circle = circle_of(community)
    asked = [each for each in active if circle.writes(each.person_id, is_locked=thread.locked_at is not None)]
    for each in asked:
        each.community = community
    return asked


def keepers(decision: Decision) -> list[Any]:
    """Return the people who see to a decision: who leads, and who opened it if they are still here.

    Nobody who could not write its outcome.
    """
    thread, community = decision.thread, decision.thread.community
    leaders = [
        each.person
        for each in Membership.objects.leaders().filter(community=community).select_related("person")
    ]
    opener = decision.opened_by
    is_in = Membership.objects.taking_part().filter(community=community, person=opener)
    if opener and opener.pk not in {each.pk for each in leaders} and is_in.exists():
        leaders.append(opener)
    circle, is_locked = circle_of(community), thread.locked_at is not None
    return [each for each in leaders if circle.writes(each.pk, is_locked=is_locked)]


def waiting_in(community: Community, person: Any) -> list[Decision]:
    """Return the open decisions of a community that a member has not answered, the one that closes first."""
    given = {"community": community.pk, "person": person.pk, "now": timezone.now()}
    return WAITING.ask_for(Decision, **given)


def _waiting() -> QuerySet[Decision]:
    person, community = (Given(name, BigAutoField()) for name in ("person", "community"))
    here = Decision.objects.filter(thread__community=community)
    waiting = here.waiting_for(person, at=Given("now", DateTimeField()))
    return waiting.order_by("closes_at", "pk")[:SHOWN_AS_WAITING]


WAITING = Question(_waiting)


@dataclass(frozen=True)
class Row:
    """One option in the result: how many people chose it, how many dots or who puts it first.

    `weight` is what the bar shows, `most` the length of a whole bar. `place` is its place in the common order
    of a ranking, else None.
    """

    label: str
    meaning: str
    people: int
    weight: int
    most: int
    names: Sequence[str] = ()
    place: int | None = None
    is_tied: bool = False


@dataclass(frozen=True)
class Word:
    """What one member said: `says` in words; `ballot` has whose hand entered it.

    `reason`, `proposal` and the `reply` to an objection are as far as this reader may read them.
    """

    ballot: Ballot
    name: str
    says: str
    is_mine: bool
    can_be_corrected: bool
    reason: Shown
    proposal: str
    reply: Shown | None


@dataclass(frozen=True)
class Result:
    """All that a page shows of a decision's answers.

    `is_hidden` says that counts are not shown: without names, before it is over or under five answers; and
    while the question is hidden, of which the options tell. `reasons` are those of answers without names,
    `waiting_reasons` wait for a yes; with `lacks_reasons` one is gone with whoever had themself erased
    since, and the others are not shown either: what is missing would tell whose it was. `waiting` has not
    answered, and could; `own` is the reader's answer.
    """

    answered: int
    rows: Sequence[Row]
    words: Sequence[Word]
    waiting: Sequence[Membership]
    is_hidden: bool
    reasons: Sequence[Shown]
    ranking: Ranking[int] | None = None
    labels: dict[int, str] | None = None
    lacks_reasons: bool = False
    own: Ballot | None = None
    waiting_reasons: int = 0

    @property
    def asked(self) -> int:
        return self.answered + len(self.waiting)

    @property
    def objections(self) -> list[Word]:
        return [each for each in self.words if each.ballot.objects_to_it]

    @property
    def standing(self) -> int:
        """How many objections stand."""
        return sum(each.ballot.stands for each in self.objections)

    @property
    def pairs(self) -> list[tuple[str, list[int | None]]]:
        """Of a ranking, by option, how many put it before each of the others."""
        if self.ranking is None or self.labels is None:
            return []
        return [
            (self.labels[a], [None if a == b else self.ranking.prefer[a, b] for b in self.labels])
            for a in self.labels
        ]


def result_of(decision: Decision, person: Any, reader: Reader | None = None) -> Result:
    """Return the answers to a decision as a person may read them; in five queries for however many."""
    options = list(decision.options.all())
    ballots = list(
        Ballot.objects.filter(decision=decision)
        .select_related("membership__enrollment")
        .annotate(gone_at=GONE_AT)
        .prefetch_related(Prefetch("choices", Choice.objects.order_by("pk")))
    )
    own = next((each for each in ballots if each.membership.person_id == person.pk), None)
    said = {each.membership_id for each in ballots}
    waiting = [each for each in asked_of(decision) if each.pk not in said]
    is_hidden = decision.question_hidden_at is not None
    if is_hidden or (decision.is_secret and (decision.is_open or len(ballots) < FEWEST_COUNTED)):
        return Result(len(ballots), [], [], waiting, is_hidden=True, reasons=[], own=own)
    ranking = _ranking(options, ballots) if decision.kind == Decision.Kind.RANKING else None
    reader = reader or Reader(decision, person)
    words = [] if decision.is_secret else _words(decision, options, ballots, reader)
    reasons = [
        reader.sees(P.ANSWER, each) for each in ballots if each.words and shows_reasons(decision, ballots)
    ]
    return Result(
        answered=len(ballots),
        rows=_stances(ballots) if decision.is_consent else _rows(decision, options, ballots, ranking),
        words=words,
        waiting=waiting,
        is_hidden=False,
        reasons=sorted(
            (each for each in reasons if not each.waits),
            key=lambda each: (each.is_hidden, each.text, each.why),
        ),
        ranking=ranking,
        labels={each.pk: each.label for each in options},
        lacks_reasons=lacks_reasons(decision, ballots),
        own=own,
        waiting_reasons=sum(each.waits for each in reasons),
    )


def _rows(
    decision: Decision, options: Sequence[Option], ballots: Sequence[Ballot], ranking: Ranking[int] | None
) -> list[Row]:
    people: dict[int, list[str]] = defaultdict(list)
    weights: dict[int, int] = defaultdict(int)
    for ballot in ballots:
        for choice in ballot.choices.all():
            people[choice.option_id].append(str(ballot.membership.enrollment))
            if ranking is None:
                weights[choice.option_id] += choice.weight
            else:
                weights[choice.option_id] += choice.weight == 1
    places = _places(ranking) if ranking else {}
    most = max([*weights.values(), 1]) if decision.kind == Decision.Kind.DOTS else max(len(ballots), 1)
    rows = [
        Row(
            label=each.label,
            meaning=each.meaning,
            people=len(people[each.pk]),
            weight=weights[each.pk],
            most=most,
            names=[] if decision.is_secret else sorted(people[each.pk]),
            place=places[each.pk][0] if ranking else None,
            is_tied=places[each.pk][1] if ranking else False,
        )
        for each in options
    ]
    return sorted(rows, key=lambda row: row.place or 0) if ranking else rows


def _stances(ballots: Sequence[Ballot]) -> list[Row]:
    return [
        Row(
            label=str(stance.label),
            meaning="",
            people=len(names),
            weight=len(names),
            most=max(len(ballots), 1),
            names=names,
        )
        for stance in S
        for names in [sorted(str(each.membership.enrollment) for each in ballots if each.stance == stance)]
    ]


def _ranking(options: Sequence[Option], ballots: Sequence[Ballot]) -> Ranking[int]:
    places = [{each.option_id: each.weight for each in ballot.choices.all()} for ballot in ballots]
    return rank([each.pk for each in options], places)


def _places(ranking: Ranking[int]) -> dict[int, tuple[int, bool]]:
    """The place of each option, counted as in sports (1, 2, 2, 4), and whether others share it."""
    places, next_place = {}, 1
    for group in ranking.groups:
        for option_id in group:
            places[option_id] = (next_place, len(group) > 1)
        next_place += len(group)
    return places


def _words(
    decision: Decision, options: Sequence[Option], ballots: Sequence[Ballot], reader: Reader
) -> list[Word]:
    labels = {each.pk: each.label for each in options}
    circle, is_locked = circle_of(decision.thread.community), decision.thread.locked_at is not None
    words = [
        Word(
            ballot=each,
            name=str(each.membership.enrollment),
            says=in_words(decision, each, labels),
            is_mine=each.membership.person_id == reader.person.pk,
            reason=(reason := reader.sees(P.ANSWER, each, each.words)),
            proposal=each.proposal if reason.text else "",
            reply=reader.sees(P.REPLY, each) if each.reply else None,
            can_be_corrected=circle.writes(each.membership.person_id, is_locked=is_locked),
        )
        for each in ballots
    ]
    return sorted(words, key=lambda word: (word.name.casefold(), word.ballot.pk))


def in_words(decision: Decision, ballot: Ballot, labels: dict[int, str]) -> str:
    """Return what a ballot says, without its reason: "Tuesdays", "Bus: 3, Van: 2", "1. Bus, 2. Van"."""
    if decision.is_consent:
        return str(S(ballot.stance).label)
    choices = list(ballot.choices.all())
    if decision.kind == Decision.Kind.DOTS:
        return ", ".join(f"{labels[each.option_id]}: {each.weight}" for each in choices)
    if decision.kind == Decision.Kind.RANKING:
        ordered = sorted(choices, key=lambda each: each.weight)
        return ", ".join(f"{each.weight}. {labels[each.option_id]}" for each in ordered)
    return ", ".join(labels[each.option_id] for each in choices)
