"""A formation as a workbook: people, communities, and what the rules ask for and reach."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coppice.formation.afterwards import circle_of, members_of
from coppice.formation.columns import weakest_of
from coppice.formation.explaining import aims_of, held_of
from coppice.formation.facts import fields_in
from coppice.formation.models import Formation
from coppice.formation.rules import FIELDS, answers_in, number, rules_of, text
from coppice.formation.since import changes_of, outcome_by_now
from coppice.formation.takeaways import Gathering, gatherings_of
from coppice.formation.wording import field_label, reason_sentences, value_words
from coppice.lib.tables.books import Sheet, write_book
from coppice.programs.wording import words_for

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def book_of(formation: Formation, gatherings: Sequence[Gathering]) -> bytes:
    """Return the workbook (xlsx): what the rules are about is read from the roster as it is now.

    After publication all of it is as it is now, people, scores and what holds; the last sheet says so, and
    beside it what was reached when it was published and how many people have changed, come or left since.
    """
    outcome, scores = _fare(formation)
    return write_book(
        [
            _people(formation, gatherings),
            _communities(formation, gatherings, outcome, scores),
            _rules(formation, outcome),
        ]
    )


def _fare(formation: Formation) -> tuple[Mapping[str, Any], Mapping[str, float | None]]:
    """How the communities fare, as the workbook tells it, and the score of each (proposed ones, by id)."""
    if formation.is_published:
        outcome = outcome_by_now(circle_of(formation))
        return outcome, outcome["scores"]
    columns = formation.proposed_communities.values_list("pk", "score")
    return formation.outcome, {str(pk): score for pk, score in columns}


def table_by_now(formation: Formation) -> tuple[list[str], list[list[str]]]:
    """Return a published formation's people as a header and rows: who is in which community by now, and why.

    Whoever is still where they were placed has the reasons of the proposal, everybody else those of the
    place that they were given since. In seven queries.
    """
    gatherings = gatherings_of(formation)
    names = {str(seat.row.pk): seat.name for each in gatherings for seat in each.seats}
    placed = {
        (each.enrollment_id, each.proposed_community_id): each.reasons for each in formation.places.current()
    }
    given = dict(members_of(formation).values_list("enrollment", "reasons"))
    rows = []
    for gathering in gatherings:
        for seat in gathering.seats:
            reasons = placed.get((seat.row.pk, gathering.pk), given.get(seat.row.pk, []))
            rows.append(
                [
                    gathering.name,
                    seat.name,
                    seat.email,
                    "; ".join(seat.organizations),
                    _("yes") if seat.leads else "",
                    " ".join(reason_sentences(reasons, names=names)),
                ]
            )
    return table_header(formation), rows


def table_header(formation: Formation) -> list[str]:
    """Return what stands above the columns of the table of people."""
    community = capfirst(words_for(formation.program).community)
    return [community, _("Name"), _("Email address"), _("Organizations"), _("Leads"), _("Why")]


def _people(formation: Formation, gatherings: Sequence[Gathering]) -> Sheet:
    fields = [each for each in fields_in(rules_of(formation)) if each != "organization"]
    header = [
        capfirst(words_for(formation.program).community),
        _("Name"),
        _("Email address"),
        _("Organizations"),
        _("Leads"),
        *(capfirst(field_label(each)) for each in fields),
    ]
    rows = []
    for gathering in gatherings:
        for seat in gathering.seats:
            answers = answers_in(seat.row, fields)
            facts = [_fact(each, answers.get(each, [])) for each in fields]
            leads = _("yes") if seat.leads else None
            organizations = "; ".join(seat.organizations)
            rows.append([gathering.name, seat.name, seat.email or None, organizations, leads, *facts])
    return Sheet(_("People"), header, rows)


def _fact(field: str, values: Sequence[str | float]) -> object:
    """An answer as a number, a day or a text; several answers are one text."""
    if not values:
        return None
    [first, *more] = values
    if not more and field not in FIELDS:
        day = _day(first)
        return day or _number(first)
    return "; ".join(value_words(field, text(each)) for each in values)


def _day(value: str | float) -> date | None:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _number(value: str | float) -> str | float:
    """A number as such; one that begins with a nought is a code, and stays as it is."""
    if isinstance(value, str) and re.match(r"[+-]?0\d", value):
        return value
    figure = number(value)
    return value if figure is None else figure


def _communities(
    formation: Formation,
    gatherings: Sequence[Gathering],
    outcome: Mapping[str, Any],
    totals: Mapping[str, float | None],
) -> Sheet:
    rules, aims = rules_of(formation), aims_of(formation, outcome=outcome)
    columns = {each.pk: each for each in formation.proposed_communities.all()}
    header = [
        capfirst(words_for(formation.program).community),
        _("Topic"),
        _("People"),
        _("Smallest size"),
        _("Largest size"),
        _("Leaders"),
        _("In all, of 100"),
        *(_("%(aim)s, of 100") % {"aim": each.sentence} for each in aims),
        _("Weakest point"),
    ]
    rows = []
    for gathering in gatherings:
        column, scores = columns[gathering.pk], outcome.get("communities", {}).get(str(gathering.pk), {})
        leaders = "; ".join(seat.name for seat in gathering.seats if seat.leads)
        rows.append(
            [
                gathering.name,
                gathering.topic or None,
                len(gathering.seats),
                column.minimum,
                column.maximum,
                leaders or None,
                _of_100(totals.get(str(gathering.pk))),
                *(_of_100(scores.get(str(each.place))) for each in aims),
                weakest_of(scores, rules) or None,
            ]
        )
    return Sheet(capfirst(words_for(formation.program).communities), header, rows)


def _of_100(score: float | None) -> float | None:
    return None if score is None else round(100 * score, 1)


def _rules(formation: Formation, outcome: Mapping[str, Any]) -> Sheet:
    rows = [*_reached(formation, outcome), *_since(formation), *_source(formation)]
    return Sheet(_("Rules"), [_("Rule"), _("Kind"), _("Reached"), _("Of 100")], rows)


def _reached(formation: Formation, outcome: Mapping[str, Any]) -> Iterator[list[object]]:
    for held in held_of(formation, outcome=outcome):
        told = _("holds") if not held.broken else _("broken, times: %(times)d") % {"times": held.broken}
        yield [held.sentence, _("must hold"), told, None]
    for aim in aims_of(formation, outcome=outcome):
        yield [aim.sentence, _("aimed for"), None, _of_100(aim.score)]
    yield [_("All aims together"), None, None, _of_100(outcome["total"])]


def _since(formation: Formation) -> Iterator[list[object]]:
    """After publication: that all above is of now, what was published, and what has changed since."""
    if not formation.is_published:
        return
    changes, zone = changes_of(formation), formation.program.zone
    yield [_("People and scores above are those of"), None, timezone.now().astimezone(zone), None]
    published = formation.published_at
    yield [_("Published on"), None, published and published.astimezone(zone), None]
    yield [_("All aims together, as published"), None, None, _of_100(formation.outcome["total"])]
    yield [_("People placed, as published"), None, changes.placed, None]
    yield [_("Changed to another group since"), None, changes.moved, None]
    yield [_("Came since"), None, changes.came, None]
    yield [_("Left or said no since"), None, changes.left, None]


def _source(formation: Formation) -> Iterator[list[object]]:
    proposal = formation.on_table
    assert proposal is not None
    yield [_("Worked out on"), None, proposal.made_at.astimezone(formation.program.zone), None]
    yield [_("Seed"), None, proposal.seed, None]
