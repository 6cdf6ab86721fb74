"""How people on a roster answered their invitations, for the program's list of people."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Community, Membership
from coppice.programs.answers import Answer, Teller
from coppice.programs.models import Enrollment

State = Membership.State
NOBODY_ASKED = "nobody"

WORDS = {
    State.INVITED: (_("Invited, yet to answer"), "hazel"),
    State.ACTIVE: (_("Joined"), "leaf"),
    State.PAUSED: (_("Pausing"), "bluebell"),
    State.DECLINED: (_("Declined"), ""),
    State.LEFT: (_("Left"), ""),
    State.WITHDRAWN: (_("Invitation taken back"), ""),
}


def _choices() -> list[tuple[str, str]]:
    return [
        *((state.value, str(words)) for state, (words, _tone) in WORDS.items()),
        (NOBODY_ASKED, str(_("Not invited"))),
    ]


def _narrow(people: QuerySet[Enrollment], key: str) -> QuerySet[Enrollment]:
    here = Membership.objects.filter(community__ended_at=None)
    if key == NOBODY_ASKED:
        return people.exclude(pk__in=here.values("enrollment"))
    return people.filter(pk__in=here.filter(state=key).values("enrollment"))


def _of(people: Sequence[Enrollment]) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = {}
    rows = Membership.objects.filter(enrollment__in=people, community__ended_at=None).order_by("pk")
    for enrollment, state, community, name in rows.values_list(
        "enrollment", "state", "community", "community__name"
    ):
        words, tone = WORDS[State(state)]
        url = Community(pk=community).get_absolute_url()
        found.setdefault(enrollment, []).append(Answer(str(words), tone, name, url))
    return found


TELLER = Teller(choices=_choices, narrow=_narrow, of=_of)
