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
