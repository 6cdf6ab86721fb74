"""Folders of a library: made by hand or from the action plan, renamed, done without."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from coppice.communities.models import Community
from coppice.communities.plan_models import MOST_FOLDERS
from coppice.history.actions import record
from coppice.lib.lines import one_line
from coppice.library.errors import FolderExists, TooManyFolders
from coppice.library.models import Folder


@transaction.atomic
def make(community: Community, *, name: str, by: Any) -> Folder:
    """Make one folder. Raises FolderExists, TooManyFolders."""
    _hold(community)
    if community.folders.filter(name__iexact=one_line(name)).exists():
        raise FolderExists
    return _make(community, name=name, planned_as="", by=by)


@transaction.atomic
def make_planned(community: Community, names: Mapping[str, str], *, by: Any) -> list[Folder]:
    """Make folders of the action plan; `names` gives by each planned name what it is to be called.

    What is there already, by either name, is not made again. Raises TooManyFolders.
    """
    _hold(community)
    there = known_as(community)
    made = []
    for planned, name in names.items():
        called = one_line(name)
        if not called or planned.casefold() in there:
            continue
        known = Folder.objects.filter(community=community, name__iexact=called).first()
        if known:
            known.planned_as = planned
            known.save(update_fields=["planned_as"])
        else:
            made.append(_make(community, name=called, planned_as=planned, by=by))
        there.add(planned.casefold())
    return made


@transaction.atomic
def rename(folder: Folder, *, name: str, by: Any) -> Folder:
    """Call a folder something else; the same again changes nothing. Raises FolderExists."""
    _hold(folder.community)
    now = Folder.objects.select_related("community__program").get(pk=folder.pk)
    called = one_line(name)
    if now.name == called:
        return now
    if now.community.folders.filter(name__iexact=called).exclude(pk=now.pk).exists():
        raise FolderExists
    now.name = called
    now.save(update_fields=["name"])
    _note("library.folder_renamed", now.community, by=by)
    return now


@transaction.atomic
def remove(folder: Folder, *, by: Any) -> None:
    """Do without a folder; what lay in it stays in the library, in no folder."""
    _note("library.folder_removed", folder.community, by=by)
    folder.delete()


def known_as(community: Community) -> set[str]:
    """Return what the folders of a community are called, and were called in its plan, in small letters."""
    rows = community.folders.values_list("name", "planned_as")
    return {word.casefold() for row in rows for word in row if word}


def _make(community: Community, *, name: str, planned_as: str, by: Any) -> Folder:
    if community.folders.count() >= MOST_FOLDERS:
        raise TooManyFolders
    folder = Folder.objects.create(community=community, name=name, planned_as=planned_as)
    _note("library.folder_made", community, by=by)
    return folder


def _hold(community: Community) -> None:
    """Let nobody else change these folders until the transaction ends."""
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)


def _note(verb: str, community: Community, *, by: Any) -> None:
    record(verb, scope=community.program.scope, by=by, subject=community)
