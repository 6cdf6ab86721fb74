"""A community's practices: their list, one of them, what it said before, and as files to take away."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coppice.communities import practice_ways
from coppice.communities.models import Community
from coppice.communities.permissions import can_take_part, is_staff_for
from coppice.lib.access import access
from coppice.lib.differences import differences
from coppice.lib.markdown import to_html
from coppice.lib.tables import write_csv
from coppice.library.permissions import adding_as, may_add, rules_for
from coppice.library.practice_forms import TrialForm
from coppice.library.practice_links import voice_path
from coppice.library.practice_models import Practice, PracticeVersion
from coppice.library.practice_paper import practice_file, rows_of
from coppice.library.practice_permissions import (
    can_doubt_practice,
    can_edit_practice,
    can_read_practice,
    can_review_practice,
    can_try_practice,
)
from coppice.library.practice_queries import (
    PracticeFile,
    PracticesWanted,
    file_of,
    found_in,
    people_of,
    practice_of,
    practice_version_of,
    shelf_of,
)
from coppice.library.practice_wording import PURPOSES, sections_of
from coppice.library.queries import library_of

State = Practice.State


# GET /communities/<id>/practices/?q=…&kind=…&topic=…&page=…
@access(can_take_part, on=library_of)
@require_safe
def practices(request: HttpRequest, community: Community) -> HttpResponse:
    """What is published, the newest first; above it what waits for the reader, or is not published yet."""
    wanted = PracticesWanted.from_address(request.GET)
    member = adding_as(request.user, community)
    context = {
        "community": community,
        "tab": "library",
        "is_staff": is_staff_for(request.user, community),
        "can_add": member is not None and may_add(member, rules_for(community)),
        "member": member,
        "wanted": wanted,
        "shelf": shelf_of(community, request.user, wanted, page=request.GET.get("page", "")),
        "kinds": Practice.Kind.choices,
    }
    return render(request, "library/practices.html", context)


# GET /communities/<id>/practices.csv
@access(can_take_part, on=library_of)
@require_safe
def practices_file(request: HttpRequest, community: Community) -> HttpResponse:
    """The published ones, or those of them that are looked for, as a CSV file."""
    rows = found_in(community, PracticesWanted.from_address(request.GET)).prefetch_related("topics")
    header, *lines = rows_of(rows)
    return HttpResponse(
        write_csv(header, lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="practices-{community.pk}.csv"'},
    )


# GET /practices/<id>/
@access(can_read_practice, on=practice_of)
@require_safe
def practice(request: HttpRequest, practice: Practice) -> HttpResponse:
    return practice_page(request, practice)


def practice_page(request: HttpRequest, practice: Any, *, form: TrialForm | None = None) -> HttpResponse:
    """Answer with the page of one practice; `form` is what somebody sent and could not be taken."""
    community, person = practice.community, request.user
    member = adding_as(person, community)
    people = people_of(practice, member)
    can_edit = can_edit_practice(person, practice)
    own = people.own_trial
    context = {
        "community": community,
        "tab": "library",
        "is_staff": is_staff_for(person, community),
        "practice": practice,
        "sections": [(each.heading, to_html(each.markdown)) for each in sections_of(practice, practice.kind)],
        "topics": list(practice.topics.all()),
        "people": people,
        "voice_url": voice_path(people.own_voice) if people.own_voice else "",
        "reviews": [] if practice.is_out else practice.reviews.select_related("membership__enrollment")[:5],
        "versions": range(practice.newest_number or 0, 0, -1),
        "origin": practice_ways.told(person, community, practice.origin) if practice.origin else None,
        "can_edit": can_edit,
        "can_review": can_review_practice(person, practice),
        "can_try": can_try_practice(person, practice),
        "can_doubt": can_doubt_practice(person, practice) and not can_edit,
        "form": form or TrialForm(initial={"words": own.words if own else ""}),
    }
    return render(request, "library/practice.html", context, status=422 if form else 200)


# GET /practices/<id>.<ending>
@access(lambda person, file: can_read_practice(person, file.practice), on=file_of)
@require_safe
def practice_to_keep(request: HttpRequest, file: PracticeFile) -> HttpResponse:
    """One practice to take away, as PDF, Word or Markdown."""
    return practice_file(file.practice, people_of(file.practice, None), file.ending)


# GET /practices/<id>/versions/<number>/
@access(lambda person, version: can_read_practice(person, version.practice), on=practice_version_of)
@require_safe
def practice_version(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """What it said once, and what was new in that beside the version before."""
    practice: Any = version.practice
    older = practice.versions.filter(number__lt=version.number).first()
    before = {each.name: each.markdown for each in sections_of(older, practice.kind)} if older else {}
    sections = sections_of(version, practice.kind)
    context = {
        "community": practice.community,
        "tab": "library",
        "is_staff": is_staff_for(request.user, practice.community),
        "practice": practice,
        "version": version,
        "older": older,
        "title_pieces": differences(older.title, version.title) if older else [],
        "sections": [
            (
                each.heading,
                to_html(each.markdown),
                differences(before.get(each.name, ""), each.markdown) if older else [],
            )
            for each in sections
        ],
        "is_current": practice.newest_number == version.number,
    }
    return render(request, "library/practice_version.html", context)


def kinds_to_choose() -> list[tuple[str, Any, Any]]:
    """Return the kinds of practice with what each is for."""
    return [(kind.value, kind.label, PURPOSES[kind]) for kind in Practice.Kind]
