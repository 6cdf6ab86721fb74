"""What the engine answers: a proposal with its reasons, a clash of rules, or honestly neither."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engines.grouping.rules import Rule

type Value = str | int | float | tuple[str, ...] | tuple[int, ...]


class ReasonCode(StrEnum):
    """Why a person is in a group; the parameters of each stand in brackets. Stable: callers translate them.

    `people` never includes the person; `others` and `count` count people other than the person.
    """

    LOCKED = "locked"
    ONLY_ALLOWED = "only_allowed"  # groups: ids
    KEPT_TOGETHER = "kept_together"  # people
    KEPT_APART = "kept_apart"  # people
    HAS_WISH = "has_wish"  # topic, rank (1 is best), of (number of wishes)
    WANTS_TOPIC = "wants_topic"  # topic
    NEED_IS_MET = "need_is_met"  # topic, people who know it
    MEETS_NEED = "meets_need"  # topic, people who need it
    SHARES_NEED = "shares_need"  # topic, people
    SHARES_VALUE = "shares_value"  # attribute, value, count, others
    ADDS_VALUE = "adds_value"  # attribute, value, count, others
    SIMILAR_NUMBER = "similar_number"  # attribute, value, mean (of the others)
    DIFFERENT_NUMBER = "different_number"  # attribute, value, mean (of the others)
    COUNTS_TOWARDS = "counts_towards"  # attribute, value, needed (0: a share), size
    SHARES_HOURS = "shares_hours"  # slots (up to three), count (of all such), size (of the group)
    STAYS = "stays"
    PLACED_BY_DEFAULT = "placed_by_default"  # missing: names of the answers
    FITS_SIZE = "fits_size"  # size, minimum, maximum: given when nothing else is to be said


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a placement: a stable code and its parameters, to be put into words by the caller."""

    code: ReasonCode
    parameters: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placement:
    """A person (id) in a group (id), and why.

    missing: the answers that the aims ask for and the person has not given ("needs", "wishes", "hours" or
    an attribute's name). by_default: none of needs, wishes and hours that are asked for was answered, or
    when none of them is asked for, none of the attributes.
    """

    person: str
    group: str
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...] = ()
    by_default: bool = False


@dataclass(frozen=True, slots=True)
class GroupReport:
    """One group that is used, with its people (ids, in the problem's order).

    scores: aim's name -> 0 to 1; total: their weighted mean; weakest: the aim that costs the group most,
    None when nothing is lost; shared_hours: slots in which all who gave their hours are free.
    """

    group: str
    people: tuple[str, ...]
    scores: Mapping[str, float]
    total: float
    weakest: str | None
    shared_hours: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AimScore:
    """An aim over all groups that are used: mean weighted by people, tenth percentile and lowest group."""

    mean: float
    tenth_percentile: float
    lowest: float


@dataclass(frozen=True, slots=True)
class Score:
    """A grouping's score, 0 to 1.

    total: weighted mean of the aims; objective: what the search maximises, total blended with the weakest
    group as the problem asks; aims: aim's name -> its score; groups: id -> weighted mean, used groups only.
    """

    total: float
    objective: float
    aims: Mapping[str, AimScore]
    groups: Mapping[str, float]

    @property
    def weakest_group(self) -> str | None:
        """The id of the group with the lowest score, the first such; None without groups."""
        return min(self.groups, key=self.groups.__getitem__, default=None)


