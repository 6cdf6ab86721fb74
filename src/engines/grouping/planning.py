"""How many groups of which sizes a number of people makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """Group sizes, largest first, as even as can be; none when no number of groups fits.

    fewest and most: the least and the largest number of groups that fit (0 and 0 when none does).
    people_missing and people_over: when none fits, how many people more or fewer would fit.
    """

    sizes: tuple[int, ...]
    fewest: int
    most: int
    people_missing: int = 0
    people_over: int = 0

    @property
    def is_possible(self) -> bool:
        """Whether the people can be divided within the limits."""
        return bool(self.sizes)


def plan_groups(people: int, *, minimum: int, maximum: int, target: float | None = None) -> GroupPlan:
    """The number of groups whose even sizes come nearest to `target` (half-way between the limits if None).

    Of two numbers of groups that are as near, the smaller is taken: larger groups survive absences better.
    Raises ValueError unless 1 <= minimum <= maximum and people >= 0.
    """
    if not 1 <= minimum <= maximum or people < 0:
        raise ValueError(f"{people} people in groups of {minimum} to {maximum}")
    fewest, most = -(-people // maximum), people // minimum
    if people == 0 or fewest > most:
        missing, over = (fewest * minimum - people, people - most * maximum) if people else (minimum, 0)
        return GroupPlan(sizes=(), fewest=0, most=0, people_missing=missing, people_over=over)
    wanted = (minimum + maximum) / 2 if target is None else target
    count = min(range(fewest, most + 1), key=lambda number: (abs(people / number - wanted), number))
    each, more = divmod(people, count)
    sizes = (each + 1,) * more + (each,) * (count - more)
    return GroupPlan(sizes=sizes, fewest=fewest, most=most)
