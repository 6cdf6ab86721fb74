"""What a format refuses, and what to do instead."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coppice.lib.errors import DomainError


class TableChanged(DomainError):
    code = "table_changed"
    sentence = _("Your table has changed meanwhile. Look who sits with you now.")


class WordsMissing(DomainError):
    code = "words_missing"
    sentence = _("Write something, then send it again.")


class TooLong(DomainError):
    code = "too_long"
    sentence = _("That is too long. Shorten it, then send it again.")


class NoTable(DomainError):
    code = "no_table"
    sentence = _("You sit at no table in this round. Wait until you are given one.")


class NoSuchPerson(DomainError):
    code = "no_such_person"
    sentence = _("This person is not in the room. Look who sits with you now.")


class ListIsFull(DomainError):
    code = "list_is_full"
    sentence = _("The list is full. Take something off it first.")


class NoSuchPoint(DomainError):
    code = "no_such_point"
    sentence = _("It is no longer on the list. Look at the list as it is now.")


class NoSuchWriteUp(DomainError):
    code = "no_such_write_up"
    sentence = _("There is nothing like that to decide on. Look at your page as it is now.")


class TooManyDots(DomainError):
    code = "too_many_dots"
    sentence = _("These are more dots than you have. Take some away, then send it again.")


class NotOpen(DomainError):
    code = "not_open"
    sentence = _("This step is not open. Wait until the host opens it.")


class NothingTicked(DomainError):
    code = "nothing_ticked"
    sentence = _("Tick what you want to keep, and who sees it. Then send it again.")


class NoSuchCard(DomainError):
    code = "no_such_card"
    sentence = _("This object no longer hangs in the gallery. Look at the wall as it is now.")


class OwnCard(DomainError):
    code = "own_card"
    sentence = _("This is your own object. Choose one of somebody else.")


class NothingBrought(DomainError):
    code = "nothing_brought"
    sentence = _("Write what your object is, then send it again.")


class NotKnownHere(DomainError):
    code = "not_known_here"
    sentence = _("Say first who you are, with the link below. Then you can keep it on your profile.")


class ThreadIsElsewhere(DomainError):
    code = "thread_is_elsewhere"
    sentence = _("The thread is with somebody else now. Say what you need when it comes to you.")


class NoSuchStrand(DomainError):
    code = "no_such_strand"
    sentence = _("This need is no longer in the web. Look at the web as it is now.")


class OwnStrand(DomainError):
    code = "own_strand"
    sentence = _("This is your own need. Somebody else can help with it.")


class NobodyToPassTo(DomainError):
    code = "nobody_to_pass_to"
    sentence = _("Pass the thread to somebody who can help with your need.")


class TakenOffTheWeb(DomainError):
    code = "taken_off_the_web"
    sentence = _("A host took this off the web. Ask them to put it back.")


class SeveralCalledSo(DomainError):
    code = "several_called_so"

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "More than one person here is called %(name)s. Write “%(name)s #1” for who came first, "
                "“%(name)s #2” for the next."
            )
            % {"name": name}
        )


class NoSuchSlip(DomainError):
    code = "no_such_slip"
    sentence = _("This is no longer on the market. Look at it as it is now.")


class OwnSlip(DomainError):
    code = "own_slip"
    sentence = _("You wrote this yourself. Choose something of somebody else.")


class WallIsFull(DomainError):
    code = "wall_is_full"

    def __init__(self, most: int) -> None:
        super().__init__(
            ngettext(
                "You have %(most)d poster on the wall, and no more fit. Take it down first.",
                "You have %(most)d posters on the wall, and no more fit. Take one down first.",
                most,
            )
            % {"most": most}
        )


class NoWall(DomainError):
    code = "no_wall"
    sentence = _("No step before this one has a wall of posters. Add one to the agenda before it.")


class NoSuchPoster(DomainError):
    code = "no_such_poster"
    sentence = _("This poster no longer hangs. Look at the wall as it is now.")


class NoSuchTheme(DomainError):
    code = "no_such_theme"
    sentence = _("This theme is no longer on the wall. Look at the wall as it is now.")


class TooFewTicked(DomainError):
    code = "too_few_ticked"
    sentence = _("Tick two posters at least, then send it again.")


class TooManyBundles(DomainError):
    code = "too_many_bundles"
    sentence = _("You have said this often by now. Take something back first.")


class NoCommunityHere(DomainError):
    code = "no_community_here"
    sentence = _("This room belongs to no community, so there is no plan to write into. Note it by hand.")


class NotOfTheGroup(DomainError):
    code = "not_of_the_group"
    sentence = _(
        "Whoever wrote this is not known as a member here. Say who the guest is under People, then take it "
        "up."
    )


class PlanIsFull(DomainError):
    code = "plan_is_full"
    sentence = _("The answer in the plan is as long as it may be. Shorten it, then take this up.")


class NotWritten(DomainError):
    code = "not_written"
    sentence = _("This could not be written into the plan. Look it over, then send it again.")


class PlanChangesMore(DomainError):
    code = "plan_changes_more"
    sentence = _("Nothing is saved. Change it on the page of the plan, where you are asked about all of it.")
