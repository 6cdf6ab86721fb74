"""Which groups of people may be shown, so that no number tells of a few."""

from collections.abc import Mapping


def may_be_shown(counts: Mapping[str, int], *, total: int, fewest: int = 5) -> frozenset[str]:
    """Return the groups that may be shown beside the total, of groups that share nobody.

    `counts` says how many of each group answered, `total` how many in all (some may be in no group). A group
    of fewer than `fewest` is hidden. So is the smallest of the others, as long as those who are in no shown
    group are some but fewer than `fewest`: else their answers were the total less what is shown
    (complementary suppression: Federal Committee on Statistical Methodology, Working Paper 22, 2005).
    """
    shown = {name: count for name, count in counts.items() if count >= fewest}
    while shown and 0 < total - sum(shown.values()) < fewest:
        del shown[min(shown, key=lambda name: (shown[name], name))]
    return frozenset(shown)
