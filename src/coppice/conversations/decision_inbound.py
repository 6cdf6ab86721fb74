"""What a reply to the mail that asks does: answer the decision, by numbers, names of options, or a word."""

import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from coppice.communities.consents import LONGEST_CONSENT
from coppice.communities.models import Membership
from coppice.conversations.actions import decisions
from coppice.conversations.actions.decisions import Said
from coppice.conversations.decision_errors import AskedOtherwise
from coppice.conversations.decision_links import answer_path
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.decision_notices import HOW_TO_REPLY
from coppice.conversations.decision_permissions import can_answer
from coppice.conversations.errors import NotYourConversation
from coppice.conversations.permissions import can_lead_talk
from coppice.notifications.inbound import Incoming, NotUnderstood, register
from coppice.notifications.inbound.answers import Said as Word
from coppice.notifications.inbound.answers import read_choice, read_numbers, read_word

KINDS = Decision.Kind
S = Ballot.Stance
DOTS = re.compile(r"\W{0,3}(\d{1,2})\s*[:=x×-]\s*(\d{1,2})\b[\s,;]*")
ASIDE = [(S.ASIDE, _("stand aside")), (S.ASIDE, _("aside")), (S.ASIDE, _("I stand aside"))]


def register_answers() -> None:
    """Let answers come in; called from AppConfig.ready()."""
    register("decision", receive, may_read=may_read, shows=shows)


def receive(person: Any, decision_id: int, mail: Incoming) -> None:
    """Answer by what somebody wrote: what follows the answer is the reason.

    An answer to a mail that asked in other words than the decision has now is to those, and does not count.
    Raises NotUnderstood, NotYourConversation where who may answer could not on the page either, and what
    `decisions.answer` raises.
    """
    decision = (
        Decision.objects.select_related("thread__community__program__provider")
        .prefetch_related("options")
        .filter(pk=decision_id)
        .first()
    )
    member = decision and (
        Membership.objects.taking_part()
        .filter(community=decision.thread.community_id, person=person)
        .select_related("person")
        .first()
    )
    if not decision or not member:
        raise NotUnderstood(_("What you write about is no longer there. Nothing needs to be done."))
    if decision.is_open and not can_answer(person, decision):
        raise NotYourConversation
    if mail.asked_at and decision.edited_at and mail.asked_at < decision.edited_at:
        raise NotUnderstood(
            AskedOtherwise.sentence,
            do_path=answer_path(decision, member),
            do_label=_("Say what you think"),
        )
    said = read(decision, mail.text)
    if said is None:
        raise NotUnderstood(
            HOW_TO_REPLY[KINDS(decision.kind)],
            do_path=answer_path(decision, member),
            do_label=_("Say what you think"),
        )
    said = replace(said, mail_id=mail.mail_id)
    decisions.answer(decision, membership=member, said=said, by=person)


def read(decision: Decision, text: str) -> Said | None:
    """Return what a reply says to a decision; None when that cannot be told."""
    return _stance(text) if decision.is_consent else _choices(decision, text)


def may_read(person: Any, decision_id: int) -> bool:
    """Say whether somebody beside the sender may read the original: who leads, unless it is without names."""
    decision = Decision.objects.select_related("thread__community__program").filter(pk=decision_id).first()
    return decision is not None and decision.has_names and can_lead_talk(person, decision.thread.community)


def shows(person: Any, mail_id: int) -> bool:
    """Say whether who leads may still read a mail: while what it answered counts and is not hidden."""
    return Ballot.objects.filter(mail_id=mail_id, words_hidden_at=None).exists()


def _stance(text: str) -> Said | None:
    aside = read_choice(text, ASIDE)
    if aside is not None:
        return Said(stance=aside.value, words=aside.comment[:LONGEST_CONSENT])
    word = read_word(text)
    if word is None or word.value is Word.MAYBE:
        return None
    words = word.comment[:LONGEST_CONSENT]
    if word.value is Word.YES:
        return Said(stance=S.NOTE if words else S.AGREE, words=words)
    return Said(stance=S.OBJECT, words=words) if words else None


def _choices(decision: Decision, text: str) -> Said | None:
    options = list(decision.options.all())
    if decision.kind == KINDS.DOTS:
        return _dots([each.pk for each in options], text)
    numbers = read_numbers(text, most=len(options))
    if numbers is None:
        named = read_choice(text, [(f"{each.pk}", each.label) for each in options])
        if named is None or decision.kind == KINDS.RANKING:
            return None
        return Said({int(named.value): 1}, words=named.comment[:LONGEST_CONSENT])
    if decision.kind == KINDS.ONE and len(numbers.value) > 1:
        return None
    is_order = decision.kind == KINDS.RANKING
    weights = {
        options[number - 1].pk: place if is_order else 1 for place, number in enumerate(numbers.value, 1)
    }
    return Said(weights, words=numbers.comment[:LONGEST_CONSENT])


def _dots(option_ids: list[int], text: str) -> Said | None:
    """Return "1: 3, 4: 2" as dots by option."""
    weights: dict[int, int] = {}
    text = text.strip()
    while found := DOTS.match(text):
        number, dots = int(found[1]), int(found[2])
        if not 1 <= number <= len(option_ids):
            return None
        weights[option_ids[number - 1]] = dots
        text = text[found.end() :]
    return Said(weights, words=text.strip()[:LONGEST_CONSENT]) if weights else None
