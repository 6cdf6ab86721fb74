"""What a practice of each kind is asked, and under which headings its answers stand."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.library.practice_models import Evidence, Practice, PracticeWords

Kind = Practice.Kind


@dataclass(frozen=True)
class Asked:
    """One question: as it is asked, and the heading over its answer."""

    question: str | Promise
    heading: str | Promise = ""
    help: str | Promise = ""


HEADINGS = ("context", "done", "came", "evidence", "watch_for", "takes")
"""The answers under a heading, in the order in which a page shows them; the evidence with its source."""

PURPOSES: Mapping[str, str | Promise] = {
    Kind.CASE: _("One thing that happened, told so that others can think it through."),
    Kind.PROMISING: _("A way of doing something that worked, so that others can do it too."),
    Kind.LESSON: _("What you know now and would have liked to know before."),
}
_TAKES = Asked(_("What does it take?"), _("What it takes"), _("Time, money, people, things."))
_EVIDENCE = Asked(_("How do you know?"), _("How we know"))

QUESTIONS: Mapping[str, Mapping[str, Asked]] = {
    Kind.CASE: {
        "title": Asked(_("What happened, in one sentence?")),
        "context": Asked(_("Where was it, and who was concerned?"), _("Where and for whom")),
        "done": Asked(_("What did people do?"), _("What people did")),
        "came": Asked(_("What came of it?"), _("What came of it")),
        "evidence": _EVIDENCE,
        "watch_for": Asked(_("What made it hard?"), _("What made it hard")),
        "takes": Asked(_("What did it take?"), _("What it took"), _("Time, money, people, things.")),
    },
    Kind.PROMISING: {
        "title": Asked(_("What do you do, in one sentence?")),
        "context": Asked(_("Where and for whom did it work?"), _("Where and for whom")),
        "done": Asked(_("How is it done, step by step?"), _("How it is done")),
        "came": Asked(_("What came of it?"), _("What came of it")),
        "evidence": _EVIDENCE,
        "watch_for": Asked(_("What should others watch for?"), _("What to watch for")),
        "takes": _TAKES,
    },
    Kind.LESSON: {
        "title": Asked(_("What did you learn, in one sentence?")),
        "context": Asked(_("Where was it, and who was concerned?"), _("Where and for whom")),
        "done": Asked(_("What happened?"), _("What happened")),
        "came": Asked(_("What will you do another time?"), _("What to do another time")),
        "evidence": _EVIDENCE,
        "watch_for": Asked(_("What should others watch for?"), _("What to watch for")),
        "takes": _TAKES,
    },
}


@dataclass(frozen=True)
class Section:
    """One answer under its heading, as Markdown; `name` is its field."""

    name: str
    heading: str
    markdown: str


def sections_of(words: PracticeWords, kind: str) -> list[Section]:
    """Return the answers that were given, each under its heading, in the language that is spoken."""
    asked = QUESTIONS[kind]
    answers = {name: answer_of(words, name) for name in HEADINGS}
    return [Section(name, str(asked[name].heading), answers[name]) for name in HEADINGS if answers[name]]


def answer_of(words: PracticeWords, name: str) -> str:
    """Return one answer as Markdown; how somebody knows comes with its source."""
    if name != "evidence":
        return str(getattr(words, name)).strip()
    level = str(Evidence(words.evidence).label) if words.evidence else ""
    return f"{level}: {words.source}" if words.source else level


def markdown_of(words: PracticeWords, kind: str) -> str:
    """Return all answers as one text, for papers and files; the sentence stands over it and not in it."""
    return "\n\n".join(f"## {each.heading}\n\n{each.markdown}" for each in sections_of(words, kind)) + "\n"
