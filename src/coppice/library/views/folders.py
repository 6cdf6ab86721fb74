"""Folders of a library: by hand, and those that the action plan names."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from coppice.communities.models import Community
from coppice.communities.permissions import can_lead
from coppice.communities.plan_board import frame_of
from coppice.communities.queries import community_of
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.library.actions import folders as actions
from coppice.library.forms import FolderForm, PlannedFoldersForm
from coppice.library.models import Folder
from coppice.library.permissions import can_keep_folder
from coppice.library.plan_effects import missing_folders
from coppice.library.queries import folder_of, items_in


# GET, POST /communities/<id>/library/folders/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def folders(request: HttpRequest, community: Community) -> HttpResponse:
    """The folders, and a form for one more."""
    form = FolderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.make(community, name=form.cleaned_data["name"], by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The folder is made."))
            return redirect("library:folders", community.pk)
    there = list(community.folders.all())
    context = {
        "community": community,
        "tab": "library",
        "folders": there,
        "planned": missing_folders(frame_of(community), there),
        "form": form,
    }
    return render(request, "library/folders.html", context, status=422 if form.is_bound else 200)


# GET, POST /communities/<id>/library/folders/planned/
@access(can_lead, on=community_of)
@require_http_methods(["GET", "HEAD", "POST"])
def planned(request: HttpRequest, community: Community) -> HttpResponse:
    """The folders that the action plan names, to look at and to rename before they are made."""
    names = missing_folders(frame_of(community), community.folders.all())
    form = PlannedFoldersForm(request.POST if request.method == "POST" else None, planned=names)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_planned(community, form.names, by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            said = ngettext("%(count)d folder is made.", "%(count)d folders are made.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect("library:library", community.pk)
    context = {"community": community, "tab": "library", "form": form, "planned": names}
    return render(request, "library/planned.html", context, status=422 if form.is_bound else 200)


# GET, POST /library-folders/<id>/
@access(can_keep_folder, on=folder_of)
@require_http_methods(["GET", "HEAD", "POST"])
def folder(request: HttpRequest, folder: Folder) -> HttpResponse:
    """Rename a folder, or do without it."""
    form = FolderForm(request.POST if request.method == "POST" else None, instance=folder)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename(folder, name=form.cleaned_data["name"], by=request.user)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("library:folders", folder.community_id)
    context = {
        "community": folder.community,
        "tab": "library",
        "folder": folder,
        "count": items_in(folder.community).filter(folder=folder).count(),
        "form": form,
    }
    return render(request, "library/folder.html", context, status=422 if form.is_bound else 200)


# POST /library-folders/<id>/removal/
@access(can_keep_folder, on=folder_of)
@require_POST
def folder_removal(request: HttpRequest, folder: Folder) -> HttpResponse:
    """Do without a folder; what lay in it stays."""
    actions.remove(folder, by=request.user)
    messages.success(request, _("The folder is gone. What lay in it is still in the library."))
    return redirect("library:folders", folder.community_id)
