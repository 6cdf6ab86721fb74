"""The problem behind a proposal as files: in two formats, with its answer and how to run it again."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from coppice.formation.inputs import problem_of, search_of, worked_out
from coppice.formation.models import Place, Proposal
from coppice.formation.wording import field_label
from coppice.lib.tables.guarding import guard
from engines import grouping

Code = grouping.UnsaidCode
LISTS = ("needs", "prefs")
EXPERTISE = "exp_"


def command_of(proposal: Proposal) -> str:
    """Return the command that gives a proposal's answer again, from problem.json."""
    search = search_of(proposal)
    until = f" --until {search.until}" if search.until is not None else ""
    most = f" --most-moves {search.most_moves}" if search.most_moves is not None else ""
    anew = " --anew" if search.anew else ""
    words = f"--seed {search.seed} --trials {search.trials}{until}{most}{anew}"
    return f"python -m engines.grouping solve --json {words} -o again.csv < problem.json > answer.json"


def public_command_of(proposal: Proposal) -> str:
    """Return the command that solves the problem in the public format: from nothing, with as many trials."""
    search = search_of(proposal)
    return f"python -m engines.grouping solve . --seed {search.seed} --trials {search.trials} -o public.csv"


def files_of(proposal: Proposal, places: Sequence[Place]) -> bytes | None:
    """Return a zip of the problem from which a proposal was worked out; None when not all of it is kept.

    People are ids of enrollments, communities their positions. What the search itself said is in
    worked_out.csv, how it stands now in placed.csv.
    """
    problem = problem_of(proposal, places)
    if problem is None:
        return None
    put = grouping.written(problem)
    answer = worked_out(proposal, places)
    placed = {str(each.enrollment_id): str(each.proposed_community.position) for each in places}
    own = {**grouping.to_plain(problem), "start": dict(search_of(proposal).start)}
    spec, rows = harmless(put)
    files = {
        "README.txt": readme(proposal, put.unsaid),
        "participants.csv": _csv(list(rows[0]) if rows else ["id"], [list(row.values()) for row in rows]),
        "spec.json": json.dumps(spec, indent=1, ensure_ascii=False),
        "problem.json": json.dumps(own, indent=1, ensure_ascii=False),
        "worked_out.csv": _csv(["id", "group"], answer.items()),
        "placed.csv": _csv(["id", "group"], placed.items()),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, words in files.items():
            package.writestr(name, words)
    return content.getvalue()


def harmless(put: grouping.Written) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return a problem whose texts no spreadsheet program runs: the same one, with some kinds called 'so."""
    rows = [{_head(name): _cell(name, value) for name, value in row.items()} for row in put.rows]
    spec = {**put.spec, "groups": [{**each, "topic": _maybe(each["topic"])} for each in put.spec["groups"]]}
    spec["criteria"] = [_named(each) for each in put.spec["criteria"]]
    hard = put.spec["hard"]
    spec["hard"] = {**hard, "min_count": [_named(each) for each in hard["min_count"]]}
    return spec, rows


def _head(name: str) -> str:
    return EXPERTISE + _text(name.removeprefix(EXPERTISE)) if name.startswith(EXPERTISE) else name


def _cell(name: str, value: str) -> str:
    return ";".join(map(_text, value.split(";"))) if name in LISTS else _text(value)


def _named(thing: Mapping[str, Any]) -> dict[str, Any]:
    """A criterion or a limit with the values that it names as the participants have them."""
    named: dict[str, Any] = dict(thing)
    if "value" in named:
        named["value"] = _text(named["value"])
    if "values" in named:
        named["values"] = [_text(each) for each in named["values"]]
    return named


def _maybe(topic: str | None) -> str | None:
    return None if topic is None else _text(topic)


def _text(value: str) -> str:
    """A number as it is, for a number runs nothing."""
    try:
        float(value)
    except ValueError:
        return guard(value)
    return value


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return lines.getvalue()


def readme(proposal: Proposal, unsaid: Iterable[grouping.Unsaid]) -> str:
    """Return what is in the zip, the exact commands, and what the public format could not say."""
    version = proposal.settings["version"]
    said = [
        _("The problem behind “%(name)s”, as Coppice %(version)s put it to its grouping engine.")
        % {"name": proposal.formation.name, "version": version},
        "",
        _(
            "Nobody’s name is here: people are numbers, communities their places in the row. What people "
            "answered is here, under these numbers. Keep it as you keep your roster."
        ),
        "",
        "problem.json      " + _("the whole problem, as the engine reads it"),
        "participants.csv  " + _("the people, in the public format, which other programs can read"),
        "spec.json         " + _("sizes, rules and aims, in the public format"),
        "worked_out.csv    " + _("where the engine put everybody"),
        "placed.csv        " + _("where everybody is in the proposal, after changes by hand"),
        "",
        _("The same again, on any machine with Coppice %(version)s, in this folder:") % {"version": version},
        "",
        "    " + command_of(proposal),
        "",
        _("again.csv is then the same as worked_out.csv, but for the order of its lines."),
        "",
        _("The problem in the public format, to compare with other programs:"),
        "",
        "    " + public_command_of(proposal),
        "",
    ]
    lost = [f"- {_UNSAID[each.code](each)}" for each in unsaid]
    if not lost:
        return "\n".join([*said, _("The public format says all of it."), ""])
    return "\n".join([*said, _("What the public format cannot say, and problem.json does:"), "", *lost, ""])


def _of_answers(words: str, unsaid: grouping.Unsaid) -> str:
    return words % {"field": field_label(unsaid.about), "people": unsaid.people, "name": unsaid.about}


_UNSAID = {
    Code.NOT_ANSWERED: lambda each: _of_answers(
        _("%(field)s: whoever has not answered (%(people)d) counts as a kind of their own"), each
    ),
    Code.SEVERAL_ANSWERS: lambda each: _of_answers(
        _("%(field)s: whoever has several answers (%(people)d) counts as a kind of their own"), each
    ),
    Code.OTHERWISE: lambda each: _of_answers(
        _("%(field)s: answers that are read back otherwise (%(people)d)"), each
    ),
    Code.RULE: lambda each: _of_answers(_("a rule that must hold is left out: %(name)s"), each),
    Code.AIM: lambda each: _of_answers(_("an aim is left out: %(name)s"), each),
    Code.OURS: lambda each: _of_answers(_("an aim that other programs count more simply: %(name)s"), each),
    Code.EMPTY_NUMBER: lambda each: _of_answers(
        _("%(field)s: empty numbers (%(people)d), which other programs may not read"), each
    ),
    Code.WORST_GROUP_FIRST: lambda each: _("that the weakest community counts for more"),
}
