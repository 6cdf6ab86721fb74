"""Adding a file, a link or a page to a library."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coppice.communities.models import Community
from coppice.communities.plan_board import rules_of
from coppice.history.middleware import without_receipt
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.markdown import to_html
from coppice.library import actions
from coppice.library.actions import Contents
from coppice.library.forms import AddFileForm, AddLinkForm, AddPageForm
from coppice.library.models import LONGEST_PAGE
from coppice.library.permissions import adding_as, can_add, rules_for
from coppice.library.queries import library_of, open_uploads
from coppice.library.topics import known_names, used_names
from coppice.library.views.sending import file_sent


# GET, POST /communities/<id>/library/files/new/
@without_receipt
@access(can_add, on=library_of)
@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: HttpRequest, community: Community) -> HttpResponse:
    """Add a file: its pieces come by `sending`, or the form carries it whole."""
    by: Any = adding_as(request.user, community)
    form = AddFileForm(
        request.POST if request.method == "POST" else None,
        files=request.FILES or None,
        community=community,
        initial={"key": AddFileForm.new_key(), **_from_address(request)},
    )
    if request.method == "POST":
        upload = file_sent(form, by=by)
        if upload is not None and form.is_valid():
            return _added(request, community, Contents(upload=upload), form)
    context = {
        **_frame(community),
        "form": form,
        "uploads": [each for each in open_uploads(by) if each != getattr(form, "upload", None)],
    }
    return render(request, "library/add_file.html", context, status=422 if form.is_bound else 200)


# GET, POST /communities/<id>/library/links/new/
@access(can_add, on=library_of)
@require_http_methods(["GET", "HEAD", "POST"])
def add_link(request: HttpRequest, community: Community) -> HttpResponse:
    """Add a link."""
    form = AddLinkForm(
        request.POST if request.method == "POST" else None,
        community=community,
        initial=_from_address(request),
    )
    if request.method == "POST" and form.is_valid():
        return _added(request, community, Contents(address=form.cleaned_data["address"]), form)
    context = {**_frame(community), "form": form}
    return render(request, "library/add_link.html", context, status=422 if form.is_bound else 200)


# GET, POST /communities/<id>/library/pages/new/
@access(can_add, on=library_of)
@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest, community: Community) -> HttpResponse:
    """Write a page; "preview" shows what it will look like, and saves nothing."""
    form = AddPageForm(
        request.POST if request.method == "POST" else None,
        community=community,
        initial=_from_address(request),
    )
    shown = None
    if request.method == "POST" and "preview" in request.POST:
        shown = to_html(request.POST.get("markdown", "")[:LONGEST_PAGE])
        form = AddPageForm(initial=request.POST.dict(), community=community)
    elif request.method == "POST" and form.is_valid():
        return _added(request, community, Contents(markdown=form.cleaned_data["markdown"]), form)
    context = {**_frame(community), "form": form, "shown": shown}
    status = 422 if request.method == "POST" else 200
    return render(request, "library/add_page.html", context, status=status)


def _added(request: HttpRequest, community: Community, contents: Contents, form: Any) -> HttpResponse:
    """Add what was sent, and go to its page."""
    by: Any = adding_as(request.user, community)
    try:
        item = actions.add(community, contents, by=by, **form.said)
    except DomainError as refused:
        messages.error(request, str(refused.sentence))
        return redirect("library:library", community.pk)
    messages.success(request, _("“%(title)s” is in the library.") % {"title": item.title})
    return redirect(item)


def _from_address(request: HttpRequest) -> dict[str, Any]:
    """What an address proposes: the folder from which somebody came."""
    folder = request.GET.get("folder", "")
    return {"folder": int(folder)} if folder.isdecimal() and len(folder) < 18 else {}


def _frame(community: Community) -> dict[str, Any]:
    return {
        "community": community,
        "tab": "library",
        "rules": rules_of(rules_for(community)),
        "known_topics": sorted({*known_names(community), *used_names(community)}),
    }
