"""The parts of a program's pages about needs."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coppice.programs.models import Program
from coppice.ui.navigation import Item

register = template.Library()

PARTS = (
    ("board", _("Needs and offers"), "profiles:board"),
    ("gallery", _("Gallery"), "profiles:gallery"),
    ("introductions", _("Introductions"), "profiles:introductions"),
    ("profiles", _("Profiles"), "profiles:people"),
    ("rounds", _("Rounds of questions"), "profiles:needs"),
)


@register.simple_tag
def needs_tabs(program: Program, tab: str) -> list[Item]:
    """`{% needs_tabs program "profiles" as items %}`: the parts, `tab` as current."""
    return [Item(label, reverse(name, args=[program.pk]), current=key == tab) for key, label, name in PARTS]
