"""Ready agendas: what a host begins with, in the language of the room, and may change before it starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.live.actions.rooms import Plan


@dataclass(frozen=True)
class Agenda:
    """One ready agenda; `steps` is called in the language of the room."""

    key: str
    label: str | Promise
    purpose: str | Promise
    steps: Callable[[], Sequence[Plan]]


_agendas: dict[str, Agenda] = {}


def register(agenda: Agenda) -> None:
    """Offer an agenda to hosts; called from a room's AppConfig.ready()."""
    _agendas[agenda.key] = agenda


def agendas() -> list[Agenda]:
    """Return what hosts can begin with, in the order in which it was registered."""
    return list(_agendas.values())


def _quick_poll() -> list[Plan]:
    return [
        Plan(
            kind="choice",
            title=_("Where shall we begin?"),
            prompt=_("Choose one. You can change your answer until we close the poll."),
            settings={
                "options": [_("What worked"), _("What is hard"), _("What comes next")],
                "several": False,
                "show_at_once": False,
            },
            script=_("Read the question aloud, wait until most have answered, close it, and look together."),
        )
    ]


def _opening_round() -> list[Plan]:
    return [
        Plan(
            kind="scale",
            title=_("How was the way here?"),
            prompt=_("1 is hard, 5 is easy."),
            minutes=2,
            settings={"steps": 5, "lowest": _("hard"), "highest": _("easy"), "show_at_once": True},
            script=_("Something easy first, so that everybody finds the buttons."),
        ),
        Plan(
            kind="talk",
            title=_("With the person beside you"),
            prompt=_("What do you want to take home from today? Two minutes each."),
            minutes=4,
            script=_("Online: pairs in breakout rooms. Ring at half time."),
        ),
        Plan(
            kind="words",
            title=_("What do you want to take home?"),
            prompt=_("A few words are enough."),
            minutes=3,
            settings={"show_at_once": True},
            script=_("Read some aloud, and ask who wrote the same."),
        ),
    ]


def _empty() -> list[Plan]:
    return []


for _each in (
    Agenda(
        "quick_poll",
        gettext_lazy("Quick poll"),
        gettext_lazy("One question with three answers. Five minutes."),
        _quick_poll,
    ),
    Agenda(
        "opening_round",
        gettext_lazy("Opening round"),
        gettext_lazy("An easy question, a talk in pairs, and what people want. Ten minutes."),
        _opening_round,
    ),
    Agenda("empty", gettext_lazy("Empty"), gettext_lazy("You add the steps yourself."), _empty),
):
    register(_each)
