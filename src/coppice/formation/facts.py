"""What a line of a proposal tells of a person, and a head of its people: what the rules are about."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.formation.aspects import Says
from coppice.formation.models import Formation
from coppice.formation.problems import ABOUT_HOURS, ABOUT_TOPICS, ABOUT_WISHES, reader_of
from coppice.formation.rules import FIELDS, Answers, Kind, RosterRow, Rule, number, text, written
from coppice.formation.wording import BEYOND_VALUES, field_label, value_words

FACTS = 2
ELSE = ("organization", "job_title")
"""What is told of somebody when the rules are about less than two things that they have answered."""


def facts_of(answers: Answers, rules: Sequence[Rule], *, common: Collection[str] = ()) -> list[str]:
    """Return two facts of a person in words, those first that the rules are about, in the rules' order.

    What is `common` to all around them (fields) tells nothing of one, and is left out.
    """
    told = [key for key in (*fields_in(rules), *ELSE) if answers.get(key) and key not in common]
    return [_fact(key, answers[key]) for key in dict.fromkeys(told)][:FACTS]


def missing_of(answers: Answers, rules: Sequence[Rule]) -> list[str]:
    """Return what the rules ask for and a person has not answered, in words."""
    return [field_label(key) for key in fields_in(rules) if not answers.get(key)]


UNSAID: Mapping[str, tuple[Collection[Kind], Collection[Says]]] = {
    "wishes": (ABOUT_WISHES, {Says.WISH}),
    "needs": (ABOUT_TOPICS, {Says.NEED}),
    "hours": (ABOUT_HOURS, {Says.FREE, Says.BUSY}),
}
"""The answers that are more than a value: which kinds of rule ask for them, and what columns hold them."""


def unsaid_of(
    formation: Formation, rules: Sequence[Rule], roster: Iterable[RosterRow]
) -> Callable[[RosterRow], list[str]]:
    """Return what tells in words which wishes, needs and hours that rules ask for somebody has not given.

    What nobody has given, so that its aim counts for nothing, tells nobody apart and is left out.
    """
    scores = formation.outcome.get("rules", {})
    kinds = {rule.kind for place, rule in enumerate(rules) if rule.must_hold or str(place) in scores}
    asked = [(BEYOND_VALUES[name], said) for name, (asking, said) in UNSAID.items() if kinds & set(asking)]
    if not asked:
        return lambda row: []
    reader = reader_of(formation, roster=list(roster), hours=True)
    return lambda row: [str(words) for words, said in asked if not reader.has_any(row, said)]


def fields_in(rules: Sequence[Rule]) -> list[str]:
    """Return the fields that rules are about, each once, in their order."""
    return list(dict.fromkeys(rule.field for rule in rules if rule.field))


def common_to(people: Sequence[Answers]) -> set[str]:
    """Return the fields to which several people all gave the same answers."""
    if len(people) < 2:
        return set()
    first, *others = people
    return {key for key, values in first.items() if all(each.get(key) == values for each in others)}


def telling_fact(people: Sequence[Answers], rules: Sequence[Rule]) -> str:
    """Return what tells most of some people: the first thing that a rule is about, else organizations."""
    keys = fields_in([*(rule for rule in rules if rule.kind != Kind.APART), *rules]) or ["organization"]
    key = next((key for key in keys if any(each.get(key) for each in people)), "organization")
    values = [value for each in people for value in each.get(key, ())]
    figures = [figure for value in values if (figure := number(value)) is not None]
    if key not in FIELDS and figures and len(figures) == len(values):
        values_told = {
            "field": field_label(key),
            "least": written(min(figures)),
            "most": written(max(figures)),
        }
        return _("%(field)s: %(least)s to %(most)s") % values_told
    kinds = {text(value) for value in values}
    if len(kinds) == 1 and len(people) > 1:
        answered = sum(bool(each.get(key)) for each in people)
        told = {"value": value_words(key, kinds.pop()), "count": answered}
        return (_("all %(value)s") if answered == len(people) else _("%(count)d of them %(value)s")) % told
    return _counted(key, len(kinds))


def _counted(key: str, count: int) -> str:
    """So many kinds of an answer, in words."""
    told: Mapping[str, str] = {
        "organization": ngettext("%(count)d organization", "%(count)d organizations", count),
        "area": ngettext("%(count)d area", "%(count)d areas", count),
        "kind": ngettext("%(count)d type of organization", "%(count)d types of organization", count),
        "language": ngettext("%(count)d language", "%(count)d languages", count),
        "time_zone": ngettext("%(count)d time zone", "%(count)d time zones", count),
        "job_title": ngettext("%(count)d job title", "%(count)d job titles", count),
    }
    of_a_column = ngettext("%(field)s: %(count)d answer", "%(field)s: %(count)d different answers", count)
    return told.get(key, of_a_column) % {"count": count, "field": field_label(key)}


YEARS = {"years", "años"}
"""How the heading of a column begins whose figures are so many years."""


def counts_years(label: str) -> bool:
    """Return whether a column's heading says that its figures are years, such as "Years in the field"."""
    return label.casefold().split()[0] in YEARS if label.strip() else False


def _fact(key: str, values: Sequence[str | float]) -> str:
    told = ", ".join(value_words(key, text(value)) for value in values)
    is_figure = key not in FIELDS and all(number(value) is not None for value in values)
    if is_figure and len(values) == 1 and counts_years(field_label(key)):
        return ngettext("%(value)s year", "%(value)s years", 1 if told == "1" else 2) % {"value": told}
    return _("%(value)s (%(field)s)") % {"field": field_label(key), "value": told} if is_figure else told
