"""A community's library as a list, as a file of its list, and what is new in all of somebody's libraries."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coppice.communities.models import Community
from coppice.communities.permissions import can_lead, can_take_part, is_staff_for
from coppice.communities.plan_board import rules_of
from coppice.lib.access import access, signed_in
from coppice.lib.tables import write_csv
from coppice.library.models import Item
from coppice.library.permissions import adding_as, may_add, rules_for
from coppice.library.plan_effects import missing_folders
from coppice.library.queries import A_PAGE, Wanted, items_in, library_of, new_for, shelf_of


# GET /communities/<id>/library/?q=…&folder=…&topic=…&kind=…&page=…
@access(can_take_part, on=library_of)
@require_safe
def library(request: HttpRequest, community: Community) -> HttpResponse:
    """Everything that is kept, the newest first, under the rules by which it is."""
    wanted, frame = Wanted.from_address(request.GET), rules_for(community)
    shelf = shelf_of(community, wanted, frame, page=request.GET.get("page", ""))
    membership = adding_as(request.user, community)
    is_staff = is_staff_for(request.user, community)
    leads = is_staff or bool(membership and membership.is_leader)
    context = {
        "community": community,
        "tab": "library",
        "is_staff": is_staff,
        "leads": leads,
        "can_add": membership is not None and may_add(membership, frame),
        "rules": rules_of(frame),
        "planned": missing_folders(frame, (folder for folder, _count in shelf.folders)) if leads else [],
        "wanted": wanted,
        "from_folder": f"?folder={wanted.folder}" if wanted.folder.isdecimal() else "",
        "shelf": shelf,
        "kinds": Item.Kind.choices,
    }
    return render(request, "library/library.html", context)


# GET /communities/<id>/library.csv
@access(can_take_part, on=library_of)
@require_safe
def list_file(request: HttpRequest, community: Community) -> HttpResponse:
    """The list, or what of it is looked for, as a CSV file."""
    header = [
        *(_("Title"), _("Kind"), _("Folder"), _("Topics"), _("What it is good for")),
        *(_("Whose it is"), _("Source"), _("Address"), _("Added by"), _("Changed")),
    ]
    rows = (
        [
            each.title,
            each.get_kind_display(),
            each.folder or "",
            ", ".join(topic.name for topic in each.topics.all()),
            each.about,
            each.get_licence_display(),
            each.source,
            each.current.address if each.current else "",
            each.added_by.enrollment if each.added_by else "",
            each.changed_at.date().isoformat(),
        ]
        for each in Wanted.from_address(request.GET).among(items_in(community))
    )
    return HttpResponse(
        write_csv(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="library-{community.pk}.csv"'},
    )


# GET /communities/<id>/library/thrown-away/
@access(can_lead, on=library_of)
@require_safe
def thrown_away(request: HttpRequest, community: Community) -> HttpResponse:
    """What was thrown away in the last 30 days, for whoever leads to take back."""
    gone = Item.objects.filter(community=community).exclude(removed_at=None)
    context = {
        "community": community,
        "tab": "library",
        "may_take_back": adding_as(request.user, community) is not None,
        "page": Paginator(gone.order_by("-removed_at", "-pk"), A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "library/thrown_away.html", context)


# GET /library/
@access(signed_in)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is new in the libraries of all communities that somebody takes part in."""
    wanted = Wanted.from_address(request.GET)
    items = wanted.among(new_for(request.user))
    context = {
        "wanted": wanted,
        "page": Paginator(items, A_PAGE).get_page(request.GET.get("page")),
        "kinds": Item.Kind.choices,
    }
    return render(request, "library/mine.html", context)
