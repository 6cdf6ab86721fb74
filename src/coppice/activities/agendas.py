"""Ready agendas of the formats, in the language of the room."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.activities.agreeing_agenda import agree_how_we_work
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
    register(
        Agenda(
            "appreciative_interviews",
            gettext_lazy("Appreciative interviews"),
            gettext_lazy("Pairs tell each other of work that went well; fours find what the stories share."),
            appreciative_interviews,
        )
    )
    register(
        Agenda(
            "one_two_four_all",
            gettext_lazy("1-2-4-All with dots"),
            gettext_lazy("What do we need? Alone, in pairs, in fours, and a blind vote. About half an hour."),
            one_two_four_all,
        )
    )
    register(
        Agenda(
            "expertise_gallery",
            gettext_lazy("Expertise gallery"),
            gettext_lazy("An object each that stands for what they know, and a walk past all of them."),
            expertise_gallery,
        )
    )
    register(
        Agenda(
            "web_of_needs",
            gettext_lazy("Web of needs and expertise"),
            gettext_lazy(
                "The ball of twine: a need is voiced, others say how they can help, until all are tied in. "
                "About 40 minutes, for 6 to 20 people."
            ),
            web_of_needs,
        )
    )
    register(
        Agenda(
            "offers_and_needs_market",
            gettext_lazy("Offers and needs market"),
            gettext_lazy(
                "Everybody writes what they need and offer, reads others' in groups that change, and leaves "
                "with people to meet. About 50 minutes."
            ),
            offers_and_needs_market,
        )
    )
    register(
        Agenda(
            "agree_how_we_work",
            gettext_lazy("Agree how we work"),
            gettext_lazy(
                "The ten questions of the action plan: phones propose, you write into the plan what the "
                "group takes. About an hour and a half; stop after any question. For a room of one community."
            ),
            agree_how_we_work,
        )
    )


def expertise_gallery() -> list[Plan]:
    """An object each, a walk past them, and what was found; about 45 minutes."""
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. Have your object at hand: it stands for what you know."),
            minutes=4,
            script=_(
                "Days before: ask everybody to bring an object, or a photo of one. Whoever forgot draws one, "
                "or takes what is in their pocket. In person: a long table or a free wall. Online: cameras "
                "on. Ask for photos of things, not of people."
            ),
        ),
        Plan(
            kind="bring",
            title=_("What stands for what you know?"),
            prompt=_("Take a photo of your object. Say what it is, and what it tells about what you can do."),
            minutes=12,
            script=_(
                "Show your own first: one object, three sentences. Whoever has no phone tells you: open "
                "their page under People and paper list, and write it in. Without a photo a card shows "
                "initials. Whoever wishes keeps their card on their profile by a button of their own. Print "
                "the cards if you want them to hang: four on a sheet."
            ),
        ),
        Plan(
            kind="walk",
            title=_("A walk through the gallery"),
            prompt=_("One object after the other. Mark from whom you would like to hear more."),
            minutes=24,
            script=_(
                "Walk on with the arrow keys, about a minute for each: its owner says one sentence, nobody "
                "discusses. After the last one the whole wall shows; w shows it at any time. Then let people "
                "stand up and find whom they marked. Each reads on their own page afterwards who asked."
            ),
        ),
        Plan(
            kind="words",
            title=_("What did you not know that we know?"),
            prompt=_("A few words: something in this room that surprised you."),
            minutes=3,
            settings={"show_at_once": True},
            script=_("Read some aloud. Ask who needs just this."),
        ),
    ]


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


def appreciative_interviews() -> list[Plan]:
    """Interviews of ten minutes each, what was heard written up, themes in fours; about 50 minutes."""
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. We look for what already works, and for what you are good at."),
            minutes=4,
            script=_(
                "Say how it goes: you tell somebody a story; they write down what they heard; you alone "
                "decide what others read. In person: tables or chairs for two, far enough apart. Online: "
                "breakout rooms by number. For somebody on paper, open their page under People and write "
                "for them."
            ),
        ),
        Plan(
            kind="interviews",
            title=_("Tell of a time when your work went well"),
            prompt=_("Ten minutes each. Whoever listens asks the questions and takes notes."),
            minutes=20,
            settings={
                "where": Where.TABLES.value,
                "switch": True,
                "questions": [
                    _("Tell of a time when something in your work went really well. What happened?"),
                    _("What did you do that helped?"),
                    _("What do others come to you for?"),
                    _("What would you like to do more of?"),
                ],
            },
            script=_(
                "Everybody is paired, never with a colleague while others are there. All screens say when to "
                "change. With five minutes left, ask people to write up what they heard; without a "
                "connection it is kept on their phone. You see how many are done, and no story before its "
                "owner shares it. Add minutes if many still write."
            ),
        ),
        Plan(
            kind="themes",
            title=_("What do our stories have in common?"),
            prompt=_(
                "Two pairs together. Tell your partner's story in a minute. Then write down what repeats."
            ),
            minutes=12,
            settings={"where": Where.TABLES.value},
            script=_(
                "The pairs are joined two and two. Each person introduces their partner, not themselves. "
                "Stories that their owners share are on the phones of their table. Below you put "
                "together lines that are the same, and hide what does not belong on the wall."
            ),
        ),
        Plan(
            kind="words",
            title=_("What do you take with you?"),
            prompt=_("A few words."),
            minutes=3,
            settings={"show_at_once": True},
            script=_(
                "Whoever missed their write-up can add it from their own link if you allow late answers when "
                "you end the room."
            ),
        ),
    ]


def one_two_four_all() -> list[Plan]:
    """Notes alone, the best of them in pairs and fours, and a ranked register; about half an hour."""
    where = {"where": Where.TABLES.value}
    return [
        Plan(
            kind="alone",
            title=_("What do you need to do your work well?"),
            prompt=_("Write for yourself, one need a line. Nobody else sees your notes."),
            minutes=4,
            script=_(
                "Silence. Everybody writes, on the phone or on paper. In person: tables for two that can be "
                "pushed together. Online: muted, in the main room."
            ),
        ),
        Plan(
            kind="two",
            title=_("In pairs: what do you both need?"),
            prompt=_("Show each other your notes. Write down up to four needs together."),
            minutes=6,
            settings=where,
            script=_(
                "Everybody is paired. What one wrote alone is on their own phone only, with a button that "
                "puts it on the list of the pair. Online: breakout rooms by number."
            ),
        ),
        Plan(
            kind="four",
            title=_("In fours: what matters most?"),
            prompt=_("Two pairs together. Keep up to four needs, in words that everybody understands."),
            minutes=10,
            settings=where,
            script=_(
                "The pairs are joined two and two, and take over lines from both lists. Meanwhile put "
                "together what is the same below, so that nobody votes on one thing twice."
            ),
        ),
        Plan(
            kind="dots",
            title=_("Where do you put your dots?"),
            prompt=_("Five dots each. Several may go to one need."),
            minutes=4,
            settings={"dots": 5, "several": True},
            script=_(
                "Nobody sees counts before you close the step. Then take the first needs one by one, ask "
                "how this group could act on each, and write it down below: it stands on the wall and in "
                "the file."
            ),
        ),
    ]


def web_of_needs() -> list[Plan]:
    """The ball of twine: needs, and who helps how, until everybody is tied in; about 40 minutes."""
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. We find out who can help whom, and see it grow."),
            minutes=5,
            script=_(
                "In person: a circle without tables, and a ball of twine if you have one. Online: cameras "
                "on. Write in whoever has no phone under People and paper list. Say that names show on the "
                "wall, and afterwards only to hosts and to those who were there."
            ),
        ),
        Plan(
            kind="web",
            title=_("What do you need, and who can help?"),
            prompt=_("Say one thing that you need. Whoever can help says how, and gets the thread next."),
            minutes=28,
            script=_(
                "Begin yourself, with something small and true. Whoever needs says it and keeps the end of "
                "the twine; whoever can help taps and says how in one sentence; the ball goes to one of "
                "them, who needs next. About a minute and a half each. Below you see who is not in the web "
                "yet: send the thread there. For somebody on paper you write both. What was a slip comes "
                "off the web, and can go back."
            ),
        ),
        Plan(
            kind="words",
            title=_("What do you see in the web?"),
            prompt=_("A few words: what holds it, where it is thin."),
            minutes=5,
            settings={"show_at_once": True},
            script=_(
                "Pull at one end: who feels it? Ask who needs something that nobody took up. People put "
                "what they said on their profile by a button on their own phone, if they wish. If you drew "
                "the web on paper, enter it from the page of the web, also afterwards."
            ),
        ),
    ]


def offers_and_needs_market() -> list[Plan]:
    """Silent writing, three groups that read and mark, and who found whom; about 50 minutes."""
    where = {"where": Where.TABLES.value}
    return [
        Plan(
            kind="talk",
            title=_("Welcome"),
            prompt=_("Join with your phone. Today you find people who can help you, and whom you can help."),
            minutes=4,
            script=_(
                "In person: tables for four, with numbers. Online: breakout rooms by number. Write in "
                "whoever has no phone under People and paper list, and give them paper. Say that people at "
                "your table read your notes with your name; the wall and the results show none."
            ),
        ),
        Plan(
            kind="market_notes",
            title=_("What do you need, and what can you offer?"),
            prompt=_("Write alone, without talking: two or three needs, two or three offers."),
            minutes=8,
            script=_(
                "Silence. Small and exact is best: not help with money, but somebody who reads my budget "
                "once. Ask for offers from people who say that they have none. Type in what is on paper: "
                "open the person's page under People and answer for them."
            ),
        ),
        Plan(
            kind="market_table",
            title=_("First group: what can you do for each other?"),
            prompt=_("Read aloud what you wrote. Mark what you can help with, and what you need yourself."),
            minutes=9,
            settings=where,
            script=_("Groups of three or four, never colleagues while others are there. Two minutes each."),
        ),
        Plan(
            kind="market_table",
            title=_("Second group: others, the same again"),
            prompt=_("Read aloud what you wrote. Mark what you can help with, and what you need yourself."),
            minutes=9,
            settings=where,
            script=_("New groups are drawn, with people who have not sat together while there are any."),
        ),
        Plan(
            kind="market_table",
            title=_("Third group: one more time"),
            prompt=_("Read aloud what you wrote. Mark what you can help with, and what you need yourself."),
            minutes=9,
            settings=where,
            script=_("The last group. Want more? Begin this step afresh: it draws new groups."),
        ),
        Plan(
            kind="market_matches",
            title=_("Who found whom?"),
            prompt=_("Your phone says who can help you, and whom you can help. Say whom you want to meet."),
            minutes=8,
            script=_(
                "Read aloud what nobody has found yet, and ask the whole room; they mark it on their phones. "
                "Then let people stand up and find each other. Where both say yes, both get a mail with "
                "how to reach the other, and what they said goes on their profile. Whoever is on paper "
                "hears from you whom they found: their page under People says it."
            ),
        ),
    ]
