"""The gaps as a table to take away."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from coppice.lib.tables import write_csv
from coppice.profiles.queries import Results
from engines.scoring import Gap


def gaps_table(results: Results) -> bytes:
    """Return the gaps of all, then of each organization, as CSV; an empty organization is everybody."""
    header = [
        _("organization"),
        _("topic"),
        _("people"),
        _("importance"),
        _("confidence"),
        _("gap"),
        _("gap at least"),
        _("gap at most"),
        _("place at best"),
        _("place at worst"),
    ]
    return write_csv(header, _rows(results))


def _rows(results: Results) -> Iterator[list[object]]:
    yield from (_row("", gap) for gap in results.gaps)
    for each in results.organizations:
        yield from (_row(each.organization.name, gap) for gap in each.gaps)


def _row(organization: str, gap: Gap) -> list[object]:
    means = [f"{mean:.2f}" for mean in (gap.importance, gap.confidence, gap.gap)]
    ends = [f"{gap.interval.low:.2f}", f"{gap.interval.high:.2f}"] if gap.interval else ["", ""]
    return [organization, gap.topic, gap.people, *means, *ends, gap.first, gap.last]
