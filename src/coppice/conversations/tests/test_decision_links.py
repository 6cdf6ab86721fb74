"""Answering a decision by the link in its mail, without signing in."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.tests.factories import make_staff
from coppice.conversations.actions import deciding, decisions, remarks
from coppice.conversations.actions.decisions import Said
from coppice.conversations.decision_links import answer_path
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.decision_words import Words
from coppice.conversations.remark_models import Remark
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db
P = Remark.Part


def fields(kind: str, options: list[int]) -> dict[str, object]:
    """What a browser without scripts sends for each kind of decision."""
    first, second = options or (0, 0)
    return {
        "one": {"choice": second},
        "several": {"choices": [first, second]},
        "dots": {f"option_{first}": 1, f"option_{second}": 2},
        "ranking": {f"option_{first}": "2", f"option_{second}": "1"},
        "consent": {"stance": "object", "words": "I work till one"},
    }[kind]


@pytest.mark.parametrize("kind", Decision.Kind.values)
def test_the_link_in_the_mail_answers_each_kind_of_decision_and_a_get_changes_nothing(client, kind):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), kind=kind, dots=3)
    deciding.see_to(decision.pk)
    text = Message.objects.get(recipient=ben.person, occasion=f"decision-asked:{decision.pk}").text
    [path] = re.findall(r"https?://[^/\s]+(/own-decisions/\S+)", text)

    page = client.get(path)
    assert (page.status_code, Ballot.objects.count()) == (200, 0)
    sent = client.post(f"{path}answer/", fields(kind, [each.pk for each in decision.options.all()]))

    assert (sent.status_code, sent["Location"]) == (302, path)
    ballot = Ballot.objects.get()
    assert (ballot.membership, ballot.entered_by) == (ben, None)
    assert "which you can change" in client.get(path).text
    assert client.post(f"{path}answer/", {}).status_code == 422


def test_the_link_is_its_persons_alone_and_ends_with_the_decision(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), "Do we meet on Tuesdays?")
    other = open_decision(begin(ana, "Another one"))
    path = answer_path(decision, ben)
    vote = {"choice": decision.options.all()[0].pk}

    forged = path.replace(f"/{decision.pk}-", f"/{other.pk}-")
    foreign = path.replace(f"-{ben.person_id}:", f"-{ana.person_id}:")
    assert [client.get(each).status_code for each in (forged, foreign)] == [404, 404]
    Decision.objects.filter(pk=decision.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    late = client.post(f"{path}answer/", vote)
    assert (late.status_code, Ballot.objects.count()) == (422, 0)
    assert "The time to answer is over" in late.text
    decision.refresh_from_db()
    decisions.decide(decision, outcome="Tuesdays, from May", by=ana.person)
    assert "Tuesdays, from May" in client.get(path).text
    type(ben).objects.filter(pk=ben.pk).update(state="left")
    assert client.get(path).status_code == 404


def test_who_objected_says_by_the_link_whether_the_answer_resolves_it(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana), "We close at noon", kind="consent")
    said = Said(stance="object", words="I work till one")
    ballot = decisions.answer(decision, membership=ben, said=said, by=ben.person)
    path = answer_path(decision, ben)
    resolution = f"{path}resolution/"

    early = client.post(resolution, {"is_resolved": "yes"}, follow=True)
    assert "No objection of yours waits for this any more." in early.text
    decisions.work_through(ballot, by=ana.person, way="change", reply="We close at two")
    assert reverse("conversations:own_resolution", args=[path.split("/")[2]]) in client.get(path).text
    assert "Choose one" in client.post(resolution, {}).text
    assert client.post(resolution, {"is_resolved": "yes"}).status_code == 302

    ballot.refresh_from_db()
    assert (ballot.is_resolved, "The answer to your objection" in client.get(path).text) == (True, True)


def test_the_link_shows_no_words_that_are_hidden(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    staff = make_staff(ana.community.program)
    decision = open_decision(begin(ana), "We close at noon", kind="consent", background="Tom is lazy")
    said = Said(stance="object", words="I work till one")
    ballot = decisions.answer(decision, membership=ben, said=said, by=ben.person)
    decisions.work_through(ballot, by=ana.person, way="change", reply="Tom works till two")
    path = answer_path(decision, ben)
    assert all(words in client.get(path).text for words in ("Tom is lazy", "Tom works till two"))

    remarks.hide(Words(decision, P.REPLY, ballot), by=staff, reason="Leave Tom out.")
    remarks.hide(Words(decision, P.QUESTION), by=staff, reason="Ask without names.")
    shown = client.get(path).text

    assert "Hidden by whoever leads:" in shown
    assert [words in shown for words in ("We close at noon", "Tom is lazy", "Tom works")] == [False] * 3

    remarks.show(Words(decision, P.QUESTION), by=staff)
    decisions.decide(Decision.objects.get(pk=decision.pk), outcome="Tom goes", by=ana.person)
    assert "Tom goes" in client.get(path).text
    remarks.hide(Words(Decision.objects.get(pk=decision.pk), P.OUTCOME), by=staff, reason="No names.")
    assert "Tom goes" not in client.get(path).text
