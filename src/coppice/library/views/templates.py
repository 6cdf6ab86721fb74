"""Templates in a community's library: by chapter, one filled with its facts, copied, taken away."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coppice.communities.models import Community, Membership
from coppice.communities.permissions import can_take_part, is_staff_for
from coppice.communities.plan_models import PlanFrame
from coppice.communities.queries import community_of
from coppice.lib.access import access, signed_in
from coppice.lib.markdown import to_html
from coppice.library.actions import templates as actions
from coppice.library.permissions import adding_as, may_add
from coppice.library.practice_models import Practice
from coppice.library.template_languages import languages_for
from coppice.library.template_models import TemplatePlace
from coppice.library.template_paper import template_file
from coppice.library.templates_of import (
    TemplateOfCommunity,
    chapters_for,
    community_for,
    filled_for,
    language_asked,
    place_of,
    template_of,
)

KIND_OF_TEMPLATE = {
    "case-study": Practice.Kind.CASE,
    "promising-practice": Practice.Kind.PROMISING,
    "lesson-learned": Practice.Kind.LESSON,
}
"""Which templates can be answered as a practice instead, question by question."""


def can_read(person: Any, place: TemplateOfCommunity) -> bool:
    """Say whether this person may read a community's facts in a template: who takes part, and staff."""
    return place.reader is not None or is_staff_for(person, place.community)


def can_copy(person: Any, place: TemplateOfCommunity) -> bool:
    """Say whether this person may put a template into the community's library: whoever may add to it."""
    community, own = place.community, place.reader
    if own is None or own.state != Membership.State.ACTIVE or community.ended_at is not None:
        return False
    return may_add(own, getattr(community, "plan_frame", None) or PlanFrame())


# GET /communities/<id>/library/templates/?language=…
@access(can_take_part, on=community_of)
@require_safe
def templates(request: HttpRequest, community: Community) -> HttpResponse:
    """All templates, by chapter of practice."""
    language = language_asked(request.GET.get("language", ""))
    context = {
        "community": community,
        "tab": "library",
        "written_in": language,
        "languages": languages_for(language),
        "chapters": chapters_for(community.program.provider, language),
        "is_staff": is_staff_for(request.user, community),
    }
    return render(request, "library/templates.html", context)


# GET /communities/<id>/library/templates/<key>/?language=…
@access(can_read, on=template_of)
@require_safe
def template(request: HttpRequest, place: TemplateOfCommunity) -> HttpResponse:
    """One template, filled with what this community has."""
    community, language = place.community, language_asked(request.GET.get("language", ""))
    template = replace(place, language=language).template
    filled = filled_for(community, template)
    own, is_staff = place.reader, is_staff_for(request.user, community)
    context = {
        "community": community,
        "tab": "library",
        "written_in": language,
        "languages": languages_for(language),
        "template": template,
        "filled": filled,
        "shown": to_html(filled.markdown, headings=2),
        "can_copy": can_copy(request.user, place),
        "leads": is_staff or bool(own and own.is_leader),
        "is_staff": is_staff,
        "practice_kind": KIND_OF_TEMPLATE.get(place.key, ""),
    }
    return render(request, "library/template.html", context)


# GET /templates/<id>/
@access(signed_in, on=place_of)
@require_safe
def found(request: HttpRequest, place: TemplatePlace) -> HttpResponse:
    """Lead whoever found a template to it: in their community, or at the provider that they work for."""
    community = community_for(request.user, place.provider)
    name, owner = ("template", community) if community else ("provider_template", place.provider)
    page = reverse(f"library:{name}", args=[owner.pk, place.key])
    return redirect(f"{page}?language={place.language}")


# GET /communities/<id>/library/templates/<key>/<language>.<ending>
@access(can_read, on=template_of)
@require_safe
def file(request: HttpRequest, place: TemplateOfCommunity) -> HttpResponse:
    """The same to take away, as PDF, Word or Markdown."""
    filled = filled_for(place.community, place.template)
    return template_file(filled, place.ending, of=place.community, language=place.language)


# POST /communities/<id>/library/templates/<key>/<language>/copy/
@access(can_copy, on=template_of)
@require_POST
def copy(request: HttpRequest, place: TemplateOfCommunity) -> HttpResponse:
    """Put it into the community's library, as a page of its own."""
    by: Any = adding_as(request.user, place.community)
    item = actions.copy(place.template, to=place.community, by=by)
    messages.success(request, _("The template is in your library. From here on it is yours to change."))
    return redirect(item)
