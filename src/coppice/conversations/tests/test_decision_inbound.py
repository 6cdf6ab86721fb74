"""Answering a decision by replying to its mail."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from coppice.communities.tests.factories import make_staff
from coppice.conversations.actions import decisions, peace
from coppice.conversations.actions.decisions import OptionWords
from coppice.conversations.decision_inbound import may_read, read
from coppice.conversations.decision_links import answer_path
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.errors import NotYourConversation
from coppice.conversations.places import Place
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.notifications.inbound import Incoming, NotUnderstood
from coppice.notifications.inbound.registry import registry

pytestmark = pytest.mark.django_db


def mail(text: str, asked_at: datetime | None = None) -> Incoming:
    return Incoming(
        text=text,
        html="",
        subject="Re: To decide",
        attachments=(),
        mail_id=1,
        message_id="<1@example.org>",
        at=timezone.now(),
        asked_at=asked_at,
    )


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("one", "2. The van is free", ({"Van": 1}, "The van is free")),
        ("one", "Bus", ({"Bus": 1}, "")),
        ("one", "1, 2", None),
        ("one", "4", None),
        ("one", "I do not know", None),
        ("several", "Hello Ana,\n1 and 3\nBoth are cheap", ({"Bus": 1, "Bike": 1}, "Both are cheap")),
        ("dots", "1: 2, 3: 1\nNot the van", ({"Bus": 2, "Bike": 1}, "Not the van")),
        ("dots", "7: 2", None),
        ("dots", "the bus", None),
        ("ranking", "3, 1, 2", ({"Bike": 1, "Bus": 2, "Van": 3}, "")),
        ("ranking", "Bus", None),
    ],
)
def test_numbers_and_names_of_options_are_read(kind, text, said):
    (ana,) = make_circle("Ana Ruiz")
    decision = open_decision(begin(ana), kind=kind, dots=3, options=["Bus", "Van", "Bike"])
    labels = {each.pk: each.label for each in decision.options.all()}

    found = read(decision, text)

    assert (found and ({labels[pk]: weight for pk, weight in found.weights.items()}, found.words)) == said


@pytest.mark.parametrize(
    ("text", "stance", "words"),
    [
        ("Yes", "agree", ""),
        ("Yes, from June on", "note", "from June on"),
        ("No. I work till one", "object", "I work till one"),
        ("Stand aside, I am away", "aside", "I am away"),
        ("A un lado", "aside", ""),
    ],
)
def test_a_word_consents_objects_or_stands_aside(text, stance, words):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), "We close at noon", kind="consent")

    registry.purposes["decision"].receive(ben.person, decision.pk, mail(text))

    ballot = Ballot.objects.get(membership=ben)
    assert (ballot.stance, ballot.words, ballot.entered_by) == (stance, words, None)


def test_what_cannot_be_read_says_how_to_answer_and_where():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    (stranger,) = make_circle("Dan Poe")
    decision = open_decision(begin(ana), "We close at noon", kind="consent")
    receive = registry.purposes["decision"].receive

    for text in ("No", "Maybe", "What is it about?"):
        with pytest.raises(NotUnderstood) as refused:
            receive(ben.person, decision.pk, mail(text))
        assert "“aside” to stand aside" in str(refused.value.sentence)
        assert refused.value.do_path == answer_path(decision, ben)
    for person, number in ((stranger.person, decision.pk), (ben.person, 0)):
        with pytest.raises(NotUnderstood) as refused:
            receive(person, number, mail("Yes"))
        assert "no longer there" in str(refused.value.sentence)
    assert not Ballot.objects.exists()


def test_who_leads_reads_the_original_unless_it_is_without_names():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    staff = make_staff(ana.community.program, "Gus Moe")
    named, secret = open_decision(begin(ana)), open_decision(begin(ana), is_secret=True)

    assert [may_read(each, named.pk) for each in (ana.person, staff, ben.person)] == [True, True, False]
    assert [may_read(ana.person, number) for number in (secret.pk, 0)] == [False, False]


def change(decision: Decision, **words) -> None:
    """Change a decision; what is not said stays as it is."""
    options = [OptionWords(each.label, each.meaning, each.pk) for each in decision.options.all()]
    said = {"question": decision.question, "background": decision.background, "options": options}
    closes_at = decision.closes_at + timedelta(days=1)
    decisions.edit(decision, by=decision.opened_by, closes_at=closes_at, time_zone="UTC", **{**said, **words})
    decision.refresh_from_db()


def test_an_answer_to_a_mail_in_other_words_does_not_count():
    """Its "1" would be another option now, its "yes" one to another proposal."""
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    days = open_decision(begin(ana), options=["Tuesday", "Friday"])
    proposal = open_decision(begin(ana), "We close at noon", kind="consent")
    tuesday, friday = (OptionWords(each.label, option_id=each.pk) for each in days.options.all())
    asked_at = timezone.now()
    receive = registry.purposes["decision"].receive

    change(days, options=[friday, tuesday])
    change(proposal, question="We close at one")
    for decision, text in ((days, "1"), (proposal, "Yes")):
        with pytest.raises(NotUnderstood) as refused:
            receive(ben.person, decision.pk, mail(text, asked_at))
        assert "changed meanwhile" in str(refused.value.sentence)
        assert refused.value.do_path == answer_path(decision, ben)
    assert not Ballot.objects.exists()

    receive(ben.person, days.pk, mail("1", timezone.now()))
    assert Ballot.objects.get().choices.get().option.label == "Friday"


def test_more_time_alone_leaves_the_mail_that_asked_as_it_is():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), options=["Tuesday", "Friday"])
    asked_at = timezone.now()

    change(decision, background="The hall is free on both.")
    registry.purposes["decision"].receive(ben.person, decision.pk, mail("2", asked_at))

    assert (decision.edited_at, Ballot.objects.get().choices.get().option.label) == (None, "Friday")


def test_who_may_not_answer_on_the_page_does_not_answer_by_mail():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    decision, locked = open_decision(begin(ana)), open_decision(begin(ana))
    tomorrow = date.today() + timedelta(days=2)
    peace.stop(Place(ana.community, ben.person_id, "Ben"), by=ana.person, until=tomorrow, reason="Rest.")
    peace.arrange(locked.thread, by=ana.person, what="locked", wanted=True)

    for member, asked in ((ben, decision), (cora, locked)):
        with pytest.raises(NotYourConversation):
            registry.purposes["decision"].receive(member.person, asked.pk, mail("1"))
    assert not Ballot.objects.exists()
