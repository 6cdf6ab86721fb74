"""Words of decisions: flagged, hidden and shown again, everywhere that they are read; reasons that wait."""

import zipfile
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import portrait
from coppice.accounts.actions import erase
from coppice.communities.models import Community
from coppice.communities.tabs import tabs, waiting_in, with_counts
from coppice.communities.tests.factories import make_staff
from coppice.conversations import decision_finding, tasks
from coppice.conversations.actions import deciding, decisions, remarks
from coppice.conversations.actions.decisions import Said
from coppice.conversations.decision_board import result_of
from coppice.conversations.decision_errors import QuestionIsHidden, WriteFirst
from coppice.conversations.decision_file import rows_of
from coppice.conversations.decision_inbound import shows
from coppice.conversations.decision_models import Ballot, Decision
from coppice.conversations.decision_words import Words
from coppice.conversations.errors import NoReason, NotTheirs, PostIsGone
from coppice.conversations.moderation_models import TalkRules
from coppice.conversations.moderation_queue import to_decide
from coppice.conversations.permissions import can_take_back
from coppice.conversations.remark_board import remark_queue
from coppice.conversations.remark_models import Remark, RemarkFlag
from coppice.conversations.tests.factories import begin, make_circle, open_decision
from coppice.history.models import Entry
from coppice.notifications.models import Line, Message, Rhythm
from coppice.notifications.tellings import worth_telling

pytestmark = pytest.mark.django_db
P = Remark.Part


def said(decision, membership, number=1, **words) -> Ballot:
    by = words.pop("by", membership.person)
    weights = {} if decision.is_consent else {decision.options.all()[number - 1].pk: 1}
    return decisions.answer(decision, membership=membership, said=Said(weights, **words), by=by)


def fresh(decision: Decision) -> Decision:
    return Decision.objects.select_related("thread__community__program__provider").get(pk=decision.pk)


def words(decision, part, ballot=None) -> Words:
    decision = fresh(decision)
    if ballot is not None:
        ballot = decision.ballots.select_related("membership").get(pk=ballot.pk)
    return Words(decision, part, ballot)


def queued(community, person) -> list[str]:
    community = Community.objects.select_related("program__provider").get(pk=community.pk)
    return [each.text for each in remark_queue(community, person).waiting]


def mails(start: str) -> list[str]:
    found = Message.objects.filter(occasion__startswith=start).order_by("recipient__name")
    return [each.recipient.name for each in found]


def close(decision: Decision) -> Decision:
    Decision.objects.filter(pk=decision.pk).update(closes_at=timezone.now() - timedelta(minutes=5))
    return fresh(decision)


