"""What replies to the mails of a community do: join or decline, say of a commitment what is so, agree."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coppice.communities import links
from coppice.communities.actions import charters, commitments, invitations
from coppice.communities.actions.words import say
from coppice.communities.charter_models import LONGEST_CONSENT, Charter, Consent
from coppice.communities.commitment_models import LONGEST_OUTCOME, Commitment
from coppice.communities.models import InvitationWord, Membership
from coppice.notifications.inbound import Incoming, NotUnderstood, register
from coppice.notifications.inbound.answers import Said, read_choice, read_word


def connect() -> None:
    """Register; called from AppConfig.ready()."""
    register("invitation", answer_invitation)
    register("commitment", answer_commitment)
    register("commitments", answer_commitments)
    register("charter", answer_charter)


def answer_invitation(person: Any, membership_id: int, incoming: Incoming) -> None:
    """Join or decline by the first word; what follows a yes is a word to the staff, after a no the reason."""
    membership = _membership(person, pk=membership_id)
    answer = read_word(incoming.text)
    if answer is None or answer.value is Said.MAYBE:
        raise NotUnderstood(
            _("Please write “yes” to join or “no” to decline as the first word. Questions go here:"),
            do_path=links.place_path(membership),
            do_label=_("Your own page"),
        )
    if answer.value is Said.NO:
        invitations.decline(membership, by=person, why=answer.comment)
        return
    membership = invitations.accept(membership, by=person)
    if answer.comment:
        say(membership, words={InvitationWord.Kind.QUESTION: answer.comment}, by=person)


def answer_commitment(person: Any, commitment_id: int, incoming: Incoming) -> None:
    """Say whether a commitment is right while that is asked, else what came of it."""
    commitment = Commitment.objects.filter(pk=commitment_id, membership__person=person).first()
    if commitment is None:
        raise NotUnderstood(_("What you write about is no longer there. Nothing needs to be done."))
    membership = _membership(person, pk=commitment.membership_id)
    if commitment.word == Commitment.Word.ASKED:
        answer = read_word(incoming.text)
        if answer is None or answer.value is Said.MAYBE:
            raise _about(
                commitment, membership, _("Please write “yes” if it is right, or “no” if it is not yours.")
            )
        word = Commitment.Word.RIGHT if answer.value is Said.YES else Commitment.Word.NOT_MINE
        commitments.give_word(commitment, word=word, by=person)
        return
    told = read_choice(incoming.text, OUTCOMES)
    if told is None:
        raise _about(commitment, membership, HOW_TO_TELL)
    commitments.tell(commitment, state=told.value, outcome=told.comment[:LONGEST_OUTCOME], by=person)


def answer_commitments(person: Any, membership_id: int, incoming: Incoming) -> None:
    """Send back to the page, because a mail about several cannot say which one a word is about."""
    membership = _membership(person, pk=membership_id)
    raise NotUnderstood(
        _("That mail was about several things, and a reply cannot tell which one it means. Here you say it:"),
        do_path=links.place_path(membership),
        do_label=_("Your own page"),
    )


def answer_charter(person: Any, charter_id: int, incoming: Incoming) -> None:
    """Agree, agree with a note, or object with a reason."""
    charter = Charter.objects.select_related("community").filter(pk=charter_id).first()
    membership = charter and _members(person).filter(community=charter.community_id).first()
    if not charter or not membership:
        raise NotUnderstood(_("What you write about is no longer there. Nothing needs to be done."))
    answer = read_word(incoming.text)
    if answer is None or answer.value is Said.MAYBE or (answer.value is Said.NO and not answer.comment):
        raise NotUnderstood(
            _("Please write “yes” to agree as the first word, or “no” and your reason."),
            do_path=links.charter_path(charter, membership),
            do_label=_("Read it and answer"),
        )
    agreed = Consent.Answer.NOTE if answer.comment else Consent.Answer.AGREE
    charters.consent(
        charter,
        membership=membership,
        answer=agreed if answer.value is Said.YES else Consent.Answer.OBJECT,
        words=answer.comment[:LONGEST_CONSENT],
        by=person,
    )


OUTCOMES = [
    (Commitment.State.DONE, _("It is done")),
    (Commitment.State.TRIED, _("I tried it")),
    (Commitment.State.DROPPED, _("I drop it")),
    (Commitment.State.DONE, _("done")),
    (Commitment.State.TRIED, _("tried")),
    (Commitment.State.DROPPED, _("dropped")),
]
HOW_TO_TELL = _("Please write “done”, “tried” or “dropped” as the first word, then what came of it.")


def _about(commitment: Commitment, membership: Membership, sentence: Any) -> NotUnderstood:
    path = links.commitment_path(commitment, membership)
    return NotUnderstood(sentence, do_path=path, do_label=_("Answer"))


def _members(person: Any) -> Any:
    return Membership.objects.filter(person=person).select_related(
        "community__program__provider", "enrollment", "person"
    )


def _membership(person: Any, *, pk: int) -> Membership:
    membership = _members(person).filter(pk=pk).first()
    if membership is None:
        raise NotUnderstood(_("What you write about is no longer there. Nothing needs to be done."))
    return membership
