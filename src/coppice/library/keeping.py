"""Practices and the other rooms: where one is begun from what was said there, and what came of it."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.communities.models import Community
from coppice.communities.plan_models import PlanFrame
from coppice.communities.talk_ways import Trace, Way
from coppice.library.permissions import rules_for
from coppice.library.practice_models import Practice


def address(community: Community, is_leader: bool) -> str:
    """Return where a member begins a practice, up to what it begins with; "" where the rules say leaders.

    Asks one query where the community's rules are not at hand.
    """
    is_open = is_leader or rules_for(community).library_adders != PlanFrame.Adders.LEADERS
    if community.ended_at is not None or not is_open:
        return ""
    return f"{reverse('library:practice_new', args=[community.pk])}?from="


def no_way(person: Any, community: Community, thread_id: int) -> Way | None:
    """Practices are begun by a button of the conversation itself, not where something is decided."""
    return None


def led_to_a_practice() -> Exists:
    """Return as a column of conversations whether a practice that everybody may read began with one."""
    named = Concat(Value("thread:"), Cast(OuterRef("pk"), CharField()))
    return Exists(Practice.objects.out().filter(community=OuterRef("community"), origin=named))


def practices_of(person: Any, community: Community, thread_id: int) -> list[Trace]:
    """Return the published practices that began with a conversation."""
    rows = Practice.objects.out().filter(community=community, origin=f"thread:{thread_id}").order_by("pk")
    return [
        Trace(
            label=_("Kept as a practice: “%(title)s”") % {"title": each.title},
            told=str(each.get_kind_display()),
            url=each.get_absolute_url(),
        )
        for each in rows
    ]
