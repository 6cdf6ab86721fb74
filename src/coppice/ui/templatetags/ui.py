"""The components that every template has at hand (this module is a template builtin)."""

from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coppice.ui import badges, controls, dates, icons, static_files, toasts
from coppice.ui.markup import once_field
from coppice.ui.navigation import Item
from coppice.ui.progress import Progress

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """`{% asset "ui/css/base.css" %}`: the address of a static file with its content hash."""
    return static_files.asset_url(name)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """`{% icon "home" %}`: a line drawing, hidden from screen readers."""
    return icons.icon(name, size=size)


@register.simple_tag
def mark(size: int = 28) -> SafeString:
    """`{% mark %}`: three stems from one stool."""
    return icons.mark(size=size)


@register.simple_tag
def stage_mark(stage: Any) -> SafeString:
    """`{% stage_mark community.stage %}`: five stems, and always the word."""
    return badges.stage_mark(stage)


@register.simple_tag
def initials(name: str, photo_url: str = "", size: str = "") -> SafeString:
    """`{% initials person.name %}`: a disc with initials (or the photo); the name must stand beside it."""
    return badges.initials(name, photo_url=photo_url, size=size)


@register.simple_tag
def meter(value: float, of: float, label: str = "", tone: str = "", figure: object = "") -> SafeString:
    """`{% meter 8 12 %}` or `{% meter 8 12 _("Coming") tone="hazel" %}`: a fill meter and "8 of 12"."""
    return badges.meter(value, of, label=label, tone=tone, figure=str(figure))


@register.simple_tag
def pill(text: str, tone: str = "") -> SafeString:
    """`{% pill _("Steady") "leaf" %}`: tones leaf, hazel, foxglove, bluebell, or none."""
    return badges.pill(text, tone=tone)


@register.simple_tag
def once() -> SafeString:
    """`{% once %}`: the key that lets a doubled POST do its thing once."""
    return once_field()


@register.simple_tag
def local_time(
    start: datetime | None, zone: str | tzinfo | None = None, end: datetime | None = None, yours: bool = True
) -> SafeString:
    """`{% local_time meeting.starts_at person.zone end=meeting.ends_at %}`: a moment in the reader's zone.

    `zone` is a zone name or object (the active zone by default). With `yours=False` the zone is named alone
    ("New York time"), for a reader whose zone nobody knows.
    """
    if start is None:
        return SafeString("")
    return dates.local_time(
        start, zone=ZoneInfo(zone) if isinstance(zone, str) and zone else zone or None, end=end, yours=yours
    )


@register.simple_tag
def breadcrumb(*parts: str) -> SafeString:
    """`{% breadcrumb _("Programs") programs_url program.name program_url %}`: pairs of words and address."""
    crumbs = [Item(label=label, url=url) for label, url in zip(parts[::2], parts[1::2], strict=True)]
    return render_to_string("ui/breadcrumb.html", {"crumbs": crumbs})


@register.inclusion_tag("ui/tabs.html")
def tabs(items: list[Item], label: str) -> dict[str, Any]:
    """`{% tabs items _("Parts of this page") %}`: `items` are `navigation.Item`s, one of them current."""
    return {"items": items, "label": label}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """`{% pagination page %}`: the pages of a Django Page, keeping the rest of the query string."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop(parameter, None)
    kept = urlencode(sorted(query.lists()), doseq=True)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "prefix": f"?{kept}&{parameter}=" if kept else f"?{parameter}=",
    }


@register.inclusion_tag("ui/progress.html")
def progress(job: Progress) -> dict[str, Any]:
    """`{% progress job %}`: a `progress.Progress`, asked again every second until it is over."""
    return {"job": job}


@register.simple_tag
def error_summary(form: BaseForm) -> str:
    """`{% error_summary form %}`: only where fields are drawn one by one; `{{ form }}` has it already."""
    if not form.is_bound:
        return ""
    wrong = [(field, field.errors) for field in form if field.errors and not field.is_hidden]
    hidden = [error for field in form.hidden_fields() for error in field.errors]
    context = {
        "errors": [*form.non_field_errors(), *hidden],
        "wrong": wrong,
        "count": len(wrong),
        "changed": getattr(form, "changed_meanwhile", ()),
    }
    return render_to_string("ui/forms/errors.html", context)


@register.simple_tag
def save_label(form: BaseForm, label: str, over: str = "") -> str:
    """`{% save_label form _("Save") %}`: what the button of an edit form says, also over a change."""
    if getattr(form, "changed_meanwhile", ()):
        return over or _("Save over it")
    return label


@register.filter
def undo_url(message: Message) -> str:
    """Return where the Undo button of a toast posts to, or nothing."""
    return toasts.undo_url(message)


register.filter(controls.first_control)
