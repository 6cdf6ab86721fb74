"""Which lines of a badge stand on their owner's profile, and which could: read for their own page alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from coppice.formation.models import BadgeLine
from coppice.profiles.models import Expertise, Need
from coppice.programs.models import Enrollment
from coppice.programs.rosters.headers import fold


@dataclass(frozen=True)
class Kept:
    """Lines of a badge by where they stand: on the profile now, or not yet.

    One that its owner kept and took off again is in neither: only they bring it back, on their profile.
    """

    there: list[BadgeLine]
    left: list[BadgeLine]


def key_of(line: BadgeLine) -> str:
    """Return the key by which a profile knows that a need or an offer came of this line."""
    return f"badge:{line.badge_id}:{line.pk}"


def kept_of(lines: Iterable[BadgeLine], enrollment: Enrollment) -> Kept:
    """Return which of somebody's lines their profile has, in two queries.

    What stands there in the same words, or as a topic of that name, is there already.
    """
    needs = list(Need.objects.filter(enrollment=enrollment).select_related("topic"))
    offers = list(Expertise.objects.filter(enrollment=enrollment).select_related("topic"))
    made = {each.source_key for each in (*needs, *offers)}
    stands = {
        BadgeLine.Kind.INTEREST: _known_by(each for each in needs if each.is_open),
        BadgeLine.Kind.SKILL: _known_by(each for each in offers if each.is_open),
    }
    kept = Kept([], [])
    for line in lines:
        if {line.key, key_of(line)} & stands[BadgeLine.Kind(line.kind)]:
            kept.there.append(line)
        elif key_of(line) not in made:
            kept.left.append(line)
    return kept


def _known_by(said: Iterable[Need | Expertise]) -> set[str]:
    """Return all by which a line of a badge is known among needs or offers."""
    return {mark for each in said for mark in (fold(each.topic_name), fold(each.text), each.source_key)}
