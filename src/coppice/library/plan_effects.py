"""What the answer about sharing and storing means for the library: folders to make, and what rules change."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.communities.models import Community, Membership
from coppice.communities.plan_effects import Way
from coppice.communities.plan_models import PlanAnswer, PlanFrame
from coppice.library.models import Folder, Item
from coppice.library.queries import oldest_kept


def missing_folders(frame: PlanFrame, folders: Iterable[Folder]) -> list[str]:
    """Return the folders that the plan names and that are not there, by their own or their planned name."""
    there = {word.casefold() for each in folders for word in (each.name, each.planned_as) if word}
    return [name for name in frame.library_folders if name.casefold() not in there]


def to_folders(community: Community, frame: PlanFrame) -> Way | None:
    """Lead from the agreed folders to making those that are not there yet."""
    if not frame.library_folders:
        return None
    missing = missing_folders(frame, community.folders.all())
    if not missing:
        return None
    said = ngettext(
        "Make this folder in the library", "Make these %(count)d folders in the library", len(missing)
    )
    return Way(
        question=PlanAnswer.Question.SHARING,
        label=said % {"count": len(missing)},
        url=reverse("library:planned", args=[community.pk]),
    )


def of_library(community: Community, changes: Mapping[str, Any]) -> list[str]:
    """Say what other folders and rules would change about a library (communities.plan_effects)."""
    return [
        *(_of_folders(community, changes["library_folders"]) if "library_folders" in changes else ()),
        *(_of_adders(community, changes["library_adders"]) if "library_adders" in changes else ()),
        *(_of_age(community, changes["library_months"]) if "library_months" in changes else ()),
    ]


def _of_folders(community: Community, names: list[str]) -> list[str]:
    folders = list(
        community.folders.annotate(count=Count("items", filter=Q(items__removed_at=None))).order_by("pk")
    )
    wanted = {name.casefold() for name in names}
    sentences = []
    for each in folders:
        if each.planned_as and not {each.name.casefold(), each.planned_as.casefold()} & wanted:
            said = ngettext(
                "The folder “%(name)s” is in the library, with %(count)d thing in it. It stays until you do "
                "without it there.",
                "The folder “%(name)s” is in the library, with %(count)d things in it. It stays until you do "
                "without it there.",
                each.count,
            )
            sentences.append(said % {"name": each.name, "count": each.count})
    missing = missing_folders(PlanFrame(library_folders=names), folders)
    if folders and missing:
        said = ngettext(
            "%(count)d folder of these is not in the library yet. You make it from the plan.",
            "%(count)d folders of these are not in the library yet. You make them from the plan.",
            len(missing),
        )
        sentences.append(said % {"count": len(missing)})
    return sentences


def _of_adders(community: Community, adders: str) -> list[str]:
    kept = Item.objects.filter(community=community).kept()
    if adders != PlanFrame.Adders.LEADERS:
        return [_("From then on every member adds to the library.")]
    givers = kept.filter(added_by__role=Membership.Role.MEMBER).values("added_by").distinct().count()
    if not givers:
        return [_("From then on only whoever leads adds to the library.")]
    said = ngettext(
        "%(count)d member has added to the library. That stays; from then on only whoever leads adds.",
        "%(count)d members have added to the library. That stays; from then on only whoever leads adds.",
        givers,
    )
    return [said % {"count": givers}]


def _of_age(community: Community, months: int | None) -> list[str]:
    before = oldest_kept(PlanFrame(library_months=months))
    if before is None:
        return [_("Nothing in the library will be marked as too old any more.")]
    count = Item.objects.filter(community=community, changed_at__lt=before).kept().count()
    if not count:
        return []
    said = ngettext(
        "%(count)d thing in the library is older than that. It will be marked; nothing goes by itself.",
        "%(count)d things in the library are older than that. They will be marked; nothing goes by itself.",
        count,
    )
    return [said % {"count": count}]
