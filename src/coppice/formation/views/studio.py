"""The studio: a proposal in columns, what must hold, what is aimed for, and one person's place."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coppice.formation.columns import columns_of, page_of, sought_count
from coppice.formation.forms import let_go_label
from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.permissions import can_form, can_form_place
from coppice.formation.proposing import Standing, standing
from coppice.formation.queries import communities_of, formation_of, names_of, place_of, unplaced_count
from coppice.formation.rules import rules_of
from coppice.formation.views.working import job_of
from coppice.formation.wording import broken_sentence, clash_sentences, reason_sentences, rule_sentence
from coppice.lib.access import access
from coppice.programs.wording import words_for

PANEL = "panel"
BEST = 6
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Option:
    """Another community that a person could go to.

    `points` is what that does to the score of the two communities together, in hundredths.
    """

    community: ProposedCommunity
    points: int
    is_full: bool
    breaks: bool
    leaves_too_few: bool

    @property
    def amount(self) -> int:
        return abs(self.points)


@dataclass(frozen=True)
class MustHold:
    """A rule that must hold, and how often it is broken."""

    sentence: str
    broken: int


@access(can_form, on=formation_of)
@require_safe
def formation(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The whole proposal; while a job is at it, how far it is; when it cannot be, why."""
    if formation.is_working:
        return render(request, "formation/working.html", {**_base(formation), "job": job_of(formation)})
    if formation.is_impossible:
        clashes = clash_sentences(formation, formation.outcome.get("clashes", ()))
        context = {**_base(formation), **_moved(_sight(formation, chosen=None)), "clashes": clashes}
        return render(request, "formation/impossible.html", context)
    return _page(request, formation, chosen=None)


@access(can_form_place, on=place_of)
@require_safe
def place(request: HttpRequest, place: Place) -> HttpResponse:
    """The proposal with one person's place open: why they are there, and what a move would change.

    htmx gets the panel alone, unless it restores the whole page.
    """
    formation = place.formation
    if formation.is_working or formation.is_impossible or not place.is_on_table:
        return redirect(formation)
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    if htmx.target == PANEL and not htmx.history_restore_request:
        context = {**_base(formation), **_panel(_sight(formation, chosen=place))}
        return _varying(render(request, "formation/person.html", context))
    return _varying(_page(request, formation, chosen=place))


def changed(request: HttpRequest, place: Place, communities: Iterable[ProposedCommunity]) -> HttpResponse:
    """What a change by hand has changed, for htmx: some columns, the rules, the panel, and what was said."""
    formation = place.formation
    sight = _sight(formation, chosen=place)
    touched = {each.pk for each in communities}
    columns = [each for each in sight.communities if each.pk in touched]
    context = {
        **_base(formation),
        **_panel(sight),
        **_scores(sight),
        **_moved(sight),
        "columns": columns_of(formation, columns),
        "swapped": True,
    }
    return render(request, "formation/changed.html", context)


@dataclass(frozen=True)
class Sight:
    """What is read of a proposal: its communities, and how it stands when somebody may be moved."""

    formation: Formation
    communities: list[ProposedCommunity]
    chosen: Place | None = None
    stands: Standing | None = None

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        if self.stands is None:
            return names_of(self.formation, ids)
        known = {each for each in ids if each in self.stands.roster}
        return {each: self.stands.roster[each].name for each in known}


def _sight(formation: Formation, *, chosen: Place | None) -> Sight:
    communities = communities_of(formation)
    may_move = chosen is not None and formation.can_change
    stands = standing(formation, communities=communities) if may_move else None
    return Sight(formation, communities, chosen, stands)


def _page(request: HttpRequest, formation: Formation, *, chosen: Place | None) -> HttpResponse:
    sought = request.GET.get("find", "").strip()[:LONGEST_SEARCH]
    sight = _sight(formation, chosen=chosen)
    page = page_of(
        formation, sight.communities, sought=sought, number=request.GET.get("page"), showing=chosen
    )
    return render(
        request,
        "formation/studio.html",
        {
            **_base(formation),
            **_scores(sight),
            **_panel(sight),
            **_moved(sight),
            "page": page,
            "columns": columns_of(formation, page.object_list, sought=sought),
            "sought": sought,
            "sought_count": sought_count(formation, sought) if sought else 0,
            "unplaced": _unplaced(sight),
        },
    )


