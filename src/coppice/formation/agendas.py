"""The ready agendas of live rooms that end on a board of topics, in the language of the room."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.live.actions.rooms import Plan
from coppice.live.agendas import Agenda, register


def register_all() -> None:
    """Offer the agendas to hosts; called from AppConfig.ready()."""
    register(
        Agenda(
            "topic_marketplace",
            gettext_lazy("Topic marketplace"),
            gettext_lazy("People offer topics and choose one; you make communities of it. About an hour."),
            topic_marketplace,
        )
    )
    register(
        Agenda(
            "badges",
            gettext_lazy("Badges and trading rounds"),
            gettext_lazy(
                "People who do not know yet around what meet, and form groups by a yes on both sides. "
                "You make communities of them. About an hour."
            ),
            badges_and_trading,
        )
    )
    register(
        Agenda(
            "poster_clusters",
            gettext_lazy("Poster clusters"),
            gettext_lazy(
                "Notes and photos on a wall, gathered under themes; people choose a theme, and you make "
                "communities of it. About an hour."
            ),
            poster_clusters,
        )
    )

    register(
        Agenda(
            "interest_poll",
            gettext_lazy("Interest poll, then choosing"),
            gettext_lazy(
                "People say how much each topic interests them before they choose one; you see which topics "
                "carry, and make communities of them. About an hour."
            ),
            interest_poll,
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
        *choosing_and_talk(),
    ]


def interest_poll() -> list[Plan]:
    """Welcome, topics, how much each interests whom, a talk about it, choosing, groups; 55 minutes."""
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. First you say what interests you; choosing comes afterwards."),
            minutes=5,
            script=_(
                "Days before: put the topics up on a marketplace, send everybody their link, and open this "
                "room from its page; what people say by mail counts here too. Best of all people open the "
                "link that you mailed: then they are known at once. Write in who has no phone."
            ),
        ),
        Plan(
            kind="market_offers",
            title=_("What is on the board?"),
            prompt=_("Look through the topics. Is yours missing? Put it up."),
            minutes=6,
            script=_(
                "Read each topic aloud in one sentence. Let whoever offered it answer one question, not "
                "more. Put together what is the same: after the poll it is harder."
            ),
        ),
        Plan(
            kind="market_interests",
            title=_("How much does each topic interest you?"),
            prompt=_("Say it of each: no, perhaps, much. Several may interest you much."),
            minutes=5,
            script=_(
                "Quiet, everybody for themselves. Collect papers from whoever has no phone, and enter them "
                "on their pages under People and paper list. Close when most have answered: then the "
                "counts show, and no names. Of a topic of which fewer than five said something, none does."
            ),
        ),
        Plan(
            kind="talk",
            title=_("In threes: what did you say “much” to?"),
            prompt=_("Tell each other why. What would have to happen so that “perhaps” becomes “much”?"),
            minutes=6,
            script=_(
                "Leave the counts in sight. In person: stand up, find two others. Online: breakout rooms of "
                "three. A topic that interests many a little may need another name: ask, and rename it. "
                "Whoever wants to be found opens the board of people from their phone."
            ),
        ),
        *choosing_and_talk(),
    ]


def poster_clusters() -> list[Plan]:
    """Welcome, posters, themes, the board, choosing, and a first talk of each group; about 70 minutes."""
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. What we put on the wall decides what we work on, and with whom."),
            minutes=5,
            script=_(
                "Days before: ask everybody to bring a photo from their work, or to take one. Best of all "
                "people open the link that you mailed: then they are known at once. In person: have paper "
                "and thick pens at hand for whoever has no phone. Online: cameras on."
            ),
        ),
        Plan(
            kind="posters",
            title=_("What should we work on together?"),
            prompt=_("Put up to three posters on the wall: a few words each, or a photo that says it."),
            minutes=10,
            settings={"most": 3},
            script=_(
                "Silence for the first five minutes, so that everybody writes. One thing on each poster. "
                "Write in what hangs on paper: open the person's page under People and paper list, and put "
                "it up for them. Nobody's name is on the wall. Take off what belongs on no wall."
            ),
        ),
        Plan(
            kind="poster_themes",
            title=_("What belongs together?"),
            prompt=_("Look at the wall. Tick on your phone what belongs together."),
            minutes=15,
            script=_(
                "The wall shows one poster at a time in large: read it aloud, ask where it belongs, and "
                "press the number of its theme; l leaves it for later. Name a new theme in the people's own "
                "words. Below you see what people say belongs together. In person you can move paper on a "
                "real wall, and do here what the room does there. Online: let people say it aloud. Six "
                "themes are enough; what is alone may stay alone."
            ),
        ),
        Plan(
            kind="market_offers",
            title=_("Which of these do we take up?"),
            prompt=_("The themes go on the board. Is something missing? Offer it as a topic of your own."),
            minutes=5,
            script=_(
                "Every theme under which something hangs is a topic now, and nobody has a place "
                "yet. Hide what nobody wants to work on; rename what nobody understands."
            ),
        ),
        *choosing_and_talk(),
    ]


def choosing_and_talk() -> list[Plan]:
    """How every way to a board ends: people choose, and each group talks for the first time."""
    return [
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


def badges_and_trading() -> list[Plan]:
    """Badges, a first round in pairs, trading rounds, names, and who is left; about an hour."""
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. Today you find people with whom you want to go on."),
            minutes=5,
            script=_(
                "Say that nobody needs to know their topic yet, and that the groups become "
                "communities. Best of all people open the link that you mailed: then they are "
                "known at once. Under People and paper list, write in who has no phone: you "
                "make their badge there, and say whom they met."
            ),
        ),
        Plan(
            kind="badges",
            title=_("Make your badge"),
            prompt=_("What draws you, and what can you bring? Up to three of each, in a few words."),
            minutes=7,
            script=_(
                "Show your own as an example: short words, the way you would say them. In "
                "person: print the badges, or let people write theirs on a sticker with its "
                "number. Online: put the number before your name. Read the words aloud that "
                "stand on several."
            ),
        ),
        Plan(
            kind="pairs",
            title=_("A first trade, in pairs"),
            prompt=_("Tell what stands on your badge. Where do you two meet?"),
            minutes=6,
            settings={"where": "tables", "switch": True},
            script=_(
                "Everybody gets somebody whom they do not work with. It breaks the ice for those who would "
                "not walk up to anybody. Online: breakout rooms by the numbers on the phones."
            ),
        ),
        Plan(
            kind="badge_trade",
            title=_("Trade"),
            prompt=_(
                "Walk around. Type the number of whom you speak with. Do you share something? Stick together."
            ),
            minutes=15,
            script=_(
                "In person: music on, everybody stands. Online: rooms that people change by "
                "themselves. After five minutes name the groups that grow and how many are "
                "still free. Begin the step again for another round: nothing is lost. Ask two "
                "small groups with nearly the same words to meet."
            ),
        ),
        Plan(
            kind="badge_names",
            title=_("Name your group"),
            prompt=_("Come together. What is your topic, and who is this for?"),
            minutes=8,
            script=_(
                "One writes, all speak. A good name begins with something that you do. Put "
                "together below what is the same, when both groups want it."
            ),
        ),
        Plan(
            kind="market_choice",
            title=_("Who is still free?"),
            prompt=_("Choose a group that has places. If you have one, you need do nothing."),
            minutes=8,
            settings={"minimum": 4, "maximum": 12, "waits": 2, "days": 2},
            script=_(
                "Each group says its name in one sentence, and whom it is for. Whoever is free "
                "chooses. Ask the people of a thin group whether they go into another. Its "
                "sizes hold in the trading rounds too."
            ),
        ),
        Plan(
            kind="talk",
            title=_("With your group"),
            prompt=_("Say your names. What should be different in half a year? When could you meet first?"),
            minutes=12,
            script=_(
                "Whoever has no group comes to you. Afterwards open the marketplace from your page, see what "
                "comes of it, and make a round of it: the groups become communities from there."
            ),
        ),
    ]
