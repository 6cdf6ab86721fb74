"""What a page of conversations shows many times over, written in Python: a template takes far longer."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from coppice.conversations import line_rows, post_rows
from coppice.conversations.circle import Someone
from coppice.conversations.lists import Line
from coppice.ui.markup import markup

register = template.Library()


@register.simple_tag
def talk_lines(lines: Iterable[Line]) -> SafeString:
    """`{% talk_lines page.news %}`: conversations as lines of a list."""
    return line_rows.lines(lines)


@register.simple_tag
def talk_people(people: Iterable[Someone]) -> SafeString:
    """`{% talk_people may_have_helped %}`: people as options of a choice."""
    pattern = '<option value="{pk}">{name}</option>'
    return SafeString("".join(markup(pattern, pk=str(each.person_id), name=each.name) for each in people))


@register.simple_tag
def talk_names(people: Iterable[Someone]) -> SafeString:
    """`{% talk_names others %}`: what one types to name each of them."""
    pattern = '<option value="@{name}"></option>'
    return SafeString("".join(markup(pattern, name=each.name) for each in people))


@register.simple_tag(takes_context=True)
def talk_posts(context: template.Context) -> SafeString:
    """`{% talk_posts %}`: the posts of the page's `board`, with what its reader may do about each."""
    place = post_rows.Place(
        thread=context["thread"],
        may_reply=context["may_reply"],
        may_take_back=context["may_take_back"],
        may_keep=context["may_keep"],
        may_arrange=context["may_arrange"],
        leads=context["leads"],
        keep_url=context["keep_url"],
        token=str(context.get("csrf_token", "")),
    )
    return post_rows.posts(context["board"].lines, place)
