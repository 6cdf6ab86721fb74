"""The studio: a proposal in columns, what must hold, what is aimed for, and one person's place."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from coppice.formation.columns import columns_of, needing_a_look, number_of_page, page_of, sought_count
from coppice.formation.explaining import aims_of, held_of, silent_of, unnamed_aims
from coppice.formation.few_moves import moves_of
from coppice.formation.forms import let_go_label
from coppice.formation.forms_again import again_form
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.outcomes import within_of
from coppice.formation.permissions import can_form, can_form_place
from coppice.formation.proposing import Standing
from coppice.formation.queries import communities_of, formation_of, place_of, unplaced_count
from coppice.formation.views.clashes import clash_of
from coppice.formation.views.panel import panel_of
from coppice.formation.views.sights import Sight, base_of, sight_of
from coppice.formation.views.working import climb_of, job_of
from coppice.formation.wording import broken_sentence
from coppice.lib.access import access
from coppice.lib.ids import id_in

PANEL = "panel"
LOOK = "look"
NEWEST = 5
LONGEST_SEARCH = 100


@access(can_form, on=formation_of)
@require_safe
def formation(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The whole proposal; while a job is at it, how far it is; when it cannot be, why."""
    if formation.is_working:
        context = {**base_of(formation), "job": job_of(formation), **climb_of(formation)}
        return render(request, "formation/working.html", context)
    if formation.has_failed:
        return render(request, "formation/failed.html", base_of(formation))
    if formation.is_impossible:
        context = {**base_of(formation), **_moved(sight_of(formation, chosen=None)), **clash_of(formation)}
        return render(request, "formation/impossible.html", context)
    if "at" in request.GET:
        return _led_to(request, formation)
    return _page(request, formation, chosen=None)


def _led_to(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The page on which the community `at` stands, down to it, or to a `place` in it."""
    at, place = (id_in(request.GET.get(name, "")) or 0 for name in ("at", "place"))
    number = number_of_page(formation, communities_of(formation, is_counted=False), at)
    goal = f"place-{place}" if place else f"column-{at}"
    return redirect(f"{formation.get_absolute_url()}?page={number}#{goal}")


@access(can_form_place, on=place_of)
@require_safe
def place(request: HttpRequest, place: Place) -> HttpResponse:
    """The proposal with one person's place open: why they are there, and what a move would change.

    htmx gets the panel alone, unless it restores the whole page.
    """
    formation = place.formation
    if not (formation.is_shown and place.is_on_table):
        return redirect(formation)
    beside = _beside(formation, request.GET.get("onto", ""))
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    if htmx.target == PANEL and not htmx.history_restore_request:
        sight = sight_of(formation, chosen=place, is_part=True)
        context = {**base_of(formation), **panel_of(sight, beside=beside)}
        return _varying(render(request, "formation/person.html", context))
    return _varying(_page(request, formation, chosen=place, beside=beside))


def _beside(formation: Formation, sought: str) -> Place | None:
    """Whom somebody was carried onto, by the id in the address."""
    number = id_in(sought)
    return formation.places.current().filter(pk=number).first() if number else None


def changed(
    request: HttpRequest,
    formation: Formation,
    communities: Iterable[ProposedCommunity],
    *,
    chosen: Place | None,
    stands: Standing | None = None,
) -> HttpResponse:
    """What a change by hand has changed, for htmx: some columns, the rules, the panel, and what was said.

    Without somebody chosen the panel stays as it is.
    """
    sight = sight_of(formation, chosen=chosen, stands=stands)
    touched = {each.pk for each in communities}
    columns = [each for each in sight.communities if each.pk in touched]
    context = {
        **base_of(formation),
        **panel_of(sight),
        **_scores(sight),
        **_moved(sight),
        "columns": columns_of(formation, columns, roster=sight.roster),
        "swapped": True,
    }
    response = render(request, "formation/changed.html", context)
    response["HX-Push-Url"] = "false"  # a boosted form would put its own address, which nobody can open
    return response


def _page(
    request: HttpRequest, formation: Formation, *, chosen: Place | None, beside: Place | None = None
) -> HttpResponse:
    sought = request.GET.get("find", "").strip()[:LONGEST_SEARCH]
    sight = sight_of(formation, chosen=chosen)
    looks = needing_a_look(formation, sight.communities)
    is_looking = chosen is None and request.GET.get("only") == LOOK
    page = page_of(
        formation,
        looks if is_looking else sight.communities,
        sought=sought,
        number=request.GET.get("page"),
        showing=chosen,
    )
    return render(
        request,
        "formation/studio.html",
        {
            **base_of(formation),
            **_scores(sight),
            **panel_of(sight, beside=beside),
            **_moved(sight),
            **_history(formation),
            "again_form": again_form(formation),
            "moves": moves_of(formation.on_table) if formation.on_table else None,
            "page": page,
            "columns": columns_of(formation, page.object_list, sought=sought, roster=sight.roster),
            "all_communities": sight.communities,
            "is_paged": len(sight.communities) > page.paginator.per_page,
            "is_looking": is_looking,
            "look_count": len(looks),
            "sought": sought,
            "sought_count": sought_count(formation, sought) if sought else 0,
            "unplaced": _unplaced(sight),
        },
    )


def _unplaced(sight: Sight) -> int:
    if sight.formation.is_published:
        return 0
    return sight.stands.unplaced if sight.stands else unplaced_count(sight.formation)


def _moved(sight: Sight) -> dict[str, Any]:
    """How many people were moved by hand, and what lets them go when it is worked out again."""
    communities: list[Any] = list(sight.communities)  # queries.communities_of adds moved_count to the rows
    count = sum(each.moved_count for each in communities)
    locked = sum(each.locked_count for each in communities)
    return {"moved_count": count, "locked_count": locked, "let_go_label": let_go_label(count)}


def _history(formation: Formation) -> dict[str, Any]:
    """The newest proposals, for the strip, and the one that is compared with what is on the table."""
    newest = list(formation.proposals.defer("settings", "curve").order_by("-number")[: NEWEST + 1])
    others = [each for each in newest if each.pk != formation.on_table_id and not each.is_impossible]
    shown = newest[:NEWEST]
    return {
        "newest": shown,
        "is_in_strip": len(newest) > 1 and any(each.pk == formation.on_table_id for each in shown),
        "has_older": len(newest) > NEWEST,
        "compared_with": others[0] if others else None,
    }


def _scores(sight: Sight) -> dict[str, Any]:
    formation, outcome = sight.formation, sight.formation.outcome
    broken = outcome["broken"]
    groups = sight.groups
    names = sight.names(person for each in broken for person in each["people"])
    return {
        "people_count": len(sight.stands.roster) if sight.stands else formation.places.current().count(),
        "community_count": len(groups),
        "must_hold": held_of(formation),
        "aims": [(each.sentence, each.percent) for each in aims_of(formation)],
        "silent": silent_of(formation),
        "unnamed": unnamed_aims(outcome.get("unnamed", {})),
        "total": round(100 * outcome["total"]),
        "within": within_of(outcome),
        "within_locked": (outcome.get("bounded") or {}).get("locked", 0),
        "lowest": min(
            (round(100 * each.score) for each in sight.communities if each.score is not None), default=None
        ),
        "broken": [broken_sentence(formation, each, names=names, groups=groups) for each in broken],
    }


def _varying(response: HttpResponse) -> HttpResponse:
    """Keep a browser from taking a part of a page for the page: they have one address."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
