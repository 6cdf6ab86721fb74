"""A provider's templates: read without a community, written anew, put back, taken away."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.lib.access import access
from coppice.lib.markdown import to_html
from coppice.library.actions import templates as actions
from coppice.library.template_facts import NAMES
from coppice.library.template_forms import TemplateForm
from coppice.library.template_languages import languages_for
from coppice.library.template_paper import template_file
from coppice.library.templates_of import (
    TemplateOfProvider,
    blank_for,
    chapters_for,
    language_asked,
    provider_template_of,
)
from coppice.programs.models import Provider
from coppice.programs.permissions import is_staff_of
from coppice.programs.queries import provider_of
from coppice.ui.toasts import offer_undo


def can_write(person: Any, place: TemplateOfProvider) -> bool:
    """Say whether this person may read and write the provider's templates: whoever works for it."""
    return is_staff_of(person, place.provider)


# GET /providers/<id>/templates/?language=…
@access(is_staff_of, on=provider_of)
@require_safe
def templates(request: HttpRequest, provider: Provider) -> HttpResponse:
    """All templates, by chapter, with those that the provider wrote itself."""
    language = language_asked(request.GET.get("language", ""))
    context = {
        "provider": provider,
        "written_in": language,
        "languages": languages_for(language),
        "chapters": chapters_for(provider, language),
        "is_staff": True,
    }
    return render(request, "library/provider_templates.html", context)


# GET /providers/<id>/templates/<key>/?language=…
@access(can_write, on=provider_template_of)
@require_safe
def template(request: HttpRequest, place: TemplateOfProvider) -> HttpResponse:
    """One template as it is before a community fills it."""
    language = language_asked(request.GET.get("language", ""))
    template = replace(place, language=language).template
    context = {
        "provider": place.provider,
        "written_in": language,
        "languages": languages_for(language),
        "template": template,
        "shown": to_html(blank_for(place.provider, template).markdown, headings=2),
    }
    return render(request, "library/provider_template.html", context)


# GET /providers/<id>/templates/<key>/<language>.<ending>
@access(can_write, on=provider_template_of)
@require_safe
def file(request: HttpRequest, place: TemplateOfProvider) -> HttpResponse:
    """The same to take away, as PDF, Word or Markdown."""
    filled = blank_for(place.provider, place.template)
    return template_file(filled, place.ending, of=place.provider, language=place.language)


# GET, POST /providers/<id>/templates/<key>/<language>/edit/
@access(can_write, on=provider_template_of)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, place: TemplateOfProvider) -> HttpResponse:
    """Write the provider's own version; "preview" shows what it will look like, and saves nothing."""
    provider, template = place.provider, place.template
    form = TemplateForm(request.POST if request.method == "POST" else None, template=template)
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = to_html(form.cleaned_data["markdown"], headings=2)
        else:
            own = actions.write(provider, place.key, place.language, by=request.user, **form.cleaned_data)
            said = _("Saved. Your communities get this version from now on.")
            messages.success(request, said if own else _("This is the original; nothing was changed."))
            return redirect(_address(place))
    context = {
        "provider": provider,
        "written_in": place.language,
        "template": template,
        "form": form,
        "preview": preview,
        "places": NAMES.items(),
    }
    status = 422 if form.is_bound and preview is None else 200
    return render(request, "library/provider_template_edit.html", context, status=status)


# POST /providers/<id>/templates/<key>/<language>/original/
@access(can_write, on=provider_template_of)
@require_POST
def putting_aside(request: HttpRequest, place: TemplateOfProvider) -> HttpResponse:
    """Go back to the original; the provider's own version is kept."""
    actions.put_aside(place.provider, place.key, place.language, by=request.user)
    offer_undo(
        request,
        _("Your communities get the original again. Your own version is kept."),
        url=reverse("library:template_taking_up", args=[place.provider.pk, place.key, place.language]),
    )
    return redirect(_address(place))


# POST /providers/<id>/templates/<key>/<language>/own/
@access(can_write, on=provider_template_of)
@require_POST
def taking_up(request: HttpRequest, place: TemplateOfProvider) -> HttpResponse:
    """Use the provider's own version again."""
    actions.take_up(place.provider, place.key, place.language, by=request.user)
    messages.success(request, _("Your communities get your own version again."))
    return redirect(_address(place))


def _address(place: TemplateOfProvider) -> str:
    page = reverse("library:provider_template", args=[place.provider.pk, place.key])
    return f"{page}?language={place.language}"
