"""How hard a time is, in kind words that name nobody."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.meetings.time_finding import Judged
from engines.timefinding import Why


def sentences(judged: Judged) -> list[str]:
    """Return what to know of a time before people are asked: how many find it easy, and why others do not."""
    if judged.easy == judged.people:
        return [_("Easy for everybody.")]
    easy = _("Easy for %(count)d of %(people)d.") % {"count": judged.easy, "people": judged.people}
    told = [REASONS[why](count) for why, count in judged.reasons.items() if why in REASONS]
    return [easy, *sorted(told)]


def _busy(count: int) -> str:
    return ngettext(
        "%(count)d person has something else then.", "%(count)d people have something else then.", count
    ) % {"count": count}


def _not_usual(count: int) -> str:
    return ngettext(
        "It is outside the hours that %(count)d person said they are free.",
        "It is outside the hours that %(count)d people said they are free.",
        count,
    ) % {"count": count}


def _night(count: int) -> str:
    return ngettext("For %(count)d person it is night.", "For %(count)d people it is night.", count) % {
        "count": count
    }


def _early(count: int) -> str:
    return ngettext(
        "For %(count)d person it is early in the morning.",
        "For %(count)d people it is early in the morning.",
        count,
    ) % {"count": count}


def _late(count: int) -> str:
    return ngettext("For %(count)d person it is evening.", "For %(count)d people it is evening.", count) % {
        "count": count
    }


def _rest_day(count: int) -> str:
    return ngettext(
        "For %(count)d person it is the weekend.", "For %(count)d people it is the weekend.", count
    ) % {"count": count}


REASONS: dict[Why, Callable[[int], str]] = {
    Why.BUSY: _busy,
    Why.NOT_USUAL: _not_usual,
    Why.NIGHT: _night,
    Why.EARLY: _early,
    Why.LATE: _late,
    Why.REST_DAY: _rest_day,
}
