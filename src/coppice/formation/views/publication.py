"""What will be sent to whom, the step that sends it, and the proposal as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coppice.communities.models import KNOWN_TO_MEMBERS, Membership
from coppice.formation import actions
from coppice.formation.forms import PublicationForm, WordsSoFarForm
from coppice.formation.late import late_count
from coppice.formation.lists import listed
from coppice.formation.models import Formation
from coppice.formation.permissions import can_form
from coppice.formation.queries import (
    formation_of,
    mail_of,
    mark_on_table,
    names_of,
    placed_elsewhere_count,
    places_of,
    unplaced_count,
    unsettled_marketplaces,
)
from coppice.formation.sheets import table_by_now, table_header
from coppice.formation.since import change_sentences, changes_of
from coppice.formation.views.working import job_of
from coppice.formation.wording import broken_sentence, reason_sentences
from coppice.lib.access import access
from coppice.lib.errors import DomainError
from coppice.lib.tables.writing import write_csv
from coppice.programs.models import Enrollment
from coppice.programs.wording import words_for

EMAIL = Q(places__enrollment__contact_mode=Enrollment.ContactMode.EMAIL) & ~Q(places__enrollment__email="")
AFTERWARDS = {Formation.State.PUBLISHING, Formation.State.PUBLISHED}
KNOWN = Q(community__memberships__state__in=KNOWN_TO_MEMBERS)
HERE = Q(places__enrollment__ended_at=None)


@access(can_form, on=formation_of)
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Show what will be sent to whom; on POST have it done. Afterwards, how far it is and what has left."""
    if request.method != "POST" and formation.state in AFTERWARDS:
        return _afterwards(request, formation)
    if request.method != "POST" and not formation.can_change:
        return redirect(formation)
    form = PublicationForm(
        request.POST if request.method == "POST" else None,
        initial=asdict(formation.begins_with) | _swaps_so_far(formation),
        today=timezone.localdate(timezone=formation.program.zone),
        placed_elsewhere=placed_elsewhere_count(formation),
        may_swap=not formation.is_whole_cohort,
        broken=_broken_count(formation),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_to_publish(
                formation,
                frame=form.frame,
                by=request.user,
                seen=request.POST.get("seen", ""),
                despite_rules=form.despite_rules,
                **form.swaps,
            )
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("formation:publication", formation.pk)
    return _page(request, formation, form)


@access(can_form, on=formation_of)
@require_POST
def frame(request: HttpRequest, formation: Formation) -> HttpResponse:
    """Keep what is typed so far, and show the invitation as it would be; nothing is sent."""
    form = WordsSoFarForm(
        request.POST,
        today=timezone.localdate(timezone=formation.program.zone),
        placed_elsewhere=placed_elsewhere_count(formation),
        may_swap=not formation.is_whole_cohort,
        broken=_broken_count(formation),
    )
    if form.is_valid():
        try:
            actions.keep_frame(formation, frame=form.frame, by=request.user, **form.swaps)
        except DomainError as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("formation:invitation", formation.pk)
    return _page(request, formation, form)


@access(can_form, on=formation_of)
@require_safe
def people(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The proposal as a table, one person a row; after publication who is where by now."""
    filename = f"people-{formation.pk}.csv"
    if formation.is_published:
        return _csv(*table_by_now(formation), filename=filename)
    return table_of(formation, filename=filename)


def table_of(formation: Formation, *, filename: str) -> HttpResponse:
    """Return the proposal on the table of a formation as a file, one person a row."""
    places = places_of(formation)
    names = {str(place.enrollment_id): str(place.enrollment) for place in places}
    rows = [
        (
            place.proposed_community.name,
            place.enrollment,
            place.enrollment.email,
            "; ".join(each.organization.name for each in place.enrollment.affiliations.all()),
            _("yes") if place.is_leader else "",
            " ".join(reason_sentences(place.reasons, names=names)),
        )
        for place in places
    ]
    return _csv(table_header(formation), rows, filename=filename)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]], *, filename: str) -> HttpResponse:
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _swaps_so_far(formation: Formation) -> dict[str, Any]:
    """What was typed of the time for swaps when the words were kept; the usual time at first."""
    if not formation.frame:
        return {}
    return {"swaps_until": formation.swaps_until, "swaps_decided_by": formation.swaps_decided_by}


def _afterwards(request: HttpRequest, formation: Formation) -> HttpResponse:
    communities = list(
        formation.proposed_communities.exclude(community=None)
        .select_related("community")
        .annotate(people_count=Count("community__memberships", filter=KNOWN))
    )
    asked = Membership.objects.filter(community__in=[each.community_id for each in communities])
    changes = changes_of(formation) if formation.is_published else None
    mail = mail_of(formation) if formation.is_published else None
    return render(
        request,
        "formation/published.html",
        {
            "formation": formation,
            "program": formation.program,
            "words": words_for(formation.program),
            "job": job_of(formation, mail=mail),
            "communities": communities,
            "people_count": changes.asked if changes else 0,
            "mail": mail,
            "since": change_sentences(changes) if changes and changes.is_any else [],
            "waiting_count": formation.swap_requests.open().count(),
            "late_count": late_count(formation) if formation.is_published else 0,
            "without_mail": asked.known_to_members().without_mail().count() if mail else 0,
        },
    )


def _page(request: HttpRequest, formation: Formation, form: PublicationForm) -> HttpResponse:
    communities = list(
        formation.proposed_communities.annotate(
            people_count=Count("places", filter=HERE, distinct=True),
            mail_count=Count("places", filter=HERE & EMAIL, distinct=True),
            leader_count=Count("places", filter=HERE & Q(places__is_leader=True), distinct=True),
        )
    )
    people, mails = (
        sum(getattr(each, name) for each in communities) for name in ("people_count", "mail_count")
    )
    return render(
        request,
        "formation/publication.html",
        {
            "formation": formation,
            "program": formation.program,
            "words": words_for(formation.program),
            "form": form,
            "communities": communities,
            "people_count": people,
            "mail_count": mails,
            "other_count": people - mails,
            "leaderless": sum(not each.leader_count for each in communities),
            "unplaced": unplaced_count(formation),
            "marketplaces": unsettled_marketplaces(formation),
            "broken": _broken(formation, {str(each.pk): each.name for each in communities}),
            "seen": mark_on_table(formation),
        },
        status=422 if form.is_bound else 200,
    )


def _broken_count(formation: Formation) -> int:
    """How many rules that must hold are broken; none that anybody could tick before there is a proposal."""
    return len(formation.outcome["broken"]) if formation.can_change else 0


def _broken(formation: Formation, groups: dict[str, str]) -> list[tuple[str, str]]:
    """The broken rules in words, each with its people where the words do not name them."""
    if not formation.can_change:
        return []
    told = formation.outcome["broken"]
    names = names_of(formation, (person for each in told for person in each["people"])) if told else {}
    sentences = [broken_sentence(formation, each, names=names, groups=groups) for each in told]
    people = [listed([names[person] for person in each["people"] if person in names]) for each in told]
    return [(said, who if who not in said else "") for said, who in zip(sentences, people, strict=True)]