class ViolationCode(StrEnum):
    """Which kind of hard rule is broken."""

    UNPLACED = "unplaced"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_GROUP = "unknown_group"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_APART = "not_apart"
    NOT_TOGETHER = "not_together"
    NOT_LOCKED = "not_locked"
    NOT_ALLOWED = "not_allowed"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    TOO_FEW_HOURS = "too_few_hours"


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a grouping breaks.

    people and groups are ids; amount: how many people (or slots) too many or too few; value: the kind that
    is too many or too few; rule is None for sizes and for people who are not placed.
    """

    code: ViolationCode
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    amount: int = 1
    value: str | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: the scores before and after, every violation after it, and those that are new.

    reports: how the groups that changed fare after it, empty ones left out.
    """

    before: Score
    after: Score
    violations: tuple[Violation, ...]
    broken: tuple[Violation, ...]
    reports: tuple[GroupReport, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another group (id) for a person: the total score then, and whether that breaks a rule or a size."""

    group: str
    total: float
    breaks: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody (id) to exchange a person with, the group (id) that they are in, and the total score then."""

    person: str
    group: str
    total: float


@dataclass(frozen=True, slots=True)
class Bound:
    """What no grouping that places everybody and holds every hard rule can surpass: proven, not estimated.

    objective: the most, 0 to 1, that `Score.objective` could be; aims: aim's name -> the most that it could
    be by itself, for the aims that are not bounded together; is_possible: False when it was proven on the way
    that no grouping holds every rule (the objective is 0 then; True promises nothing).
    """

    objective: float
    aims: Mapping[str, float] = field(default_factory=dict)
    is_possible: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """A grouping that holds every hard rule (violations is then empty), explained.

    Placements are in the order of the problem's people, groups in that of its groups, empty ones left out.
    moves: people who had an earlier group and are now in another; trials: changes tried, at most those
    asked for; seed: what to give to get the same again; bound: what no grouping can surpass, where asked for.
    moved: who (ids) is in another group than in the search's start, if that group is still there.
    """

    placements: tuple[Placement, ...]
    groups: tuple[GroupReport, ...]
    score: Score
    violations: tuple[Violation, ...]
    seed: int
    trials: int
    moves: int
    bound: float | None = None
    moved: tuple[str, ...] = ()

    @property
    def shortfall(self) -> float | None:
        """How far the objective is below the bound at most, out of the bound; None without one."""
        return None if self.bound is None else max(0.0, 1 - self.score.objective / max(self.bound, 1e-9))

    @property
    def assignment(self) -> dict[str, str]:
        """Person's id -> group's id."""
        return {placement.person: placement.group for placement in self.placements}


class DroppedCode(StrEnum):
    """Why an optional group is not used."""

    TOO_FEW_WISHED = "too_few_wished"
    GAVE_WAY = "gave_way"


@dataclass(frozen=True, slots=True)
class Dropped:
    """An optional group (id) that is not used, though some may have wished its topic.

    wished: how many ranked it and may be in it, minimum: how many it needs. Fewer: too few wished it; else it
    gave way, for then more people have what they wish more. first: how many of them ranked it first.
    """

    group: str
    topic: str | None
    code: DroppedCode
    wished: int
    first: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A grouping by wishes that holds every rule.

    met: person's id -> the rank of the wish that was met (1 is best), 0 if none was; who wished nothing is
    not in it. dropped: the optional groups that are not used, in the problem's order.
    """

    proposal: Proposal
    met: Mapping[str, int]
    dropped: tuple[Dropped, ...]


class ConflictCode(StrEnum):
    """Why hard rules cannot hold together."""

    CAPACITY_SHORT = "capacity_short"
    MINIMUM_TOO_HIGH = "minimum_too_high"
    SIZES_DO_NOT_ADD_UP = "sizes_do_not_add_up"
    TOGETHER_TOO_BIG = "together_too_big"
    TOGETHER_VS_APART = "together_vs_apart"
    TOGETHER_VS_AT_MOST = "together_vs_at_most"
    TOGETHER_VS_ALLOWED = "together_vs_allowed"
    TOGETHER_VS_HOURS = "together_vs_hours"
    NOWHERE_ALLOWED = "nowhere_allowed"
    LOCKED_VS_APART = "locked_vs_apart"
    LOCKED_VS_AT_MOST = "locked_vs_at_most"
    LOCKED_OVER_MAXIMUM = "locked_over_maximum"
    ALLOWED_TOO_FEW_PLACES = "allowed_too_few_places"
    ALLOWED_VS_APART = "allowed_vs_apart"
    GROUP_OUT_OF_REACH = "group_out_of_reach"
    APART_TOO_MANY = "apart_too_many"
    TOO_MANY_OF_KIND = "too_many_of_kind"
    TOO_FEW_OF_KIND = "too_few_of_kind"
    TOO_FEW_HOURS = "too_few_hours"
    RULE_VS_SIZES = "rule_vs_sizes"  # one rule that no grouping within the sizes holds
    RULES_VS_ONE_ANOTHER = "rules_vs_one_another"  # several that can all but one hold together


class RelaxationCode(StrEnum):
    """What would let the rules hold; in brackets the fields of `Relaxation` that are used. Stable."""

    RAISE_MAXIMUM = "raise_maximum"  # groups, number: those below it get this maximum
    LOWER_MINIMUM = "lower_minimum"  # groups, number: those above it get this minimum
    MORE_GROUPS = "more_groups"  # number: so many more; no minimum is above an even share then
    FEWER_GROUPS = "fewer_groups"  # groups: these are not used
    ALLOW_MORE_OF_KIND = "allow_more_of_kind"  # rules (an AtMost), number
    ASK_FEWER_OF_KIND = "ask_fewer_of_kind"  # rules (an AtLeast), number
    ASK_FEWER_HOURS = "ask_fewer_hours"  # rules (a SharedHours), number
    OPEN_GROUP = "open_group"  # people (one), groups (one): to which the person is admitted as well
    DROP_RULE = "drop_rule"  # rules: any one of them


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change that ends a conflict: tried, and a grouping was found that holds the conflict's rules.

    is_proven: with this change alone a grouping holds all rules of the problem. When it is False, other
    conflicts stand in the way, or that stays open.
    """

    code: RelaxationCode
    rules: tuple[Rule, ...] = ()
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    number: int = 0
    is_proven: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot hold together within the groups' sizes, with the people and groups (ids) in it.

    needed and available say by how much, in people, places or slots: needed is always the larger. Of
    RULE_VS_SIZES and RULES_VS_ONE_ANOTHER they count rules.
    rules is empty when the groups' sizes alone are to blame. value: the kind, when one is too many or few.
    """

    code: ConflictCode
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    needed: int = 0
    available: int = 0
    value: str | None = None
    relaxations: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """The rules cannot all hold, proven: no grouping exists. There is at least one conflict.

    As far as the work allowed it no rule can be taken from a conflict's rules without ending the conflict.
    """

    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Possible:
    """The rules can all hold, proven by a grouping (person's id -> group's id) that nobody has improved."""

    assignment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotFound:
    """No grouping that holds every rule was found within the trials, and none was shown to be impossible.

    nearest: the grouping with the fewest violations seen, which are listed in it.
    """

    nearest: Proposal


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands: trials done of those asked for, and the best grouping so far.

    Where seconds were asked for, done and trials are nanoseconds of work.

    violations counts broken hard rules (people or slots too many or too few), objective is 0 to 1.
    """

    done: int
    trials: int
    violations: int
    objective: float
    assignment: Mapping[str, str]
