"""What every page of a community shows around its content."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from coppice.communities.models import Community
from coppice.communities.permissions import is_staff_for
from coppice.communities.tabs import tabs
from coppice.ui.navigation import Item

register = template.Library()


@dataclass(frozen=True)
class Surroundings:
    """The way up, and the tabs; `board_url` is empty for people who may not see the board."""

    board_url: str
    now_url: str
    tabs: list[Item]


@register.simple_tag(takes_context=True)
def surroundings(context: template.Context, community: Community, tab: str = "") -> Surroundings:
    """`{% surroundings community "meetings" as around %}`: breadcrumb and tabs, `tab` marked as current."""
    person = context["request"].user
    return Surroundings(
        board_url=_open("home:board", community.program_id) if is_staff_for(person, community) else "",
        now_url=_open("home:now", community.pk),
        tabs=[
            Item(label=each.label, url=reverse(each.url_name, args=[community.pk]), current=each.key == tab)
            for each in tabs()
        ],
    )


def _open(name: str, *args: Any) -> str:
    """Return the address of a page of a room above, or nothing while that room is closed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
