"""What the page of a network shows, in whichever room: a picture, its tables, and a file to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coppice.lib.ids import id_in
from coppice.lib.tables import write_csv
from coppice.profiles.board import Reach
from coppice.profiles.network import Tie, Weave, matrix_of, weave_of
from coppice.programs.models import Enrollment, Topic
from coppice.ui import networks

SIZES = {"": 100, "large": 150, "largest": 200}
"""The sizes of the picture by their word in the address, in hundredths of the page's width."""
MOST_IN_FILE = 500
"""So many people the file holds, those with the most ties: as many columns as a spreadsheet is read with."""


@dataclass(frozen=True)
class Other:
    """Somebody at the other end of a tie, and the topics of it in words."""

    name: str
    url: str
    topics: str


@dataclass(frozen=True)
class PersonRow:
    """Somebody of the picture: their number in it, to whom they are tied, and their `row` of the matrix."""

    number: int
    name: str
    url: str
    helps: list[Other]
    helped_by: list[Other]
    row: list[int]


@dataclass(frozen=True)
class Chosen:
    """What an address asks for: a topic, a person (0 for all of them), a size of the picture."""

    topic: int = 0
    person: int = 0
    size: str = ""

    def address(self, **change: Any) -> str:
        """Return the query of an address that asks for this with a change: "" or "?topic=3"."""
        wanted = {**vars(self), **change}
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in wanted.items() if value})
        return f"?{query.urlencode()}" if query else ""


@dataclass(frozen=True)
class Shown:
    """The people of the picture in its order, the ties between them, and how many more there are."""

    people: list[int]
    ties: list[Tie]
    more: int


def network_context(reach: Reach, query: QueryDict) -> dict[str, Any]:
    """Return what the page shows, in four queries."""
    whole = weave_of(reach)
    topics = _topics(reach, whole)
    chosen = _chosen(query, topics, whole)
    weave = whole.about(chosen.topic) if chosen.topic else whole
    shown = _shown(weave, chosen, most=networks.MOST_LINKED)
    names = _names(shown.people)
    return {
        "is_empty": not whole.people,
        "network": networks.drawn(*_picture(shown, names, chosen), most=networks.MOST_LINKED),
        "says": _says(weave),
        "fragile": _fragile(weave),
        "more": shown.more,
        "rows": _rows(shown, names, topics, chosen),
        "topics": topics,
        "chosen": chosen,
        "person": names.get(chosen.person, ""),
        "sizes": [(width, chosen.address(size=size), size == chosen.size) for size, width in SIZES.items()],
        "everybody_url": chosen.address(person=0),
        "file_query": chosen.address(size=""),
    }


def network_file(reach: Reach, query: QueryDict) -> HttpResponse:
    """Return the adjacency as CSV: rows could help, columns need, a cell is the number of topics; at most
    `MOST_IN_FILE` people.
    """
    whole = weave_of(reach)
    chosen = _chosen(query, _topics(reach, whole), whole)
    weave = whole.about(chosen.topic) if chosen.topic else whole
    shown = _shown(weave, chosen, most=MOST_IN_FILE)
    names = _names(shown.people)
    labels = [names[each] for each in shown.people]
    rows = zip(labels, matrix_of(shown.ties, shown.people), strict=True)
    return HttpResponse(
        write_csv([_("rows could help, columns need"), *labels], ([name, *row] for name, row in rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="who-could-help-whom.csv"'},
    )


def _chosen(query: QueryDict, topics: Mapping[int, str], weave: Weave) -> Chosen:
    """Read an address; what is not there counts as not asked for."""
    topic, person = id_in(query.get("topic", "")), id_in(query.get("person", ""))
    size = query.get("size", "")
    return Chosen(
        topic=topic if topic in topics else 0,
        person=person if person in set(weave.people) else 0,
        size=size if size in SIZES else "",
    )


def _topics(reach: Reach, weave: Weave) -> dict[int, str]:
    rows = Topic.objects.filter(program=reach.program, pk__in={*weave.needs, *weave.offers})
    return dict(rows.order_by("name").values_list("pk", "name"))


def _names(people: Sequence[int]) -> dict[int, str]:
    rows = Enrollment.objects.filter(pk__in=people)
    return {each.pk: str(each) for each in rows}


def _shown(weave: Weave, chosen: Chosen, *, most: int) -> Shown:
    wanted = weave.beside(chosen.person) if chosen.person else weave.people
    ties = weave.ties(wanted[:most])
    order = networks.neighbourly(wanted[:most], _lines(ties))
    return Shown(order, ties, len(wanted) - len(order))


def _lines(ties: Sequence[Tie]) -> list[networks.Line]:
    return [networks.Line(tie.helper, tie.needer, weight=len(tie.topics)) for tie in ties]


def _picture(
    shown: Shown, names: Mapping[int, str], chosen: Chosen
) -> tuple[list[networks.Point], list[networks.Line]]:
    tied = {each for tie in shown.ties for each in (tie.helper, tie.needer)}

    def tone(person: int) -> str:
        if person == chosen.person:
            return "now"
        return "" if person in tied else "loose"

    points = [
        networks.Point(each, names[each], tone(each), chosen.address(person=each)) for each in shown.people
    ]
    return points, _lines(shown.ties)


def _rows(
    shown: Shown, names: Mapping[int, str], topics: Mapping[int, str], chosen: Chosen
) -> list[PersonRow]:
    helps: dict[int, list[Other]] = {each: [] for each in shown.people}
    helped_by: dict[int, list[Other]] = {each: [] for each in shown.people}

    def other(person: int, tie: Tie) -> Other:
        return Other(
            names[person], chosen.address(person=person), ", ".join(topics[topic] for topic in tie.topics)
        )

    for tie in shown.ties:
        helps[tie.helper].append(other(tie.needer, tie))
        helped_by[tie.needer].append(other(tie.helper, tie))
    matrix = matrix_of(shown.ties, shown.people)
    return [
        PersonRow(
            number, names[each], chosen.address(person=each), helps[each], helped_by[each], matrix[number - 1]
        )
        for number, each in enumerate(shown.people, 1)
    ]


def _says(weave: Weave) -> str:
    """What the network is, in a sentence: how many could help, how many could be helped, who is not tied."""
    helping, helped = len(weave.helping), len(weave.helped)
    could = ngettext("%(count)d person could help", "%(count)d people could help", helping)
    needed = ngettext("%(count)d could be helped", "%(count)d could be helped", helped)
    said = f"{could % {'count': helping}}, {needed % {'count': helped}}."
    if not weave.loose:
        return said
    loose = ngettext(
        "%(count)d person is not tied in: nobody offers what they need, or nobody needs what they offer.",
        "%(count)d people are not tied in: nobody offers what they need, or nobody needs what they offer.",
        weave.loose,
    )
    return f"{said} {loose % {'count': weave.loose}}"


def _fragile(weave: Weave) -> str:
    """How many needs rest on one person, in a sentence; "" when none does."""
    if not weave.fragile:
        return ""
    return ngettext(
        "%(count)d need rests on one person alone: were they to leave, nobody else could help.",
        "%(count)d needs rest on one person alone each: were they to leave, nobody else could help.",
        weave.fragile,
    ) % {"count": weave.fragile}
