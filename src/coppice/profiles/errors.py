"""What profiles refuse, and what to do next."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class NoTopics(DomainError):
    """The program has no topics to ask about."""

    code = "no_topics"
    sentence = _("This program has no topics yet. Add topics to its frame first, then ask about them.")


class TooManyTopics(DomainError):
    """There are more topics than a person can go through."""

    code = "too_many_topics"
    sentence = _("Nobody goes through more than 60 topics. Leave the ones that matter, then ask.")


class NothingSaid(DomainError):
    """Neither a topic nor words were given."""

    code = "nothing_said"
    sentence = _("Choose a topic, or say it in your own words.")


class TooMuchSaid(DomainError):
    """Somebody keeps more needs or offers than anybody reads."""

    code = "too_much_said"
    sentence = _("That is more than anybody can read. Take away what no longer matters, then add this.")


class TopicOfAnother(DomainError):
    """The topic belongs to another program."""

    code = "topic_of_another"
    sentence = _("This topic is not one of this program's. Choose another.")


class NotToBeAsked(DomainError):
    """The offer is not one that this need can be introduced to."""

    code = "not_to_be_asked"
    sentence = _("This person cannot be asked at the moment. Choose somebody else, or try next month.")


class NoLongerWaiting(DomainError):
    """The introduction waits for no answer any more."""

    code = "no_longer_waiting"
    sentence = _("This was answered already, or it is over. Nothing else is needed from you.")
