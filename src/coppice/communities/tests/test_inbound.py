"""Replies by mail to a community's mails: the first word decides, and what is beside it is kept."""

import pytest
from django.utils import timezone

from coppice.communities import inbound, notices
from coppice.communities.actions import commitments, invite
from coppice.communities.actions.invitations import Invitee
from coppice.communities.charter_models import Charter, Consent
from coppice.communities.commitment_models import Commitment
from coppice.communities.models import InvitationWord, Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_staff
from coppice.lib.errors import DomainError
from coppice.notifications.inbound import Incoming, NotUnderstood, mailboxes
from coppice.notifications.inbound.pausing import note_refusal
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def community(settings):
    settings.MAIL_INBOUND_DOMAIN = "in.coppice.example"
    return make_community()


@pytest.fixture
def ana(community):
    staff = make_staff(community.program)
    invitee = Invitee(enroll(community.program, "Ana Quiroga"))
    [membership] = invite(community, invitees=[invitee], by=staff)
    return membership


def mail(text: str) -> Incoming:
    return Incoming(
        text=text, html="", subject="", attachments=(), mail_id=1, message_id="", at=timezone.now()
    )


def test_yes_joins_and_the_words_reach_the_staff(ana):
    [invitation] = Message.objects.filter(recipient=ana.person)
    assert invitation.reply_to == f"invitation:{ana.pk}"
    assert "write “yes” to join" in invitation.text
    assert "write “yes” to join" in invitation.html

    inbound.answer_invitation(ana.person, ana.pk, mail("Sí, con gusto. ¿Es en línea?"))

    ana.refresh_from_db()
    assert ana.state == Membership.State.ACTIVE
    assert list(InvitationWord.objects.values_list("kind", "text")) == [
        ("question", "con gusto. ¿Es en línea?")
    ]


def test_no_declines_with_the_reason(ana):
    inbound.answer_invitation(ana.person, ana.pk, mail("No, I am on leave"))

    ana.refresh_from_db()
    assert ana.state == Membership.State.DECLINED
    assert list(InvitationWord.objects.values_list("kind", "text")) == [("declining", "I am on leave")]


@pytest.mark.parametrize("text", ["What is this?", "Maybe", ""])
def test_what_is_no_answer_comes_back_with_the_page(ana, text):
    with pytest.raises(NotUnderstood) as refused:
        inbound.answer_invitation(ana.person, ana.pk, mail(text))

    ana.refresh_from_db()
    assert (ana.state, ana.words.count()) == (Membership.State.INVITED, 0)
    assert refused.value.do_path.startswith("/")


def test_nobody_answers_for_somebody_else(ana, community):
    tom = add_member(community, "Tom")

    for receive in (inbound.answer_invitation, inbound.answer_commitment, inbound.answer_charter):
        with pytest.raises(NotUnderstood):
            receive(tom.person, ana.pk, mail("yes"))

    ana.refresh_from_db()
    assert ana.state == Membership.State.INVITED


def test_a_word_about_a_commitment_and_what_came_of_it(community):
    tom, staff = add_member(community, "Tom"), make_staff(community.program)
    made = commitments.make(tom, what="Send the letter", by=staff)
    [asked] = Message.objects.filter(recipient=tom.person)
    assert asked.reply_to == f"commitment:{made.pk}"

    inbound.answer_commitment(tom.person, made.pk, mail("yes that is right"))
    made.refresh_from_db()
    assert made.word == Commitment.Word.RIGHT
    for vague in ("yes", "dropped"):  # what came of it; why it is dropped
        with pytest.raises(DomainError):
            inbound.answer_commitment(tom.person, made.pk, mail(vague))
    inbound.answer_commitment(tom.person, made.pk, mail("Tried it: two of five answered"))

    made.refresh_from_db()
    assert (made.state, made.outcome) == (Commitment.State.TRIED, "it: two of five answered")


def test_a_reminder_of_several_cannot_be_answered_by_a_word(community):
    tom = add_member(community, "Tom")
    both = [commitments.make(tom, what=what, by=tom.person, due_on=timezone.localdate()) for what in "ab"]

    one = notices.commitments_due(tom, soon=both[:1], late=[])
    Message.objects.all().delete()
    several = notices.commitments_due(tom, soon=both, late=[])

    assert one.reply_to == f"commitment:{both[0].pk}"
    assert several.reply_to == f"commitments:{tom.pk}"
    assert "reply to this mail" in one.text
    assert "reply to this mail" not in several.text
    with pytest.raises(NotUnderstood):
        inbound.answer_commitments(tom.person, tom.pk, mail("done"))


@pytest.mark.parametrize(
    ("text", "answer", "words"),
    [
        ("Yes", "agree", ""),
        ("Yes, and shorter next time", "note", "and shorter next time"),
        ("No: too many meetings", "object", "too many meetings"),
        ("No", None, ""),
        ("Which charter?", None, ""),
    ],
)
def test_a_charter_is_answered(community, text, answer, words):
    tom = add_member(community, "Tom")
    charter = Charter.objects.create(community=community, number=1, closes_on=timezone.localdate())

    if answer is None:
        with pytest.raises(NotUnderstood):
            inbound.answer_charter(tom.person, charter.pk, mail(text))
    else:
        inbound.answer_charter(tom.person, charter.pk, mail(text))

    said = list(Consent.objects.values_list("answer", "words"))
    assert said == ([] if answer is None else [(answer, words)])


def test_leaders_hear_that_an_address_refuses_mail(community):
    tom, rosa = add_member(community, "Tom"), add_member(community, "Rosa", role="leader")
    elsewhere = add_member(make_community(), "Mia", role="leader")
    Message.objects.all().delete()

    for number in range(3):
        message = notices.write_to(
            tom, occasion=f"test:{number}", template="communities/email/welcome", context={"do_label": "See"}
        )
        note_refusal(message, is_hard=True, said="550 no such user")

    [told] = Message.objects.exclude(recipient=tom.person)
    assert (told.recipient, told.about) == (rosa.person, tom.person)
    assert told.subject == "Mail does not reach Tom"
    assert elsewhere.person != told.recipient


def test_the_address_on_a_roster_is_ones_own(ana):
    ana.enrollment.email = "ana@roster.example"
    ana.enrollment.save()

    assert mailboxes.own_addresses(ana.person) == {ana.person.email, "ana@roster.example"}
