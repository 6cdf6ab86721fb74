"""What deciding refuses, and what to do then."""

from django.utils.translation import gettext_lazy as _

from coppice.lib.errors import DomainError


class DecisionUnderWay(DomainError):
    """A thread decides one thing at a time."""

    code = "decision_under_way"
    sentence = _("This conversation is deciding something already. Write its outcome first.")


class WriteFirst(DomainError):
    """Somebody whose first post would wait asks everybody at once."""

    code = "write_first"
    sentence = _(
        "Here whoever leads reads the first post of somebody new. Write one; once it is out, you can ask "
        "everybody to decide."
    )


class DecisionIsClosed(DomainError):
    """The time to answer is over."""

    code = "decision_is_closed"
    sentence = _("The time to answer is over. Nothing was changed.")


class CountsAreShown(DomainError):
    """Answers without names have been counted for all to see; one more would be known by what it adds."""

    code = "counts_are_shown"
    sentence = _("What came back is shown already, without names. Write the outcome, then ask anew.")


class NotAskedThere(DomainError):
    """Whoever answers is no member."""

    code = "not_asked_there"
    sentence = _("Only members of this community answer here.")


class TooFewOptions(DomainError):
    """There is nothing to choose between."""

    code = "too_few_options"
    sentence = _("Give at least two options, each with other words.")


class TooManyOptions(DomainError):
    """More options than anybody reads."""

    code = "too_many_options"
    sentence = _("Give at most 12 options.")


class ClosesTooSoon(DomainError):
    """People have no time to answer, or a year and more."""

    code = "closes_too_soon"
    sentence = _("Choose a time to come, within a year.")


class NothingChosen(DomainError):
    """An answer without an option."""

    code = "nothing_chosen"
    sentence = _("Choose something first.")


class NotAnOption(DomainError):
    """An option of another question, or one that was taken out meanwhile."""

    code = "not_an_option"
    sentence = _("The options have changed. Look at them again, then answer.")


class QuestionIsHidden(DomainError):
    """Whoever leads hid the question."""

    code = "question_is_hidden"
    sentence = _("Whoever leads has hidden this question, so nobody answers it now.")


class AnsweredThemself(DomainError):
    """Somebody enters an answer over the one that a member gave themself, where it is without names."""

    code = "answered_themself"
    sentence = _("They have answered themself, and only they can change it: it is without names.")


class AskedOtherwise(DomainError):
    """An answer to a mail or a page that asked in other words than the decision has now."""

    code = "asked_otherwise"
    sentence = _("The question was changed meanwhile. Look at it again, then answer.")


class OnlyOne(DomainError):
    """Several options where one is asked for."""

    code = "only_one"
    sentence = _("Choose one option.")


class TooManyDots(DomainError):
    """More dots than everybody has."""

    code = "too_many_dots"
    sentence = _("You gave more dots than you have. Take some away.")


class NoReasonGiven(DomainError):
    """An objection without a reason."""

    code = "no_reason_given"
    sentence = _("Say why you object: what would harm the group?")


class NoOutcome(DomainError):
    """It closes without words."""

    code = "no_outcome"
    sentence = _("Say in words what was decided, also when it is that nothing changes.")


class NoQuestion(DomainError):
    """Nothing is asked."""

    code = "no_question"
    sentence = _("Ask a question, or write what you propose.")
