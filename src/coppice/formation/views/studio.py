"""The studio: a proposal in columns, what must hold, what is aimed for, and one person's place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coppice.formation.models import Formation, Place, ProposedCommunity
from coppice.formation.permissions import can_form, can_form_place
from coppice.formation.proposing import standing
from coppice.formation.queries import formation_of, place_of, places_of, unplaced_count
from coppice.formation.rules import rules_of
from coppice.formation.views.working import job_of
from coppice.formation.wording import broken_sentence, clash_sentence, reason_sentences, rule_sentence
from coppice.lib.access import access
from coppice.programs.wording import words_for

WEIGHED_AT_MOST = 12
WEAK = 60


@dataclass(frozen=True)
class Column:
    """A proposed community with its people."""

    community: ProposedCommunity
    places: list[Place]

    @property
    def percent(self) -> int | None:
        score = self.community.score
        return None if score is None else round(100 * score)

    @property
    def tone(self) -> str:
        return "hazel" if self.percent is not None and self.percent < WEAK else "leaf"

    @property
    def is_full(self) -> bool:
        return len(self.places) >= self.community.maximum

    @property
    def organization_count(self) -> int:
        return len(
            {each.organization_id for place in self.places for each in place.enrollment.affiliations.all()}
        )


@dataclass(frozen=True)
class Option:
    """Another community that a person could go to, and the score in hundredths then (None: not weighed)."""

    column: Column
    after: int | None
    difference: int


@dataclass(frozen=True)
class MustHold:
    """A rule that must hold, and how often it is broken."""

    sentence: str
    broken: int


@access(can_form, on=formation_of)
@require_safe
def formation(request: HttpRequest, formation: Formation) -> HttpResponse:
    """The whole proposal; while it is being worked out, how far it is; when it cannot be, why."""
    return _page(request, formation, chosen=None)


@access(can_form_place, on=place_of)
@require_safe
def place(request: HttpRequest, place: Place) -> HttpResponse:
    """The proposal with one person's place open: why they are there, and what a move would change."""
    return _page(request, place.formation, chosen=place)


def _page(request: HttpRequest, formation: Formation, *, chosen: Place | None) -> HttpResponse:
    context: dict[str, Any] = {
        "formation": formation,
        "program": formation.program,
        "words": words_for(formation.program),
    }
    if formation.state == Formation.State.PROPOSING:
        return render(request, "formation/working.html", {**context, "job": job_of(formation)})
    if formation.state == Formation.State.IMPOSSIBLE:
        clashes = [clash_sentence(formation, clash) for clash in formation.outcome["clashes"]]
        return render(request, "formation/impossible.html", {**context, "clashes": dict.fromkeys(clashes)})
    places = places_of(formation)
    columns = _columns(formation, places)
    return render(
        request,
        "formation/studio.html",
        {
            **context,
            **_scores(formation, places, columns),
            "columns": columns,
            "people_count": len(places),
            "unplaced": 0 if formation.is_published else unplaced_count(formation),
            **_panel(formation, places, columns, chosen),
        },
    )


def _columns(formation: Formation, places: list[Place]) -> list[Column]:
    by_community: dict[int, list[Place]] = {}
    for place in places:
        by_community.setdefault(place.proposed_community_id, []).append(place)
    return [
        Column(community=community, places=by_community.get(community.pk, []))
        for community in formation.proposed_communities.select_related("topic")
    ]


def _scores(formation: Formation, places: list[Place], columns: list[Column]) -> dict[str, Any]:
    outcome = formation.outcome
    broken = outcome["broken"]
    names = _names(places)
    groups = {str(column.community.pk): column.community.name for column in columns}
    rules = list(enumerate(rules_of(formation)))
    holding = [
        MustHold(rule_sentence(rule), sum(each["rule"] == number for each in broken))
        for number, rule in rules
        if rule.must_hold
    ]
    return {
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


def _panel(
    formation: Formation, places: list[Place], columns: list[Column], chosen: Place | None
) -> dict[str, Any]:
    """What the panel of one person shows; their row among the places has its organizations."""
    row = next((place for place in places if chosen is not None and place.pk == chosen.pk), None)
    if row is None:
        return {"chosen": None}
    return {
        "chosen": row,
        "reasons": reason_sentences(row.reasons, names=_names(places)),
        "options": _options(formation, places, columns, row) if formation.can_change else [],
    }


def _options(formation: Formation, places: list[Place], columns: list[Column], row: Place) -> list[Option]:
    others = [column for column in columns if column.community.pk != row.proposed_community_id]
    if not formation.outcome["rules"] or len(others) > WEIGHED_AT_MOST:
        return [Option(column=column, after=None, difference=0) for column in others]
    stands = standing(formation, places=places)
    now = round(100 * stands.score().total)
    options = []
    for column in others:
        moved = stands.moved(str(row.enrollment_id), to=str(column.community.pk))
        after = round(100 * moved.score().total)
        options.append(Option(column=column, after=after, difference=after - now))
    return options


def _names(places: list[Place]) -> dict[str, str]:
    return {str(place.enrollment_id): str(place.enrollment) for place in places}
