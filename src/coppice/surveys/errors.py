"""What surveys refuse, and what to do next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class InstrumentRefused(DomainError):
    """The text is no instrument; `where` names the part ("groups, 2, questions, 1"), "" for all of it."""

    code = "instrument_refused"

    def __init__(self, reason: str | Promise, *, where: str = "") -> None:
        place = where or _("the file as a whole")
        super().__init__(
            _("This is no instrument that we can use. Mend %(place)s: %(reason)s")
            % {"place": place, "reason": reason}
        )


class NobodyToAsk(DomainError):
    """Nobody on the roster can be reached by mail."""

    code = "nobody_to_ask"
    sentence = _("Nobody on the roster can be asked by mail. Put people with email addresses on it first.")


class WaveOver(DomainError):
    """The time to answer is over."""

    code = "wave_over"
    sentence = _("The time to answer is over, so nothing more was saved. Thank you all the same.")


class AlreadySent(DomainError):
    """The answers were sent without a name, so nobody can find them to change them."""

    code = "already_sent"
    sentence = _(
        "You have sent your answers. Nothing in them says that they are yours, so they cannot be changed."
    )


class AnswersMissing(DomainError):
    """Questions that must be answered are not."""

    code = "answers_missing"
    sentence = _("Some questions still need an answer. Answer them, then send.")


class ClosesTooEarly(DomainError):
    """The last day to answer is not ahead."""

    code = "closes_too_early"
    sentence = _("Give people at least until tomorrow to answer. Choose a later day.")


class NobodyToRemind(DomainError):
    """Everybody asked has answered, was reminded lately, or was reminded twice."""

    code = "nobody_to_remind"
    sentence = _(
        "Nobody is to be reminded now: all have answered, or were written to in the last two days, "
        "or were reminded twice already."
    )
