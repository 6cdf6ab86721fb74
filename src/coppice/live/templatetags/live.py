"""What templates of live rooms ask: their stylesheets, and field by field what a participant has sent."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from coppice.live.kinds import stylesheets
from coppice.ui.static_files import asset_url

register = template.Library()


@register.simple_tag
def live_styles() -> SafeString:
    """`{% live_styles %}`: the stylesheet of live rooms and those of all kinds of step."""
    names = [(asset_url(name),) for name in ("live/css/live.css", *stylesheets())]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', names)


@register.filter
def sent(mine: Any, name: str) -> list[str]:
    """`{{ mine|sent:"pick" }}`: the values that this participant's answer has under a field's name."""
    answer = mine.get("answer", {}) if isinstance(mine, Mapping) else {}
    return answer.get(name, [])
