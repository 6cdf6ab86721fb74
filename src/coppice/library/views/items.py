"""One thing of a library: read, described anew, renewed, restored, thrown away and taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.permissions import is_staff_for
from coppice.history.middleware import without_receipt
from coppice.lib.access import access
from coppice.lib.differences import differences
from coppice.lib.errors import DomainError
from coppice.lib.markdown import to_html
from coppice.library import actions
from coppice.library.actions import Contents
from coppice.library.forms import ItemForm, RenewFileForm, RenewLinkForm, RenewPageForm
from coppice.library.models import Item, Version
from coppice.library.permissions import adding_as, can_edit_item, can_read_item
from coppice.library.previews import Preview, preview_of
from coppice.library.queries import item_of, open_uploads, version_of
from coppice.library.topics import known_names, used_names
from coppice.library.views.sending import file_sent
from coppice.ui.toasts import offer_undo


# GET /library/<id>/
@access(can_read_item, on=item_of)
@require_safe
def item(request: HttpRequest, item: Item) -> HttpResponse:
    """What it is, what it holds or looks like, whose it is, and how it was before."""
    versions = list(item.versions.select_related("added_by__enrollment", "picture"))
    current = next((each for each in versions if each.pk == item.current_id), None)
    context = {
        **_frame(request, item),
        "versions": versions,
        "current": current,
        "newest": versions[0] if versions else None,
        "preview": preview_of(current) if current else Preview(),
    }
    return render(request, "library/item.html", context)


# GET, POST /library/<id>/edit/
@access(can_edit_item, on=item_of)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, item: Item) -> HttpResponse:
    """Say anew what it is, where it lies and whose it is."""
    form = ItemForm(
        request.POST if request.method == "POST" else None, community=item.community, instance=item
    )
    if request.method == "POST" and form.is_valid():
        actions.describe(item, by=_hand(request, item), **form.said)
        messages.success(request, _("Saved."))
        return redirect(item)
    context = {
        **_frame(request, item),
        "form": form,
        "known_topics": sorted({*known_names(item.community), *used_names(item.community)}),
    }
    return render(request, "library/edit.html", context, status=422 if form.is_bound else 200)


# GET, POST /library/<id>/contents/
@without_receipt
@access(can_edit_item, on=item_of)
@require_http_methods(["GET", "HEAD", "POST"])
def contents(request: HttpRequest, item: Item) -> HttpResponse:
    """Put another file, address or text in its place; the old one stays as a version."""
    by = _hand(request, item)
    form = _form_of_contents(request, item)
    shown = None
    if request.method == "POST":
        try:
            sent = _contents_sent(request, item, form)
            if sent and "preview" in request.POST:
                shown = to_html(sent.markdown)
            elif sent:
                actions.renew(item, sent, by=by, note=form.cleaned_data["note"])
                messages.success(request, _("The new version is in the library; the old one stays."))
                return redirect(item)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
    context = {
        **_frame(request, item),
        "form": form,
        "shown": shown,
        "uploads": open_uploads(by) if item.kind == Item.Kind.FILE else [],
    }
    return render(request, "library/contents.html", context, status=422 if form.is_bound else 200)


# GET /library/<id>/versions/<number>/
@access(lambda person, version: can_read_item(person, version.item), on=version_of)
@require_safe
def version(request: HttpRequest, version: Version) -> HttpResponse:
    """What it held once, and what was new in that beside the version before."""
    item = version.item
    older = item.versions.filter(number__lt=version.number).first()
    context = {
        **_frame(request, item),
        "version": version,
        "older": older,
        "pieces": differences(older.markdown, version.markdown) if older else [],
        "preview": preview_of(version),
        "is_current": item.current_id == version.pk,
    }
    return render(request, "library/version.html", context)


# POST /library/<id>/versions/<number>/restoration/
@access(lambda person, version: can_edit_item(person, version.item), on=version_of)
@require_POST
def restoration(request: HttpRequest, version: Version) -> HttpResponse:
    """Make an older version the newest again."""
    actions.restore(version, by=_hand(request, version.item))
    messages.success(request, _("Version %(number)d is in its place again.") % {"number": version.number})
    return redirect(version.item)


# POST /library/<id>/removal/
@access(can_edit_item, on=item_of)
@require_POST
def removal(request: HttpRequest, item: Item) -> HttpResponse:
    """Throw it away; for 30 days it can be taken back."""
    actions.remove(item, by=_hand(request, item))
    offer_undo(
        request,
        _("“%(title)s” is thrown away. For 30 days it can be taken back.") % {"title": item.title},
        url=reverse("library:taking_back", args=[item.pk]),
    )
    return redirect("library:library", item.community_id)


# POST /library/<id>/return/
@access(can_edit_item, on=item_of)
@require_POST
def taking_back(request: HttpRequest, item: Item) -> HttpResponse:
    """Put it back."""
    actions.take_back(item, by=_hand(request, item))
    messages.success(request, _("It is back in the library."))
    return redirect(item)


def _hand(request: HttpRequest, item: Item) -> Any:
    """The membership by which a person changes things; whoever may edit has an active one."""
    return adding_as(request.user, item.community)


def _frame(request: HttpRequest, item: Item) -> dict[str, Any]:
    return {
        "community": item.community,
        "tab": "library",
        "item": item,
        "is_staff": is_staff_for(request.user, item.community),
        "can_edit": can_edit_item(request.user, item),
    }


def _form_of_contents(request: HttpRequest, item: Item) -> Any:
    data = request.POST if request.method == "POST" else None
    if item.kind == Item.Kind.FILE:
        return RenewFileForm(data, request.FILES or None, initial={"key": RenewFileForm.new_key()})
    current = item.current or Version()
    if item.kind == Item.Kind.LINK:
        return RenewLinkForm(data, initial={"address": current.address})
    return RenewPageForm(data, initial={"markdown": current.markdown})


def _contents_sent(request: HttpRequest, item: Item, form: forms.Form) -> Contents | None:
    """Return what was sent, None where the form says what is wrong. Raises DomainError."""
    upload = None
    if item.kind == Item.Kind.FILE:
        upload = file_sent(form, by=_hand(request, item))
    if not form.is_valid() or (item.kind == Item.Kind.FILE and upload is None):
        return None
    return Contents(
        markdown=form.cleaned_data.get("markdown", ""),
        address=form.cleaned_data.get("address", ""),
        upload=upload,
    )
