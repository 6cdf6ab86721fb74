"""Ready agendas of the formats, in the language of the room."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.activities.pairs import Where
from coppice.live.actions.rooms import Plan
from coppice.live.agendas import Agenda, register


def register_all() -> None:
    """Offer the agendas to hosts; called from AppConfig.ready()."""
    register(
        Agenda(
            "impromptu_networking",
            gettext_lazy("Impromptu networking"),
            gettext_lazy("Three rounds of pairs, each with a question. Everybody meets three new people."),
            impromptu_networking,
        )
    )


def impromptu_networking() -> list[Plan]:
    """Three rounds of four minutes, and what people take with them; about 20 minutes."""
    settings = {"where": Where.TABLES.value, "switch": True}
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. In a moment you meet three people whom you do not know yet."),
            minutes=4,
            script=_(
                "In person: number the tables, or say where pairs can stand. Write in whoever has no phone "
                "under People and paper list. Online: make as many breakout rooms as there are pairs, and "
                "let people choose their room by its number. Latecomers get a place by themselves."
            ),
        ),
        Plan(
            kind="pairs",
            title=_("What brings you here?"),
            prompt=_("Two minutes each. Whoever listens asks, and tells no story of their own."),
            minutes=4,
            settings=settings,
            script=_(
                "Opening this step pairs everybody. Wait until people have found each other, and add a "
                "minute if much was lost. At half time all screens say to change. If somebody stands "
                "alone, look below who waits."
            ),
        ),
        Plan(
            kind="pairs",
            title=_("What is hard in your work just now?"),
            prompt=_("Two minutes each. Say the thing that you have not solved."),
            minutes=4,
            settings=settings,
            script=_("New pairs are drawn. Nobody meets the same person again while there are others."),
        ),
        Plan(
            kind="pairs",
            title=_("What can you give, and what do you hope to get?"),
            prompt=_("Two minutes each. Be as exact as you can."),
            minutes=4,
            settings=settings,
            script=_("The last round. Want more rounds? Begin this step afresh: it draws new pairs."),
        ),
        Plan(
            kind="words",
            title=_("What did you hear more than once?"),
            prompt=_("A few words: a thing that several people told you."),
            minutes=3,
            settings={"show_at_once": True},
            script=_("Read some aloud. What comes up often is where this group can begin."),
        ),
    ]
