"""A practice is written and changed, and read by another member before it is published."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coppice.communities import practice_ways
from coppice.communities.models import Community
from coppice.communities.permissions import is_staff_for
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.markdown import to_html
from coppice.library.actions import practices as actions
from coppice.library.models import LONGEST_TITLE
from coppice.library.permissions import adding_as, can_add
from coppice.library.practice_forms import PracticeForm, ReviewForm
from coppice.library.practice_models import LONGEST_ANSWER, LONGEST_ORIGIN, Practice
from coppice.library.practice_permissions import can_edit_practice, can_review_practice
from coppice.library.practice_queries import members_to_name, practice_of
from coppice.library.practice_wording import PURPOSES, sections_of
from coppice.library.queries import library_of
from coppice.library.topics import known_names, used_names
from coppice.library.views.practices import kinds_to_choose


# GET, POST /communities/<id>/practices/new/?kind=…&from=…
@access(can_add, on=library_of)
@require_http_methods(["GET", "HEAD", "POST"])
def practice_new(request: HttpRequest, community: Community) -> HttpResponse:
    """Choose what it is, then answer its questions; `from` names what it begins with ("post:12")."""
    origin = request.GET.get("from", "")[:LONGEST_ORIGIN]
    told = practice_ways.told(request.user, community, origin) if origin else None
    begun_with = (told.origin or origin) if told else ""
    kind = request.GET.get("kind", told.kind if told else "")
    context = {**_frame(request, community), "told": told, "origin": origin if told else ""}
    if kind not in Practice.Kind.values and request.method == "POST":
        return redirect("library:practice_new", community.pk)
    if kind not in Practice.Kind.values:
        return render(request, "library/practice_kinds.html", {**context, "kinds": kinds_to_choose()})
    by: Any = adding_as(request.user, community)
    form = PracticeForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        members=members_to_name(community),
        initial={} if told is None else _begun(told),
    )
    if request.method == "POST" and form.is_valid():
        practice = actions.write(community, kind=kind, by=by, origin=begun_with, **form.said)
        messages.success(request, _("It is kept as a draft. Ask the others to read it when it is whole."))
        return redirect(practice)
    context |= {
        "form": form,
        "kind": Practice.Kind(kind).label,
        "purpose": PURPOSES[kind],
        "known_topics": sorted({*known_names(community), *used_names(community)}),
    }
    return render(request, "library/practice_form.html", context, status=422 if form.is_bound else 200)


# GET, POST /practices/<id>/edit/
@access(can_edit_practice, on=practice_of)
@require_http_methods(["GET", "HEAD", "POST"])
def practice_edit(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Answer its questions anew; what was published before stays as a version."""
    community = practice.community
    by: Any = adding_as(request.user, community)
    form = PracticeForm(
        request.POST if request.method == "POST" else None,
        kind=practice.kind,
        members=members_to_name(community),
        instance=practice,
    )
    if request.method == "POST" and form.is_valid():
        actions.change(practice, by=by, **form.said)
        messages.success(request, _("Saved."))
        return redirect(practice)
    context = {
        **_frame(request, community),
        "practice": practice,
        "form": form,
        "kind": practice.get_kind_display(),
        "purpose": PURPOSES[practice.kind],
        "known_topics": sorted({*known_names(community), *used_names(community)}),
    }
    return render(request, "library/practice_form.html", context, status=422 if form.is_bound else 200)


# GET, POST /practices/<id>/review/
@access(can_review_practice, on=practice_of)
@require_http_methods(["GET", "HEAD", "POST"])
def practice_review(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Say what is good and what is missing."""
    by: Any = adding_as(request.user, practice.community)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = actions.review(practice, by=by, **form.said)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(
                request,
                _("Thank you. It can be published now.")
                if said.is_ready
                else _("Thank you. Whoever wrote it has your words."),
            )
            return redirect(practice)
    context = {
        **_frame(request, practice.community),
        "practice": practice,
        "sections": [(each.heading, to_html(each.markdown)) for each in sections_of(practice, practice.kind)],
        "form": form,
    }
    return render(request, "library/practice_review.html", context, status=422 if form.is_bound else 200)


def _begun(told: practice_ways.Told) -> dict[str, str]:
    return {
        "title": Truncator(told.title).chars(LONGEST_TITLE),
        "done": Truncator(told.words).chars(LONGEST_ANSWER),
    }


def _frame(request: HttpRequest, community: Community) -> dict[str, Any]:
    return {
        "community": community,
        "tab": "library",
        "is_staff": is_staff_for(request.user, community),
    }
