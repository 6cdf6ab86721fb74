"""What kinds of step there are: each room of Coppice registers its own, and a step of a room is of one kind.

A kind is asked for four things: which settings a host gives it, what it shows on each kind of screen, what
people and hosts can do in it, and which typed rows and tables come of it. Whatever it shows is the same for
everybody who looks at that screen, because one rendering goes to all of them; what belongs to one participant
alone (`mine`) is in the page that they open themself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

from coppice.live.models import Participant, Step

type Words = str | Promise


@dataclass(frozen=True)
class Line:
    """One line of a result: what it is about, its figure in words, and its share of the whole (0 to 1)."""

    label: str
    figure: str
    share: float

    @property
    def percent(self) -> str:
        """The share as a drawing takes it."""
        return f"{self.share * 100:.1f}"


@dataclass(frozen=True)
class Result:
    """What came of one round: the finding in a sentence, and lines that are table and picture at once.

    `head` names the columns of label and figure.
    """

    finding: str
    head: tuple[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """One typed row of a result, without a name: for the file that hosts take away."""

    round: int
    answer: str
    value: int | None = None
    is_late: bool = False


class Act(Protocol):
    """Something that a participant does in a step; raises a DomainError that tells what to do instead."""

    def __call__(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None: ...


class Kind:
    """A kind of step; subclasses say what differs.

    `acts` maps the last part of an address (POST /live/<token>/steps/<id>/<act>/) to what is done there.
    Templates are fragments and get `scene`, `step`, `look` (what `look()` returned) and, in a participant's
    own page alone, `mine` and `is_page`.
    """

    key: str = ""
    label: Words = ""
    purpose: Words = ""
    phone_template = "live/kinds/talk/phone.html"
    projector_template = "live/kinds/talk/projector.html"
    host_template = "live/kinds/talk/host.html"
    asks = False
    """Whether people answer: then the host closes the step to show what came of it."""

    @property
    def acts(self) -> Mapping[str, Act]:
        return {}

    def fields(self) -> dict[str, forms.Field]:
        """Return the form fields of this kind's settings, by the names that they have in `step.settings`."""
        return {}

    def look(self, step: Step) -> Mapping[str, Any]:
        """Return what the templates show of a step; asked once for each change, for all screens together."""
        return {}

    def mine(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Return what they did in the step's present round: {act: {field: [values]}}; None if nothing.

        Fields and values are those of the form, so that the page fills the form with them again.
        """
        return None

    def result(self, step: Step) -> Result | None:
        """Return what came of the step's present round; None when nobody did anything, or nothing comes."""
        return None

    def rows(self, step: Step) -> Iterable[Row]:
        """Return the typed rows of every round, in an order that tells nobody's name."""
        return ()


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Offer a kind of step in every room; called from a room's AppConfig.ready()."""
    _kinds[kind.key] = kind


def kinds() -> list[Kind]:
    """Return the kinds that hosts can choose from, in the order in which they were registered."""
    return list(_kinds.values())


def kind_called(key: str) -> Kind | None:
    """Return the kind of this key, or None."""
    return _kinds.get(key)


def kind_of(step: Step) -> Kind:
    """Return the kind of a step; raises KeyError when the room that registered it is gone."""
    return _kinds[step.kind]
