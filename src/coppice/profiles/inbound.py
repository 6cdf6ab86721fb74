"""What replies to the mails about introductions do: yes or no to being introduced, and whether it helped."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coppice.notifications.inbound import Incoming, NotUnderstood, register
from coppice.notifications.inbound.answers import Said, read_choice, read_word
from coppice.profiles.actions import introductions
from coppice.profiles.actions.introductions import Outcome
from coppice.profiles.models import Introduction
from coppice.profiles.notices import introduction_path
from coppice.programs.models import Enrollment


def connect() -> None:
    """Register; called from AppConfig.ready()."""
    register("introduction-asked", answer_asked)
    register("introduction-helped", answer_helped)


def answer_asked(person: Any, introduction_id: int, incoming: Incoming) -> None:
    """Say yes or no to being introduced, by the first word."""
    introduction, enrollment = _introduction(person, introduction_id)
    answer = read_word(incoming.text)
    if answer is None or answer.value is Said.MAYBE:
        sentence = _("Please write “yes” or “no” as the first word.")
        raise _on_page(introduction, enrollment, sentence)
    act = introductions.agree if answer.value is Said.YES else introductions.decline
    act(introduction, enrollment=enrollment, by=person)


def answer_helped(person: Any, introduction_id: int, incoming: Incoming) -> None:
    """Say for the one who needed whether it helped."""
    introduction, enrollment = _introduction(person, introduction_id)
    need = introduction.need
    answer = read_choice(incoming.text, OUTCOMES)
    word = read_word(incoming.text)
    outcome = answer.value if answer else Outcome.HELPED if word and word.value is Said.YES else None
    if outcome is None or need is None or need.enrollment_id != enrollment.pk:
        sentence = _("Please write “helped”, “not yet” or “no longer needed” first.")
        raise _on_page(introduction, enrollment, sentence)
    introductions.tell_outcome(introduction, outcome=outcome, by=person)


OUTCOMES = [
    (Outcome.HELPED, _("it helped")),
    (Outcome.HELPED, _("helped")),
    (Outcome.NOT_YET, _("not yet")),
    (Outcome.OVER, _("no longer needed")),
]


def _on_page(introduction: Introduction, enrollment: Enrollment, sentence: Any) -> NotUnderstood:
    path = introduction_path(introduction, enrollment)
    return NotUnderstood(sentence, do_path=path, do_label=_("Answer"))


def _introduction(person: Any, introduction_id: int) -> tuple[Introduction, Enrollment]:
    """Return an introduction, and as whom on the roster this person is one of the two."""
    theirs = Q(need__enrollment__person=person) | Q(offer__enrollment__person=person)
    introduction = Introduction.objects.filter(theirs, pk=introduction_id).first()
    if introduction is not None:
        for side in (introduction.need, introduction.offer):
            if side is not None and side.enrollment.person_id == person.pk:
                return introduction, side.enrollment
    raise NotUnderstood(_("What you write about is no longer there. Nothing needs to be done."))
