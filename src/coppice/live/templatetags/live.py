"""What a participant has sent, asked field by field in the templates of polls."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def sent(mine: Any, name: str) -> list[str]:
    """`{{ mine|sent:"pick" }}`: the values that this participant's answer has under a field's name."""
    answer = mine.get("answer", {}) if isinstance(mine, Mapping) else {}
    return answer.get(name, [])