def _unplaced(sight: Sight) -> int:
    if sight.formation.is_published:
        return 0
    return sight.stands.unplaced if sight.stands else unplaced_count(sight.formation)


def _base(formation: Formation) -> dict[str, Any]:
    return {"formation": formation, "program": formation.program, "words": words_for(formation.program)}


def _moved(sight: Sight) -> dict[str, Any]:
    """How many people were moved by hand, and what lets them go when it is worked out again."""
    communities: list[Any] = list(sight.communities)  # queries.communities_of adds moved_count to the rows
    count = sum(each.moved_count for each in communities)
    return {"moved_count": count, "let_go_label": let_go_label(count)}


def _scores(sight: Sight) -> dict[str, Any]:
    formation, outcome = sight.formation, sight.formation.outcome
    broken = outcome["broken"]
    groups = {str(each.pk): each.name for each in sight.communities}
    names = sight.names(person for each in broken for person in each["people"])
    rules = list(enumerate(rules_of(formation)))
    holding = [
        MustHold(rule_sentence(rule), sum(each["rule"] == number for each in broken))
        for number, rule in rules
        if rule.must_hold
    ]
    return {
        "people_count": len(sight.stands.roster) if sight.stands else formation.places.current().count(),
        "community_count": len(groups),
        "must_hold": [*_sizes(formation, broken), *holding],
        "aims": [
            (rule_sentence(rule), round(100 * outcome["rules"][str(number)]))
            for number, rule in rules
            if str(number) in outcome["rules"]
        ],
        "total": round(100 * outcome["total"]),
        "broken": [broken_sentence(formation, each, names=names, groups=groups) for each in broken],
    }


def _sizes(formation: Formation, broken: list[Mapping[str, Any]]) -> list[MustHold]:
    if formation.is_whole_cohort:
        return [MustHold(_("Everybody in one"), 0)]
    sentence = _("%(minimum)d to %(maximum)d people each") % {
        "minimum": formation.minimum,
        "maximum": formation.maximum,
    }
    return [MustHold(sentence, sum(each["code"] in {"too_small", "too_large"} for each in broken))]


def _panel(sight: Sight) -> dict[str, Any]:
    """What the panel of one person shows."""
    place = sight.chosen
    if place is None:
        return {"chosen": None}
    named = (person for reason in place.reasons for person in reason.get("parameters", {}).get("people", ()))
    options = _options(sight.stands, place, sight.communities) if sight.stands else []
    weighed = [each for each in options if not each.is_full]
    return {
        "chosen": place,
        "chosen_organizations": _organizations(sight, place),
        "reasons": reason_sentences(place.reasons, names=sight.names(named)),
        "options": options,
        "best": sorted(weighed, key=lambda each: (each.breaks, -each.points))[:BEST],
        "weighs": bool(sight.formation.outcome["rules"]),
    }


def _organizations(sight: Sight, place: Place) -> list[str]:
    if sight.stands is None:
        return [each.name for each in place.enrollment.organizations.order_by("affiliations__pk")]
    return [house.name for house in sight.stands.roster[str(place.enrollment_id)].organizations]


def _options(stands: Standing, place: Place, communities: list[ProposedCommunity]) -> list[Option]:
    sizes = Counter(stands.assignment.values())
    now, others = stands.alternatives(str(place.enrollment_id))
    by_pk = {str(each.pk): each for each in communities}
    people, here = len(stands.assignment), sizes[str(place.proposed_community_id)]
    return [
        Option(
            community=by_pk[other.group],
            points=round(100 * (other.total - now) * people / (here + sizes[other.group])),
            is_full=sizes[other.group] >= by_pk[other.group].maximum,
            breaks=other.breaks,
            leaves_too_few=here <= by_pk[str(place.proposed_community_id)].minimum,
        )
        for other in others
    ]


def _varying(response: HttpResponse) -> HttpResponse:
    """Keep a browser from taking a part of a page for the page: they have one address."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
