"""What kinds of step there are: each room of Coppice registers its own, and a step of a room is of one kind.

A kind is asked for four things: which settings a host gives it, what it shows on each kind of screen, what
people and hosts can do in it, and which typed rows and tables come of it. Whatever it shows is the same for
everybody who looks at that screen, because one rendering goes to all of them; what belongs to one participant
alone (`mine`) is in the page that they open themself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django import forms
from django.db.models import Prefetch, prefetch_related_objects
from django.http import QueryDict
from django.utils.functional import Promise

from coppice.live.models import Participant, Step

type Words = str | Promise


@dataclass(frozen=True)
class Line:
    """One line of a result: what it is about, its figure in words, and its share of the whole (0 to 1).

    `note` is what hosts added to it.
    """

    label: str
    figure: str
    share: float
    note: str = ""

    @property
    def percent(self) -> str:
        """The share as a drawing takes it."""
        return f"{self.share * 100:.1f}"


@dataclass(frozen=True)
class Result:
    """What came of one round: the finding in a sentence, and lines that are table and picture at once.

    `head` names the columns of label and figure. `texts` are longer words that people share without a name.
    `page` is the path of a page that shows more to hosts and to those who were there, such as names.
    `host_page` is one for hosts alone, with what its link says, `community_page` likewise one for those who
    may read the pages of the room's community. `as_it_was`: the lines are kept as they were when the room
    ended.
    """

    finding: str
    head: tuple[str, str]
    lines: tuple[Line, ...]
    texts: tuple[str, ...] = ()
    page: str = ""
    host_page: tuple[str, Words] = ("", "")
    community_page: tuple[str, Words] = ("", "")
    as_it_was: bool = False


@dataclass(frozen=True)
class Row:
    """One typed row of a result, without a name: for the file that hosts take away."""

    round: int
    answer: str
    value: int | None = None
    is_late: bool = False
    note: str = ""


@dataclass(frozen=True)
class Proposed:
    """A topic that came of a step, for a board of the room to offer; `key` is its own among all of a room.

    `why` is a sentence for those who choose, in the room's language and without anybody's own words.
    """

    key: str
    name: str
    why: str = ""


@dataclass(frozen=True)
class Next:
    """Where hosts of a room go on with what came of it: `words` say what they can do there."""

    words: Words
    path: str


class Act(Protocol):
    """Something that a participant does in a step; raises a DomainError that tells what to do instead."""

    def __call__(self, step: Step, *, participant: Participant, round: int, said: QueryDict) -> None: ...


class HostAct(Protocol):
    """Something that a host does in a step; raises a DomainError that tells what to do instead."""

    def __call__(self, step: Step, *, by: Any, said: QueryDict) -> None: ...


@dataclass(frozen=True)
class OwnMarks:
    """What tells each phone that its own part of a step has changed, and that it should ask for it anew.

    `base` changes for everybody, `each` (by participant) for those alone whose part has changed since. When
    all ask, `people` of them spread themselves over as many hundredths of a second.
    """

    base: str
    each: Mapping[int, int | str] = field(default_factory=dict)
    people: int = 0

    @property
    def listed(self) -> str:
        """Those of single phones as the page carries them: "7:3 12:1"."""
        return " ".join(f"{participant}:{mark}" for participant, mark in sorted(self.each.items()))

    def with_more(self, marks: Mapping[int, int | str]) -> "OwnMarks":
        """Return these with others beside them: a phone's part has changed when either has."""
        people = self.each.keys() | marks.keys()
        each = {one: f"{self.each.get(one, 0)}.{marks.get(one, 0)}" for one in people}
        return OwnMarks(self.base, each, self.people)


class Kind:
    """A kind of step; subclasses say what differs.

    `acts` maps the last part of an address (POST /live/<token>/steps/<id>/<act>/) to what is done there, and
    `host_acts` that of the host's (POST /live-steps/<id>/acts/<act>/).
    Templates are fragments and get `scene`, `step`, `look` (what `look()` returned) and, in a participant's
    own page alone, `mine` and `is_page`. A kind with an `own_template` shows each phone a part of its own
    (`own`), which the phone asks for when the `OwnMarks` in `look()["own"]` change.
    """

    key: str = ""
    label: Words = ""
    purpose: Words = ""
    phone_template = "live/kinds/talk/phone.html"
    projector_template = "live/kinds/talk/projector.html"
    host_template = "live/kinds/talk/host.html"
    own_template = ""
    afterwards_template = ""
    asks = False
    """Whether people answer: then the host closes the step to show what came of it."""
    stylesheet = ""
    """A static file for the kind's fragments, which is on every page of live rooms."""
    kept_in: tuple[str | Prefetch, ...] = ()
    """Relations of a step that `result` and `rows` read, fetched for all steps of a room together."""

    met_in: tuple[str, ...] = ()
    """Relations of a step that `meetings` reads, fetched for all steps of a room together."""

    @property
    def acts(self) -> Mapping[str, Act]:
        return {}

    @property
    def host_acts(self) -> Mapping[str, HostAct]:
        return {}

    def begin(self, step: Step) -> None:
        """Do what is to be done when a step is opened or begun afresh, before `gather`; likewise."""

    def gather(self, step: Step) -> None:
        """Do what is to be done when an open step's people may have changed.

        It was opened or begun afresh, somebody came, somebody was taken out. Called within the transaction.
        """

    def finish(self, step: Step) -> None:
        """Keep what is to stay as it is now, because the room of a step that was begun ends; likewise."""

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

    def own(
        self, step: Step, participant: Participant, look: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """Return what `own_template` shows of an open or closed step to one participant alone.

        `look` is given where the page has it anyway; a phone that asks for its own part has none.
        """
        return {}

    def afterwards(self, step: Step, participant: Participant) -> Mapping[str, Any] | None:
        """Return what `afterwards_template` tells one participant when the room has ended; None: nothing."""
        return None

    def goes_with(self, participant: Participant) -> list[str]:
        """Return in sentences what of this kind of step goes when somebody is taken out.

        What two kinds say in the same words is read once.
        """
        return []

    def result(self, step: Step) -> Result | None:
        """Return what came of the step's present round; None when nobody did anything, or nothing comes."""
        return None

    def comes_next(self, step: Step) -> Iterable[Next]:
        """Return where hosts go on with what came of a step once its room has ended; of fetched rows.

        What two steps give alike is shown once.
        """
        return ()

    def topics(self, step: Step) -> Iterable[Proposed]:
        """Return what came of the step that people could work on, for a room with a board of topics."""
        return ()

    def meetings(self, step: Step) -> Iterable[tuple[int, int]]:
        """Return who met whom in a step, both ways, as ids of participants: for hosts alone."""
        return ()

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


def with_what_is_kept(steps: Iterable[Step]) -> list[Step]:
    """Return steps with all that their kinds read for results and rows, fetched for all of them together."""
    made = list(steps)
    prefetch_related_objects(made, *dict.fromkeys(each for step in made for each in kind_of(step).kept_in))
    return made


def with_meetings(steps: Iterable[Step]) -> list[Step]:
    """Return steps with all that their kinds read for `meetings`, fetched for all of them together."""
    made = list(steps)
    prefetch_related_objects(made, *dict.fromkeys(each for step in made for each in kind_of(step).met_in))
    return made


def stylesheets() -> list[str]:
    """Return the stylesheets of all kinds, each once."""
    return list(dict.fromkeys(kind.stylesheet for kind in kinds() if kind.stylesheet))


def kind_of(step: Step) -> Kind:
    """Return the kind of a step; raises KeyError when the room that registered it is gone."""
    return _kinds[step.kind]
