"""Answering a decision by the link in its mail, without signing in."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.conversations.actions import deciding, decisions
from coppice.conversations.actions.decisions import Said
from coppice.conversations.decision_links import answer_path
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.notifications.models import Message

pytestmark = pytest.mark.django_db


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

    assert client.post(resolution, {"is_resolved": "yes"}).status_code == 422
    decisions.work_through(ballot, by=ana.person, way="change", reply="We close at two")
    assert reverse("conversations:own_resolution", args=[path.split("/")[2]]) in client.get(path).text
    assert client.post(resolution, {"is_resolved": "yes"}).status_code == 302

    ballot.refresh_from_db()
    assert (ballot.is_resolved, "The answer to your objection" in client.get(path).text) == (True, True)
