"""How many repeats numbers alone force, and rounds in which nobody meets twice."""

from collections import Counter

from engines.pairing.worth import Worth


def fewest_repeats(worth: Worth, meetings: int) -> int:
    """The fewest repeats in so many more meetings of two people: whoever met least often meets first.

    Somebody's second meeting with the same person is one repeat, the third two more, and so on. Those who
    must never sit together are left out. It is a bound: rounds may ask for more.
    """
    often: Counter[int] = Counter()
    for one in range(worth.count):
        others = worth.all & ~worth.never[one] & ~((2 << one) - 1)
        known = {other: times for other, times in worth.met[one].items() if others >> other & 1 and times}
        often[0] += others.bit_count() - len(known)
        often.update(known.values())
    repeats = times = ready = 0
    while meetings > 0 and (ready or often):
        ready += often.pop(times, 0)
        met = min(ready, meetings)
        repeats += times * met
        meetings -= met
        times += 1
    return repeats


def circle(count: int, rounds: int) -> list[list[list[int]]]:
    """Rounds of pairs for an even number of people, at most one fewer than people, in which all pairs differ.

    One stays, the others move on by one seat: Kirkman, "On a problem in combinations", Cambridge and Dublin
    Mathematical Journal 2 (1847).
    """
    turning = list(range(1, count))
    plan = []
    for turn in range(rounds):
        seats = [0, *turning[turn:], *turning[:turn]]
        plan.append([[seats[place], seats[-1 - place]] for place in range(count // 2)])
    return plan
