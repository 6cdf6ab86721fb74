"""The pages of decisions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts.models import Person
from coppice.communities.models import Membership
from coppice.communities.tests.factories import make_staff
from coppice.conversations.actions import decisions
from coppice.conversations.actions.decisions import OptionWords, Said
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.meetings.actions import time_polls

pytestmark = pytest.mark.django_db


def asked(**given) -> dict[str, object]:
    """What the form of a new question sends."""
    day = timezone.localdate() + timedelta(days=5)
    return {
        "question": "Which day?",
        "background": "The van is free on **both**.",
        "new_label_1": "Tuesday",
        "new_meaning_1": "We move from May",
        "new_label_2": "Friday",
        "closes_on": day.isoformat(),
        "closes_time": "18:00",
        "time_zone": "Pacific/Auckland",
    } | given


def test_a_member_asks_others_answer_and_the_outcome_stands_on_top(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ben)
    client.force_login(ben.person)
    new = reverse("conversations:decision_new", args=[thread.pk])
    kinds = client.get(new).text
    wrong = client.post(
        f"{new}?kind=one", asked(new_label_2="", new_meaning_2="And?", closes_on="2020-01-01")
    )
    sent = client.post(f"{new}?kind=one", asked())
    decision = Decision.objects.get()
    tuesday, friday = decision.options.all()
    answer = reverse("conversations:decision_answer", args=[decision.pk])

    nothing = client.post(answer, {})
    client.post(answer, {"choice": friday.pk, "words": "Because"})
    Person.objects.filter(pk=ana.person_id).update(time_zone="America/Chicago")
    client.force_login(ana.person)
    client.post(answer, {"choice": tuesday.pk})
    page = client.get(decision.get_absolute_url()).text
    table = client.get(reverse("conversations:decision_file", args=[decision.pk]))
    outcome = reverse("conversations:decision_outcome", args=[decision.pk])
    empty = client.post(outcome, {"outcome": " "})
    told = client.post(outcome, {"outcome": "Tuesdays."})
    again = client.post(outcome, {"outcome": "Fridays."})

    assert "?kind=consent" in kinds
    assert (wrong.status_code, nothing.status_code, empty.status_code, again.status_code) == (
        422,
        422,
        422,
        403,
    )
    assert "Name the option whose meaning you say." in wrong.text
    assert "Choose a time to come, within a year." in wrong.text
    assert sent.headers["Location"] == decision.get_absolute_url()
    assert decision.closes_at.astimezone(decision.zone).hour == 18
    for words in ("We move from May", "<strong>both</strong>", "Because", "Auckland time", "2 of 2 members"):
        assert words in page
    assert table.text.splitlines()[1].startswith("Ana Ruiz,Tuesday,,")
    assert told.headers["Location"] == thread.get_absolute_url()
    assert "Tuesdays." in client.get(thread.get_absolute_url()).text
    assert "Tuesdays." in client.get(reverse("conversations:decisions", args=[ana.community_id])).text


def test_a_thread_that_is_deciding_opens_no_second_one(client):
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    open_decision(thread, "First?")
    client.force_login(ana.person)

    page = client.post(f"{reverse('conversations:decision_new', args=[thread.pk])}?kind=one", asked())

    nameless = client.post(reverse("conversations:decision_new", args=[thread.pk]), asked())

    assert page.status_code == 422
    assert "This conversation is deciding something already." in page.text
    assert asked()["question"] in page.text
    assert nameless.headers["Location"] == reverse("conversations:decision_new", args=[thread.pk])
    assert "First?" in client.get(nameless.headers["Location"]).text
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("several", lambda one, two: {"choices": [one, two]}, "Bus, Van"),
        ("dots", lambda one, two: {f"option_{one}": 2, f"option_{two}": 1}, "Bus: 2, Van: 1"),
        ("ranking", lambda one, two: {f"option_{one}": 2, f"option_{two}": 1}, "1. Van, 2. Bus"),
    ],
)
def test_each_kind_is_asked_answered_and_shown_again(client, kind, given, said):
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    client.force_login(ana.person)
    new = reverse("conversations:decision_new", args=[thread.pk])
    client.post(f"{new}?kind={kind}", asked(dots=3, new_label_1="Bus", new_label_2="Van"))
    decision = Decision.objects.get()
    one, two = decision.options.values_list("pk", flat=True)
    answer = reverse("conversations:decision_answer", args=[decision.pk])

    nothing = client.post(answer, {})
    too_many = client.post(answer, {f"option_{one}": 3, f"option_{two}": 3}) if kind == "dots" else nothing
    sent = client.post(answer, given(one, two))
    page = client.get(decision.get_absolute_url()).text

    assert (nothing.status_code, too_many.status_code, sent.status_code) == (422, 422, 302)
    assert said in page
    assert ("checked" if kind == "several" else "selected" if kind == "ranking" else 'value="2"') in page


def test_an_objection_is_worked_through_on_the_pages(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    decision = open_decision(begin(ana), "We close at noon", kind="consent")
    client.force_login(cora.person)
    answer = reverse("conversations:decision_answer", args=[decision.pk])
    no_reason = client.post(answer, {"stance": "object", "words": ""})
    client.post(answer, {"stance": "object", "words": "I work till one", "proposal": "At one"})
    ballot = Ballot.objects.get()
    objection = reverse("conversations:decision_objection", args=[ballot.pk])
    resolution = reverse("conversations:decision_resolution", args=[ballot.pk])
    client.force_login(ben.person)
    not_theirs = [client.get(objection).status_code, client.post(resolution).status_code]
    client.force_login(ana.person)
    shown = client.get(objection).text
    worked = client.post(objection, {"way": "change", "reply": "At one, then"})
    empty = client.post(objection, {"way": "change", "reply": ""})
    client.force_login(cora.person)
    neither = client.post(resolution, {})
    page = client.get(decision.get_absolute_url()).text
    client.post(resolution, {"is_resolved": "yes"})

    assert (no_reason.status_code, empty.status_code, not_theirs) == (422, 422, [403, 403])
    assert "I work till one" in shown
    assert worked.status_code == neither.status_code == 302
    assert "At one, then" in page
    assert "My objection is resolved" in page
    assert Ballot.objects.get().is_resolved is True
    decisions.decide(decision, outcome="At one.", by=ana.person)
    assert client.post(resolution, {"is_resolved": "no"}).status_code == 403


def test_a_leader_enters_an_answer_from_paper_and_without_names_sees_nothing_of_before(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    named = open_decision(begin(ana))
    secret = open_decision(begin(ana), is_secret=True)
    for each in (named, secret):
        yes = each.options.all()[0]
        decisions.answer(each, membership=ben, said=Said({yes.pk: 1}, words="Secret"), by=ben.person)
    client.force_login(ana.person)

    def entry(decision):
        return reverse("conversations:decision_for_somebody", args=[decision.pk, ben.pk])

    pages = [client.get(entry(each)).text for each in (named, secret)]
    wrong = client.post(entry(named), {})
    saved = client.post(entry(named), {"choice": named.options.all()[1].pk})
    over = client.post(entry(secret), {"choice": secret.options.all()[1].pk})

    assert ["Secret" in each for each in pages] == [True, False]
    assert ["gave this answer, not on paper" in each for each in pages] == [True, False]
    assert (over.status_code, "They have answered themself" in over.text) == (422, True)
    assert Ballot.objects.get(decision=secret).choices.get().option == secret.options.all()[0]
    assert (wrong.status_code, saved.status_code) == (422, 302)
    assert "(entered by somebody else)" in client.get(named.get_absolute_url()).text
    assert "Ben Ode" not in client.get(reverse("conversations:decision_file", args=[secret.pk])).text


def test_a_change_that_puts_answers_back_is_saved_only_after_it_was_said(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), "Which day?", options=["Tuesday", "Friday"])
    tuesday, friday = decision.options.all()
    decisions.answer(decision, membership=ben, said=Said({friday.pk: 1}), by=ben.person)
    client.force_login(ana.person)
    address = reverse("conversations:decision_edit", args=[decision.pk])
    closing = asked(background="")
    words = {
        name: closing[name] for name in ("question", "background", "closes_on", "closes_time", "time_zone")
    }
    words |= {
        f"label_{tuesday.pk}": "Tuesday",
        f"label_{friday.pk}": "Friday",
        f"meaning_{friday.pk}": "At two",
    }

    shown = client.get(address).text
    told = client.post(address, words)
    kept = Ballot.objects.count()
    saved = client.post(address, {**words, "put_back": str(Ballot.objects.get().pk)})

    assert "1 person has answered." in shown
    assert (told.status_code, kept, saved.status_code) == (422, 1, 302)
    assert "Nothing is saved yet." in told.text
    assert not Ballot.objects.exists()
    assert decision.options.get(pk=friday.pk).meaning == "At two"


def test_who_is_no_member_reads_and_answers_nothing(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana))
    staff = make_staff(ana.community.program, "Gus Moe")
    (stranger,) = make_circle("Dan Poe")
    answer = reverse("conversations:decision_answer", args=[decision.pk])
    statuses = []
    for person in (staff, stranger.person):
        client.force_login(person)
        statuses.append(
            (client.get(decision.get_absolute_url()).status_code, client.post(answer).status_code)
        )
    Membership.objects.filter(pk=ben.pk).update(state=Membership.State.PAUSED)
    client.force_login(ben.person)

    talk = reverse("conversations:threads", args=[ana.community_id])
    waits = [client.get(talk).text]
    assert statuses == [(200, 403), (404, 404)]
    assert client.post(answer, {"choice": decision.options.all()[0].pk}).status_code == 302
    waits.append(client.get(talk).text)
    assert ["Waits for your answer" in page for page in waits] == [True, False]


def test_what_came_of_a_conversation_in_another_room_stands_in_it(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread, other = begin(ana), begin(ana)
    starts_at = timezone.now() + timedelta(days=9)
    time_polls.ask(
        ana.community,
        title="Winter",
        minutes=60,
        time_zone="UTC",
        starts=[starts_at],
        closes_on=starts_at.date() - timedelta(days=1),
        by=ana.person,
        said_in=f"thread:{thread.pk}",
    )
    client.force_login(ben.person)

    pages = [client.get(each.get_absolute_url()).text for each in (thread, other)]

    assert ["A time for “Winter”" in page for page in pages] == [True, False]


@pytest.mark.parametrize("is_paper", [False, True])
def test_an_answer_to_an_older_page_is_shown_again_before_it_counts(client, is_paper):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), kind="several", options=["Tuesday", "Friday"])
    first, second = decision.options.all()
    page = reverse("conversations:decision", args=[decision.pk])
    send = reverse("conversations:decision_answer", args=[decision.pk])
    if is_paper:
        page = send = reverse("conversations:decision_for_somebody", args=[decision.pk, ben.pk])
    client.force_login(ana.person if is_paper else ben.person)
    given = {"choices": [first.pk, second.pk], "asked": client.get(page).context["form"]["asked"].value()}
    decisions.edit(
        decision,
        by=ana.person,
        question=decision.question,
        background="",
        closes_at=decision.closes_at,
        time_zone="UTC",
        options=[OptionWords("Sunday", option_id=first.pk), OptionWords("Friday", option_id=second.pk)],
    )

    older = client.post(send, given)
    assert (older.status_code, Ballot.objects.count()) == (422, 0)
    assert "The question was changed meanwhile." in older.text
    assert older.text.count(" checked") == 2

    again = client.post(send, given | {"asked": older.context["form"]["asked"].value()})
    assert (again.status_code, Ballot.objects.get().choices.count()) == (302, 2)


def test_who_begins_with_a_decision_goes_on_to_say_how_it_is_decided(client):
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    client.force_login(ana.person)
    new = reverse("conversations:new", args=[ana.community_id])

    posted = client.post(new, {"kind": "decision", "title": "A second phone?", "markdown": "It costs 12."})
    asking = client.get(posted.headers["Location"] + "?kind=one").text

    thread = ana.community.threads.get()
    assert posted.headers["Location"] == reverse("conversations:decision_new", args=[thread.pk])
    assert 'name="question" value="A second phone?"' in asking
