"""The ready agenda of a topic marketplace in a live room, in the language of the room."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.live.actions.rooms import Plan
from coppice.live.agendas import Agenda, register


def register_all() -> None:
    """Offer the agenda to hosts; called from AppConfig.ready()."""
    register(
        Agenda(
            "topic_marketplace",
            gettext_lazy("Topic marketplace"),
            gettext_lazy("People offer topics and choose one; you make communities of it. About an hour."),
            topic_marketplace,
        )
    )


def topic_marketplace() -> list[Plan]:
    """Welcome, topics, choosing, and a first talk of each group; about 55 minutes."""
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. Today you choose with whom you work on what."),
            minutes=5,
            script=_(
                "Say what happens to the groups: they become communities, and whoever finds none today gets "
                "a place later. Best of all people open the link that you mailed: then they are known at "
                "once. Under People and paper list, write in who has no phone, and say who guests are."
            ),
        ),
        Plan(
            kind="market_offers",
            title=_("What would you work on with others?"),
            prompt=_("Offer a topic in a few words. Good ones begin with something that you do."),
            minutes=12,
            script=_(
                "In person: let each offerer stand up and say one sentence. Online: let them speak for half "
                "a minute each. Look below for topics that are perhaps the same, ask their people, and "
                "put them together. Rename what nobody understands. Offering gives the first place in a "
                "topic."
            ),
        ),
        Plan(
            kind="market_choice",
            title=_("Choose your topic"),
            prompt=_("One place each. You can change until we close, and wait for a full topic."),
            minutes=18,
            settings={"minimum": 6, "maximum": 12, "waits": 2, "days": 2},
            script=_(
                "Read the meters aloud now and then. In person: let people walk to the corner of their "
                "topic. Online: breakout rooms by topic. After ten minutes name the thin topics: what "
                "would make somebody come? Then ask their people whether they go into another. Everybody "
                "answers on their own phone. Close when it has been quiet for a minute."
            ),
        ),
        Plan(
            kind="market_groups",
            title=_("With your group"),
            prompt=_("Say your names. What should be different in half a year? When could you meet first?"),
            minutes=15,
            script=_(
                "Whoever has no group comes to you. Afterwards open the marketplace from your page, see what "
                "comes of it, and make a round of it: the groups become communities from there."
            ),
        ),
    ]
