"""Deciding in a conversation: opened, answered, worked through, changed, and its outcome."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member
from coppice.conversations import decision_errors as errors
from coppice.conversations import decision_finding, tasks
from coppice.conversations.actions import decisions, posts
from coppice.conversations.actions.decisions import OptionWords, Said
from coppice.conversations.decision_board import result_of
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.errors import TalkIsOver
from coppice.conversations.moderation_models import TalkRules
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.history.models import Entry
from coppice.notifications.models import Line, Message, Rhythm
from coppice.notifications.tellings import reworded, worth_telling
from coppice.search.models import Mark

pytestmark = pytest.mark.django_db


def say(decision: Decision, membership: Membership, *numbers: int, **said) -> Ballot:
    """Choose options by their numbers, each with weight 1, or with weights as "3x2"."""
    options = list(decision.options.all())
    weights = {options[number - 1].pk: 1 for number in numbers}
    weights |= {options[number - 1].pk: weight for number, weight in said.pop("weights", {}).items()}
    by = said.pop("by", membership.person)
    return decisions.answer(decision, membership=membership, said=Said(weights, **said), by=by)


def occasions(start: str) -> list[str]:
    mails = Message.objects.filter(occasion__startswith=start)
    return sorted(each.recipient.name for each in mails.select_related("recipient"))


def later(moment):
    return patch("django.utils.timezone.now", return_value=moment)


def test_members_choose_change_their_mind_and_the_outcome_is_told():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    decision = open_decision(begin(ana), "Which day?", options=["Tuesday", "Friday"])
    tasks.see_to_decision.func(decision.pk)
    say(decision, ana, 1)
    say(decision, ben, 2)
    say(decision, ben, 1, words="The van is free")
    say(decision, ben, 1, words="The van is free")

    result = result_of(decision, ana.person)
    decisions.decide(decision, outcome="Tuesdays from May.", by=ana.person)
    for _time in range(2):
        tasks.see_to_decision.func(decision.pk)
        tasks.see_to_decisions.func()

    assert [(row.label, row.people, row.names) for row in result.rows] == [
        ("Tuesday", 2, ["Ana Ruiz", "Ben Ode"]),
        ("Friday", 0, []),
    ]
    assert (result.answered, result.asked, [each.pk for each in result.waiting]) == (2, 3, [cora.pk])
    assert occasions("decision-asked") == ["Ana Ruiz", "Ben Ode", "Cora Li"]
    assert occasions("decision-outcome") == ["Ben Ode", "Cora Li"]
    mail = Message.objects.get(recipient=cora.person, occasion__startswith="decision-asked")
    assert mail.reply_to == f"decision:{decision.pk}"
    assert "1. Tuesday" in mail.text
    verbs = Entry.objects.filter(verb__startswith="decision.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["decision.opened", *["decision.answered"] * 3, "decision.decided"]
    with pytest.raises(errors.DecisionIsClosed):
        say(decision, cora, 1)
    with pytest.raises(errors.DecisionIsClosed):
        decisions.decide(decision, outcome="Fridays", by=ana.person)


def test_what_cannot_be_asked_or_answered_is_refused():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    for refused, given in (
        (errors.NoQuestion, {"question": " "}),
        (errors.TooFewOptions, {"options": ["Yes", "yes"]}),
        (errors.TooManyOptions, {"options": [str(number) for number in range(13)]}),
        (errors.ClosesTooSoon, {"closes_at": timezone.now() - timedelta(minutes=1)}),
    ):
        with pytest.raises(refused):
            open_decision(thread, **given)
    one = open_decision(thread, options=["Tuesday", "Friday"])
    dots = open_decision(begin(ana), kind="dots", dots=3, options=["Bus", "Van"])
    consent = open_decision(begin(ana), kind="consent")
    (stranger,) = make_circle("Dan Poe")
    gone = add_member(ana.community, "Eve", state=Membership.State.LEFT)

    with pytest.raises(errors.DecisionUnderWay):
        open_decision(thread)
    for refused, answer in (
        (errors.NothingChosen, lambda: say(one, ben)),
        (errors.OnlyOne, lambda: say(one, ben, 1, 2)),
        (errors.NotAnOption, lambda: decisions.answer(one, membership=ben, said=Said({0: 1}), by=ben.person)),
        (errors.NotAskedThere, lambda: say(one, stranger, 1)),
        (errors.NotAskedThere, lambda: say(one, gone, 1)),
        (errors.TooManyDots, lambda: say(dots, ben, weights={1: 2, 2: 2})),
        (errors.NothingChosen, lambda: say(consent, ben, stance="")),
        (errors.NoReasonGiven, lambda: say(consent, ben, stance="object", words=" ")),
        (errors.NoOutcome, lambda: decisions.decide(one, outcome=" ", by=ana.person)),
    ):
        with pytest.raises(refused):
            answer()
    ana.community.ended_at = timezone.now()
    ana.community.save()
    for over in (lambda: say(one, ben, 1), lambda: open_decision(thread)):
        with pytest.raises(TalkIsOver):
            over()


def test_who_has_no_post_out_yet_asks_nobody_where_first_posts_wait():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    TalkRules.objects.create(community=ana.community, holds_first_posts=True)
    thread = begin(ana)

    with pytest.raises(errors.WriteFirst):
        open_decision(thread, by=ben.person)
    assert open_decision(thread, by=ana.person).is_open


def test_dots_add_up_and_a_common_order_names_ties():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    dots = open_decision(begin(ana), kind="dots", dots=3, options=["Bus", "Van", "Bike"])
    order = open_decision(begin(ana), kind="ranking", options=["Bus", "Van", "Bike"])
    say(dots, ana, weights={1: 2, 2: 1})
    say(dots, ben, weights={1: 3})
    say(order, ana, weights={1: 1, 2: 2, 3: 3})
    say(order, ben, weights={2: 1, 1: 2})
    say(order, cora, weights={3: 3, 1: 1, 2: 1})

    result, ranked = result_of(dots, ana.person), result_of(order, ana.person)

    assert [(row.label, row.weight, row.people) for row in result.rows] == [
        ("Bus", 5, 2), ("Van", 1, 1), ("Bike", 0, 0)
    ]  # fmt: skip
    assert [word.says for word in result.words] == ["Bus: 2, Van: 1", "Bus: 3"]
    assert [(row.label, row.place, row.is_tied, row.weight) for row in ranked.rows] == [
        ("Bus", 1, True, 2), ("Van", 1, True, 2), ("Bike", 3, False, 0)
    ]  # fmt: skip
    assert ranked.pairs == [
        ("Bus", [None, 1, 3]), ("Van", [1, None, 3]), ("Bike", [0, 0, None])
    ]  # fmt: skip
    assert [word.says for word in ranked.words] == [
        "1. Bus, 2. Van, 3. Bike", "1. Van, 2. Bus", "1. Bus, 1. Van, 3. Bike"
    ]  # fmt: skip


def test_answers_without_names_are_counted_from_five_on_and_when_it_is_over():
    people = make_circle("Ana", "Ben", "Cora", "Dan", "Eve")
    decision = open_decision(begin(people[0]), options=["Yes", "No"], is_secret=True)
    for each in people[:4]:
        say(decision, each, 1, words=f"So says {each.enrollment}")
    over = patch.object(Decision, "is_open", False)

    with over:
        four = result_of(decision, people[0].person)
    say(decision, people[4], 2)
    still_open = result_of(decision, people[0].person)
    with over:
        five = result_of(decision, people[0].person)

    assert (four.is_hidden, four.rows, four.reasons, four.answered) == (True, [], [], 4)
    assert (still_open.is_hidden, still_open.rows) == (True, [])
    assert [(row.label, row.people, row.names) for row in five.rows] == [("Yes", 4, []), ("No", 1, [])]
    assert (five.words, len(five.reasons)) == ([], 4)


def test_counts_without_names_are_shown_once_so_that_no_further_answer_is_known(client):
    people = make_circle("Ana", "Ben", "Cora", "Dan", "Eve", "Fay")
    ana = people[0]
    decision = open_decision(begin(ana), options=["Yes", "No"], is_secret=True)
    few = open_decision(begin(ana), options=["Yes", "No"], is_secret=True)
    for each in people[:5]:
        say(decision, each, 1)
    say(few, ana, 1)
    moment = timezone.now() - timedelta(minutes=1)
    Decision.objects.update(closes_at=moment)
    longer = {"closes_at": timezone.now() + timedelta(days=1), "time_zone": "UTC", "background": ""}
    client.force_login(ana.person)

    for each in (decision, few):
        each.refresh_from_db()
    given = [
        (each, [OptionWords(option.label, option_id=option.pk) for option in each.options.all()])
        for each in (decision, few)
    ]
    with pytest.raises(errors.CountsAreShown):
        decisions.edit(decision, by=ana.person, question=decision.question, options=given[0][1], **longer)
    decisions.edit(few, by=ana.person, question=few.question, options=given[1][1], **longer)

    decision.refresh_from_db()
    assert decision.closes_at == moment
    assert Decision.objects.get(pk=few.pk).is_open
    assert [
        "Change the question or the time" in client.get(each.get_absolute_url()).text
        for each in (decision, few)
    ] == [False, True]


def test_the_record_does_not_tell_whether_an_entered_answer_without_names_was_there_before():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    secret, named = (open_decision(begin(ana), is_secret=is_secret) for is_secret in (True, False))
    say(secret, ben, 1, by=ana.person)
    say(named, ben, 1)
    for decision in (secret, named):
        say(decision, ben, 1, by=ana.person)

    answered = Entry.objects.filter(verb="decision.answered", actor=ana.person)

    assert [each.detail["decision"] for each in answered] == [secret.pk, secret.pk]


def test_an_objection_is_mailed_worked_through_and_called_resolved():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    decision = open_decision(begin(ben), "We close at noon", by=ben.person, kind="consent", is_secret=True)
    say(decision, ana, stance="agree")
    ballot = say(decision, cora, stance="object", words="I work till one", proposal="At one")

    before = result_of(decision, ana.person)
    with pytest.raises(errors.NothingChosen):
        decisions.work_through(ballot, way="change", reply=" ", by=ana.person)
    for _time in range(2):
        decisions.work_through(ballot, way="change", reply="At one", by=ana.person)
    decisions.resolve(ballot, is_resolved=False, by=cora.person)
    stands = result_of(decision, ana.person).standing
    decisions.resolve(ballot, is_resolved=True, by=cora.person)

    assert not decision.is_secret
    assert (before.standing, stands, result_of(decision, ana.person).standing) == (1, 1, 0)
    assert occasions("decision-objection:") == ["Ana Ruiz", "Ben Ode"]
    assert occasions("decision-objection-answered") == ["Cora Li"]
    say(decision, cora, stance="object", words="Another reason")
    assert Ballot.objects.get(pk=ballot.pk).reply == ""
    decisions.decide(decision, outcome="At one.", by=ana.person)
    with pytest.raises(errors.DecisionIsClosed):
        decisions.resolve(ballot, is_resolved=True, by=cora.person)


def test_a_change_puts_back_the_answers_to_other_words_and_asks_again():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    decision = open_decision(begin(ana), "Which day?", options=["Tuesday", "Friday", "Sunday"])
    say(decision, ana, 1)
    say(decision, ben, 2)
    say(decision, cora, 3)
    tuesday, friday, _sunday = decision.options.all()
    words = {
        "question": "Which day?",
        "background": "",
        "options": [
            OptionWords("Friday", "After two", friday.pk),
            OptionWords("Tuesday", option_id=tuesday.pk),
            OptionWords("Monday"),
        ],
    }

    effects = decisions.effects_of(decision, **words)
    closes_at = decision.closes_at + timedelta(days=1)
    edited = decisions.edit(decision, by=ana.person, closes_at=closes_at, time_zone="UTC", **words)
    tasks.ask_again.func(decision.pk, [ben.pk, cora.pk])

    assert ([each.membership for each in effects.put_back], effects.kept) == ([ben, cora], 1)
    assert [each.label for each in edited.options.all()] == ["Friday", "Tuesday", "Monday"]
    assert [each.membership for each in Ballot.objects.all()] == [ana]
    assert occasions("decision-again") == ["Ben Ode", "Cora Li"]
    assert Entry.objects.get(verb="decision.changed").detail["put_back"] == 2
    decisions.decide(decision, outcome="Monday", by=ana.person)
    with pytest.raises(errors.DecisionIsClosed):
        decisions.edit(decision, by=ana.person, closes_at=closes_at, time_zone="UTC", **words)
    assert tasks.deciding.ask_again(decision.pk, membership_ids=[ben.pk]) == 0


def test_a_change_of_options_without_names_puts_back_every_answer():
    """Else it would show who had chosen the option that was changed."""
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), options=["Tuesday", "Friday"], is_secret=True)
    say(decision, ana, 1)
    say(decision, ben, 2)
    tuesday, friday = decision.options.all()
    words = {"question": decision.question, "background": "Think"}
    kept = [OptionWords("Tuesday", option_id=tuesday.pk), OptionWords("Friday", option_id=friday.pk)]

    same = decisions.effects_of(decision, options=kept, **words)
    other = decisions.effects_of(decision, options=[kept[0], OptionWords("Sunday")], **words)

    assert (len(same.put_back), len(other.put_back)) == (0, 2)


def test_a_conversation_that_decided_stays_when_its_only_post_is_taken_back():
    (ana,) = make_circle("Ana Ruiz")
    decision = open_decision(begin(ana))

    posts.take_back(decision.thread.posts.get(), by=ana.person)

    assert Decision.objects.get().thread.post_count == 0


def test_another_proposal_puts_back_every_consent():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), "We close at noon", kind="consent")
    say(decision, ben, stance="aside")
    words = {"question": "We close at noon", "options": []}

    same = decisions.effects_of(decision, background="", **words)
    other = decisions.effects_of(decision, background="On Fridays only", **words)
    decisions.edit(
        decision,
        by=ana.person,
        closes_at=decision.closes_at,
        time_zone="UTC",
        background="On Fridays only",
        **words,
    )

    assert (len(same.put_back), len(other.put_back)) == (0, 1)
    assert not Ballot.objects.exists()


def test_who_has_not_answered_is_reminded_once_and_the_outcome_is_asked_for_twice():
    ana, ben, _cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    decision = open_decision(begin(ben), by=ben.person, options=["Yes", "No"])
    tasks.see_to_decisions.func()
    say(decision, ana, 1)
    counts = []
    for moment in (
        decision.closes_at - timedelta(days=1, minutes=1),
        decision.closes_at - timedelta(hours=23),
        decision.closes_at - timedelta(hours=1),
        decision.closes_at + timedelta(minutes=1),
        decision.closes_at + timedelta(days=1),
        decision.closes_at + timedelta(days=3, minutes=1),
        decision.closes_at + timedelta(days=9),
    ):
        with later(moment):
            tasks.see_to_decisions.func()
        counts.append(Message.objects.exclude(occasion__startswith="decision-asked").count())

    assert counts == [0, 2, 2, 3, 3, 4, 4]
    assert occasions("decision-reminder") == ["Ben Ode", "Cora Li"]
    assert occasions("decision-wanted") == ["Ben Ode", "Ben Ode"]


def test_leaders_are_asked_for_the_outcome_when_who_opened_it_has_gone():
    _ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ben), by=ben.person)
    Membership.objects.filter(pk=ben.pk).update(state=Membership.State.LEFT)

    with later(decision.closes_at):
        tasks.see_to_decision.func(decision.pk)

    assert occasions("decision-wanted") == ["Ana Ruiz"]


def test_a_digest_tells_what_waits_for_an_answer_until_it_is_given():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    for each in (ben, cora):
        Rhythm.objects.create(person=each.person, list_key=ana.community.list_key, rhythm="daily")
    decision = open_decision(begin(ana), options=["Yes", "No"])
    tasks.see_to_decision.func(decision.pk)
    asked = list(Line.objects.order_by("person"))
    both = worth_telling(asked)
    say(decision, ben, 1)
    one = worth_telling(asked)
    decisions.decide(decision, outcome="Yes.", by=ana.person)
    tasks.see_to_decision.func(decision.pk)
    Membership.objects.filter(pk=cora.pk).update(state=Membership.State.LEFT)

    assert [(each.section, each.title) for each in asked] == [("answer", decision.question)] * 2
    assert both == {each.pk for each in asked}
    assert one == {each.pk for each in asked if each.person_id == cora.person_id}
    told = Line.objects.filter(section="decisions")
    assert worth_telling(Line.objects.all()) == {told.get(person=ben.person).pk}


def test_a_digest_tells_the_question_as_it_is_asked_now():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    Rhythm.objects.create(person=ben.person, list_key=ana.community.list_key, rhythm="daily")
    decision = open_decision(begin(ana), "We close at noon", kind="consent")
    tasks.see_to_decision.func(decision.pk)

    decisions.edit(
        decision,
        by=ana.person,
        question="We close at one",
        background="",
        closes_at=decision.closes_at,
        time_zone="UTC",
    )
    lines = list(Line.objects.filter(person=ben.person, kind="decision"))
    reworded(lines)

    assert [(each.title, each.words) for each in lines] == [
        ("We close at one", "Ana Ruiz asks you to decide.")
    ]


def test_an_answer_from_paper_says_that_somebody_else_entered_it():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), options=["Yes", "No"])

    say(decision, ben, 1, by=ana.person)
    entered = Ballot.objects.get().entered_by
    say(decision, ben, 2)

    assert entered == ana.person
    assert Ballot.objects.get().entered_by is None


def test_a_decision_is_found_by_its_question_options_and_outcome():
    (ana,) = make_circle("Ana Ruiz")
    decision = open_decision(
        begin(ana), "Which day?", options=["Tuesday", "Friday"], background="**Both** work"
    )
    before = {each.object_id for each in Mark.objects.filter(kind="decision")}
    Mark.objects.all().delete()
    decisions.decide(decision, outcome="Tuesdays.", by=ana.person)
    after = {each.object_id for each in Mark.objects.filter(kind="decision")}

    [document] = decision_finding.documents([decision.pk])

    assert before == after == {decision.pk}
    assert (document.title, document.words) == ("Which day?", "Tuesdays.\nBoth work\nTuesday\nFriday")
    assert document.audience == [
        f"community:{ana.community_id}",
        f"provider:{ana.community.program.provider_id}",
    ]