def test_a_reason_is_flagged_hidden_and_shown_again_on_the_pages(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    staff = make_staff(ana.community.program, "Gus Moe")
    decision = open_decision(begin(ana))
    ballot = said(decision, ben, words="Dan is a thief")
    key = words(decision, P.ANSWER, ballot).key
    flag, hide, decide = (
        reverse(f"conversations:words_{name}", args=[decision.pk, key])
        for name in ("flag", "hiding", "deciding")
    )

    client.force_login(ben.person)
    assert flag not in client.get(decision.get_absolute_url()).text
    assert client.get(flag).status_code == 403
    client.force_login(cora.person)
    assert flag in client.get(decision.get_absolute_url()).text
    client.post(flag, {"reason": "hurts", "words": "He is not"})
    client.post(flag, {"take_back": "yes"})
    client.post(flag, {"reason": "private", "words": "He is not"})
    assert client.get(hide).status_code == 403
    client.force_login(ana.person)
    queue = client.get(reverse("conversations:queue", args=[ana.community_id])).text
    client.post(hide, {"reason": "Nobody is called that here."})
    client.post(decide, {"what": "look_again"})
    client.force_login(cora.person)
    page = client.get(decision.get_absolute_url()).text
    client.force_login(ben.person)
    own = client.get(decision.get_absolute_url()).text
    _header, rows = rows_of(fresh(decision), result_of(fresh(decision), cora.person))

    assert ("Dan is a thief" in queue, "He is not" in queue) == (True, True)
    assert ("Dan is a thief" in page, "Nobody is called that here." in page, flag in page) == (
        False, True, False
    )  # fmt: skip
    assert "Dan is a thief" in own
    assert rows[0][1:3] == ["Yes", "hidden"]
    assert mails("to-decide") == ["Ana Ruiz"]
    told = Message.objects.get(occasion__startswith="words-hidden")
    assert (told.recipient, "Nobody is called" in told.text) == (ben.person, True)
    with pytest.raises(PostIsGone):
        remarks.flag(words(decision, P.ANSWER, ballot), by=cora.person, reason="hurts")

    client.force_login(staff)
    client.post(decide, {"what": "show"})
    assert "Dan is a thief" in client.get(decision.get_absolute_url()).text
    assert mails("words-put_back") == ["Ben Ode"]
    verbs = Entry.objects.filter(verb__startswith="words.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        f"words.{each}" for each in ("flagged", "unflagged", "flagged", "hidden", "put_back")
    ]
    assert "thief" not in str(list(Entry.objects.values()))


def test_who_decides_about_words_is_who_decides_about_posts():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    staff = make_staff(ana.community.program, "Gus Moe")
    decision = open_decision(begin(ana), "Is Dan a thief?")
    ballot = said(decision, ben, words="He is")
    asked, reason = words(decision, P.QUESTION), words(decision, P.ANSWER, ballot)
    for each in (asked, reason):
        remarks.flag(each, by=cora.person, reason="hurts")
    waiting = {each: to_decide(fresh(decision).thread.community, each) for each in (ana.person, staff)}
    counted = with_counts(Community.objects.all(), ana.person).get(pk=ana.community_id)
    talk = next(each for each in tabs() if each.key == "talk")

    assert [queued(ana.community, each) for each in (ben.person, cora.person)] == [[], []]
    assert queued(ana.community, ana.person) == ["He is"]
    assert len(queued(ana.community, staff)) == 2
    assert waiting == {ana.person: 1, staff: 2}
    assert waiting_in(talk, counted, ana.person) == 1
    for by, what, refused in ((ana.person, asked, NotTheirs), (ben.person, reason, NotTheirs)):
        with pytest.raises(refused):
            remarks.hide(what, by=by, reason="No.")
    with pytest.raises(NoReason):
        remarks.hide(reason, by=ana.person, reason=" ")
    remarks.leave(reason, by=ana.person)
    assert queued(ana.community, ana.person) == []
    community = fresh(decision).thread.community
    assert [each.text for each in remark_queue(community, ana.person).decided] == ["He is"]
    remarks.look_again(reason, by=ana.person)
    remarks.look_again(reason, by=ana.person)
    assert queued(ana.community, ana.person) == ["He is"]
    remarks.show(reason, by=ana.person)
    erase(ben.person, by=None)
    assert (queued(ana.community, ana.person), RemarkFlag.objects.open().count()) == ([], 1)
    assert to_decide(fresh(decision).thread.community, ana.person) == 0
    with pytest.raises(PostIsGone):
        remarks.leave(reason, by=ana.person)


def test_a_hidden_question_asks_nobody_and_stands_nowhere(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    staff = make_staff(ana.community.program, "Gus Moe")
    Rhythm.objects.create(person=cora.person, list_key=ana.community.list_key, rhythm="daily")
    decision = open_decision(begin(ana), "Is Dan a thief?", options=["Dan is", "Dan is not"])
    tasks.see_to_decision.func(decision.pk)
    line = Line.objects.get(person=cora.person)
    said(decision, ben, words="He is")

    remarks.hide(words(decision, P.QUESTION), by=staff, reason="We do not vote on people.")

    assert Message.objects.filter(occasion__startswith="decision-").count() == 0
    assert not Line.objects.filter(pk=line.pk).exists()
    tasks.see_to_decisions.func()
    assert mails("decision-") == []
    assert list(decision_finding.documents([decision.pk])) == []
    assert not Decision.objects.waiting_for(cora.person.pk, at=timezone.now())
    with pytest.raises(QuestionIsHidden):
        said(fresh(decision), cora)
    client.force_login(cora.person)
    pages = [
        decision.get_absolute_url(),
        decision.thread.get_absolute_url(),
        reverse("conversations:decisions", args=[ana.community_id]),
        reverse("conversations:threads", args=[ana.community_id]),
        reverse("conversations:decision_file", args=[decision.pk]),
    ]
    assert ["Dan is" in client.get(each).text for each in pages] == [False] * 5
    assert "We do not vote on people." in client.get(pages[0]).text
    answer = reverse("conversations:decision_answer", args=[decision.pk])
    assert client.post(answer, {"choice": "1"}).status_code == 403
    with zipfile.ZipFile(portrait.draw(ben.person)) as archive:
        everything = b"".join(archive.read(each) for each in archive.namelist()).decode()
    assert ("He is" in everything, "a thief?" in everything, "Dan is not" in everything) == (
        True, False, False
    )  # fmt: skip
    client.force_login(ana.person)
    assert "Is Dan a thief?" in client.get(pages[0]).text

    remarks.show(words(decision, P.QUESTION), by=staff)
    tasks.see_to_decision.func(decision.pk)
    assert mails("decision-asked") == ["Ana Ruiz"]
    assert Line.objects.filter(person=cora.person).count() == 1


def test_a_hidden_outcome_is_in_no_record_mail_or_search(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    staff = make_staff(ana.community.program, "Gus Moe")
    Rhythm.objects.create(person=ben.person, list_key=ana.community.list_key, rhythm="daily")
    decision = open_decision(begin(ana))
    decisions.decide(decision, outcome="Dan has to go.", by=ana.person)
    tasks.see_to_decision.func(decision.pk)
    [line] = Line.objects.filter(occasion__startswith="decision-outcome")
    assert worth_telling([line])

    remarks.hide(words(decision, P.OUTCOME), by=staff, reason="Say it to him first.")

    assert not Line.objects.waiting().filter(occasion__startswith="decision-outcome").exists()
    tasks.see_to_decisions.func()
    assert not Line.objects.filter(occasion__startswith="decision-outcome").exists()
    [document] = decision_finding.documents([decision.pk])
    assert "Dan" not in document.words
    client.force_login(ben.person)
    for page in (
        decision.get_absolute_url(),
        decision.thread.get_absolute_url(),
        reverse("conversations:decisions", args=[ana.community_id]),
    ):
        assert "Dan has to go." not in client.get(page).text
    remarks.show(words(decision, P.OUTCOME), by=staff)
    tasks.see_to_decision.func(decision.pk)
    assert Line.objects.filter(occasion__startswith="decision-outcome").count() == 1


def test_an_objection_and_its_answer_are_hidden_each_for_itself(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    staff = make_staff(ana.community.program, "Gus Moe")
    decision = open_decision(begin(ana), kind="consent")
    ballot = said(decision, ben, stance="object", words="Dan is a thief", proposal="Dan leaves")
    decisions.work_through(ballot, way="reason", reply="You are one", by=ana.person)
    reply, reason = words(decision, P.REPLY, ballot), words(decision, P.ANSWER, ballot)
    assert (reply.author_id, reason.author_id) == (ana.person_id, ben.person_id)

    remarks.hide(reply, by=staff, reason="Not so.")
    remarks.hide(reason, by=ana.person, reason="Not so either.")

    client.force_login(cora.person)
    page = client.get(decision.get_absolute_url()).text
    assert [each in page for each in ("Dan is a thief", "Dan leaves", "You are one")] == [False] * 3
    assert (result_of(fresh(decision), cora.person).standing, "Ben Ode objects" in page) == (1, True)
    assert mails("decision-objection") == []
    client.force_login(ana.person)
    assert client.get(reverse("conversations:decision_objection", args=[ballot.pk])).status_code == 403
    ballot = said(decision, ben, stance="object", words="I would not do it", proposal="")
    assert (ballot.words_hidden_at, ballot.reply_hidden_at) == (None, None)
    assert result_of(fresh(decision), cora.person).words[0].reason.text == "I would not do it"


def test_the_reason_of_somebody_new_waits_while_their_answer_counts(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    TalkRules.objects.create(community=ana.community, holds_first_posts=True)
    decision = open_decision(begin(ana), kind="consent", by=ana.person)
    ballot = said(decision, ben, stance="object", words="Buy my van")
    agreed = said(decision, cora, stance="agree")

    assert agreed.words_hidden_at is None
    assert result_of(fresh(decision), ana.person).standing == 1
    assert (mails("decision-objection"), mails("to-decide")) == ([], ["Ana Ruiz"])
    pages = {}
    for each in (ana, ben, cora):
        client.force_login(each.person)
        pages[each.enrollment.name] = "Buy my van" in client.get(decision.get_absolute_url()).text
    assert pages == {"Ana Ruiz": False, "Ben Ode": True, "Cora Li": False}
    assert queued(ana.community, ana.person) == ["Buy my van"]

    remarks.hide(words(decision, P.ANSWER, ballot), by=ana.person, reason="Say why it harms us.")
    client.force_login(cora.person)
    assert "Say why it harms us." not in client.get(decision.get_absolute_url()).text
    assert (mails("words-answered"), mails("decision-objection")) == (["Ben Ode"], [])
    remarks.show(words(decision, P.ANSWER, ballot), by=ana.person)
    assert (mails("words-approved"), mails("decision-objection")) == (["Ben Ode"], ["Ana Ruiz"])
    own = open_decision(begin(ana), kind="consent", by=ana.person)
    Decision.objects.filter(pk=own.pk).update(opened_by=cora.person)
    objection = said(own, ana, stance="object", words="No")
    with pytest.raises(WriteFirst):
        decisions.work_through(objection, way="reason", reply="Buy my van", by=cora.person)


def test_without_names_staff_alone_look_at_reasons_and_nothing_tells_whose_they_are(client):
    people = make_circle("Ana", "Ben", "Cora", "Dan", "Eve", "Fay")
    ana = people[0]
    staff = make_staff(ana.community.program, "Gus Moe")
    TalkRules.objects.create(community=ana.community, holds_first_posts=True)
    decision = open_decision(begin(ana), is_secret=True)
    for each in people:
        said(decision, each, words=f"So says {each.enrollment.name}")
    tasks.see_to_decisions.func()
    assert (Remark.objects.count(), queued(ana.community, staff)) == (0, [])

    decision = close(decision)
    before = result_of(decision, ana.person)
    for _time in range(2):
        tasks.see_to_decisions.func()

    assert ([row.people for row in before.rows], before.reasons, before.waiting_reasons) == ([6, 0], [], 6)
    assert (queued(ana.community, ana.person), len(queued(ana.community, staff))) == ([], 6)
    assert to_decide(fresh(decision).thread.community, ana.person) == 0
    client.force_login(staff)
    queue = client.get(reverse("conversations:queue", args=[ana.community_id])).text
    assert ("Without names" in queue, "So says Ben" in queue) == (True, True)
    ballots = {each.membership_id: each for each in decision.ballots.all()}
    for each in people[:3]:
        remarks.show(words(decision, P.ANSWER, ballots[each.pk]), by=staff)
    shown = result_of(fresh(decision), ana.person)
    assert [each.text for each in shown.reasons] == ["So says Ana", "So says Ben", "So says Cora"]
    key = words(decision, P.ANSWER, ballots[ana.pk]).key
    client.force_login(ana.person)
    own = reverse("conversations:words_flag", args=[decision.pk, key])
    assert client.get(own).status_code == 200
    remarks.flag(words(decision, P.ANSWER, ballots[ana.pk]), by=people[4].person, reason="hurts")
    assert client.get(reverse("conversations:words_hiding", args=[decision.pk, key])).status_code == 403
    noted = Entry.objects.filter(verb__startswith="words.")
    assert {each.about_id for each in noted} == {None}
    assert not Remark.objects.exclude(author=None).exists()
    assert mails("words-") == []

    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=1)):
        erase(people[1].person, by=None)
    gone = result_of(fresh(decision), ana.person)
    assert (gone.reasons, gone.lacks_reasons, [row.people for row in gone.rows]) == ([], True, [6, 0])
    assert (queued(ana.community, staff), to_decide(fresh(decision).thread.community, staff)) == ([], 0)
    assert client.get(own).status_code == 404


def test_the_mail_that_an_answer_came_by_is_read_no_longer_than_its_words():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana))
    said(decision, ben, words="He is", mail_id=7)
    assert (shows(ana.person, 7), shows(ana.person, 8)) == (True, False)

    said(decision, ben, words="He is not")
    assert not shows(ana.person, 7)
    ballot = said(decision, ben, words="He is", mail_id=9)
    remarks.hide(words(decision, P.ANSWER, ballot), by=ana.person, reason="No.")
    assert not shows(ana.person, 9)


def test_words_that_are_not_there_have_no_address(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision, secret = open_decision(begin(ana)), open_decision(begin(ana), is_secret=True)
    ballot = said(secret, ben, words="Mine")
    client.force_login(ana.person)

    for of, key in (
        (decision, "outcome"),
        (decision, "nothing"),
        (decision, "answer-0123"),
        (decision, "question-0"),
        (secret, words(secret, P.ANSWER, ballot).key),
    ):
        assert client.get(reverse("conversations:words_flag", args=[of.pk, key])).status_code == 404


def test_flags_of_an_answer_follow_who_gave_it_last_and_end_with_what_they_are_about():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Lee")
    staff = make_staff(ana.community.program)
    decision = open_decision(begin(ana), "We close at noon", kind="consent")
    ballot = said(decision, ben, stance="object", words="I work till one")
    decisions.work_through(ballot, by=ana.person, way="change", reply="At two")
    remarks.flag(words(decision, P.REPLY, ballot), by=cora.person, reason="other", said="Hm")
    assert Remark.objects.get().author == ana.person

    decisions.work_through(ballot, by=staff, way="change", reply="At three")
    remarks.flag(words(decision, P.REPLY, ballot), by=cora.person, reason="other", said="Hm")

    assert Remark.objects.get(part=P.REPLY).author == staff
    reason = words(decision, P.ANSWER, ballot)
    ballot.delete()
    with pytest.raises(PostIsGone):
        remarks.flag(reason, by=cora.person, reason="other", said="Hm")


def test_a_hidden_question_owes_nobody_a_mail():
    ana, _ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana))
    remarks.hide(words(decision, P.QUESTION), by=make_staff(ana.community.program), reason="No names.")
    Message.objects.all().delete()

    assert (deciding.see_to(decision.pk), Message.objects.count()) == (0, 0)


def test_only_whoever_wrote_a_post_takes_it_back():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    post = begin(ana).posts.get()

    assert [can_take_back(each.person, post) for each in (ana, ben)] == [True, False]
