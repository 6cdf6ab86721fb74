"""What every page of a community shows around its content."""

from typing import Any

from django import template
from django.urls import reverse

from coppice.communities.models import Community
from coppice.communities.permissions import is_staff_for
from coppice.communities.tabs import Tab, tabs, waiting_in
from coppice.ui.navigation import Item
from coppice.ui.templatetags.ui import breadcrumb

register = template.Library()


@register.simple_tag(takes_context=True)
def way_up(context: template.Context, community: Community) -> str:
    """`{% way_up community %}`: program, then community; the program is a link for those who run it.

    A view that knows already passes `is_staff` in its context and saves the question.
    """
    is_staff = context.get("is_staff")
    if is_staff is None:
        is_staff = is_staff_for(context["request"].user, community)
    return breadcrumb(
        community.program.name,
        reverse("home:board", args=[community.program_id]) if is_staff else "",
        community.name,
        reverse("home:now", args=[community.pk]),
    )


@register.simple_tag(takes_context=True)
def community_tabs(context: template.Context, community: Community, tab: str = "") -> list[Item]:
    """`{% community_tabs community "meetings" as items %}`: the tabs of the open rooms, `tab` as current."""
    person = context["request"].user
    return [_item(each, community, person, is_current=each.key == tab) for each in tabs()]


@register.simple_tag(takes_context=True)
def news_in(context: template.Context, community: Community) -> list[Item]:
    """`{% news_in community as items %}`: the tabs in which something is new or waits, for a list.

    The community knows it already (`tabs.hand_counts`): a list asks nothing for each of its rows.
    """
    person = context["request"].user
    items = [_item(each, community, person, is_current=False) for each in tabs() if each.counted]
    return [item for item in items if item.badge]


def _item(tab: Tab, community: Community, person: Any, *, is_current: bool) -> Item:
    waiting = waiting_in(tab, community, person)
    return Item(
        label=tab.label,
        url=reverse(tab.url_name, args=[community.pk]),
        current=is_current,
        badge=waiting,
        badge_words=tab.waiting_words(waiting) if waiting else "",
    )
