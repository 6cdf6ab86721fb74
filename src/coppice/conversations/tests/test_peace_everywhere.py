"""What keeps the peace holds everywhere: stops and locks in decisions, distance in feeds, what is gone."""

import json
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.accounts import feed_actions, portrait
from coppice.accounts.actions import erase
from coppice.communities.models import Membership
from coppice.communities.news_models import NewsFeed
from coppice.communities.tests.factories import make_staff
from coppice.conversations import tasks
from coppice.conversations.actions import deciding, decisions, moderation, peace, posts, readings
from coppice.conversations.actions.decisions import Said
from coppice.conversations.actions.holding import tell_deciders
from coppice.conversations.decision_board import keepers, result_of, waiting_in
from coppice.conversations.decision_errors import NotAskedThere
from coppice.conversations.decision_models import Decision
from coppice.conversations.errors import NotTheirs
from coppice.conversations.import_models import Archive, Brought, Writer
from coppice.conversations.inbound import shows
from coppice.conversations.models import Mention, Post, Thread
from coppice.conversations.moderation_models import TalkRules
from coppice.conversations.moderation_queue import to_decide
from coppice.conversations.places import Place
from coppice.conversations.tests.factories import begin, make_circle, open_decision, say
from coppice.notifications.models import Line, Message, Rhythm
from coppice.notifications.tellings import worth_telling
from coppice.profiles import actions as profiles
from coppice.profiles.errors import NotToBeAsked
from coppice.profiles.matching import candidates_for
from coppice.profiles.models import Introduction
from coppice.profiles.tests.factories import need, offer

pytestmark = pytest.mark.django_db


def stop(member: Membership, *, by) -> None:
    place = Place(member.community, member.person_id, member.enrollment.name)
    peace.stop(place, by=by, until=date.today() + timedelta(days=9), reason="Rest a week.")
    forget(member)


def lift(member: Membership, *, by) -> None:
    peace.lift(Place(member.community, member.person_id, ""), by=by)
    forget(member)


def forget(member: Membership) -> None:
    """Let the circle be asked anew, as in the next request."""
    member.community.__dict__.pop("known_circle", None)


def asked() -> set[str]:
    mails = Message.objects.filter(occasion__startswith="decision-")
    return {f"{each.occasion.split(':')[0][9:]} {each.recipient.name}" for each in mails}


def fresh(decision: Decision) -> Decision:
    return Decision.objects.select_related("thread__community__program__provider").get(pk=decision.pk)


def test_whoever_only_reads_is_not_asked_and_answers_once_that_is_over():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    staff = make_staff(ana.community.program, "Gus Moe")
    Rhythm.objects.create(person=cora.person, list_key=ana.community.list_key, rhythm="daily")
    decision = open_decision(begin(ana))
    tasks.see_to_decision.func(decision.pk)
    line = Line.objects.get(person=cora.person)
    Message.objects.all().delete()
    for each in (ben, cora):
        stop(each, by=ana.person)
    Decision.objects.filter(pk=decision.pk).update(
        told_at=None,
        opened_at=timezone.now() - timedelta(days=2),
        closes_at=timezone.now() + timedelta(hours=3),
        opened_by=ben.person,
    )

    tasks.see_to_decisions.func()

    assert asked() == {"asked Ana Ruiz", "reminder Ana Ruiz"}
    result = result_of(fresh(decision), ana.person)
    assert ([each.pk for each in result.waiting], result.asked) == ([ana.pk], 1)
    assert not worth_telling([line])
    assert waiting_in(ben.community, ben.person) == []
    yes = decision.options.all()[0]
    for by in (ben.person, ana.person):
        with pytest.raises(NotAskedThere):
            decisions.answer(fresh(decision), membership=ben, said=Said({yes.pk: 1}), by=by)
    assert [each.name for each in keepers(fresh(decision))] == ["Ana Ruiz"]
    Decision.objects.filter(pk=decision.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    deciding.see_to(decision.pk)
    assert {each for each in asked() if "wanted" in each} == {"wanted Ana Ruiz"}
    assert "0 of 1" in Message.objects.get(occasion__startswith="decision-wanted").text
    Decision.objects.filter(pk=decision.pk).update(closes_at=timezone.now() + timedelta(hours=3))
    lift(ben, by=staff)
    assert decisions.answer(fresh(decision), membership=ben, said=Said({yes.pk: 1}), by=ben.person).pk


def test_a_locked_conversation_asks_whom_it_lets_answer():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    decision = open_decision(begin(ana))
    peace.arrange(decision.thread, by=ana.person, what="locked", wanted=True)

    tasks.see_to_decision.func(decision.pk)

    assert asked() == {"asked Ana Ruiz"}
    assert [len(waiting_in(each.community, each.person)) for each in (ana, ben)] == [1, 0]
    assert result_of(fresh(decision), ana.person).asked == 1


def test_a_stopped_leader_decides_nothing_and_brings_nothing_in(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    staff = make_staff(ana.community.program, "Gus Moe")
    post = say(begin(ana), ben)
    stop(ana, by=staff)
    moderation.flag(post, by=staff, reason="hurts")
    client.force_login(ana.person)

    talk = client.get(reverse("conversations:threads", args=[ana.community_id])).text
    refused = [
        client.get(reverse(f"conversations:{name}", args=[ana.community_id])).status_code
        for name in ("archives", "queue")
    ]
    refused += [
        client.post(reverse(f"conversations:{name}", args=[number])).status_code
        for name, number in (
            ("first_posts", ana.community_id), ("archive_begin", ana.community_id), ("hiding", post.pk),
            ("leaving", post.pk),
        )
    ]  # fmt: skip

    assert set(refused) == {403}
    assert reverse("conversations:queue", args=[ana.community_id]) not in talk
    with pytest.raises(NotTheirs):
        moderation.hide(post, by=ana.person, reason="No.")
    assert [to_decide(ana.community, each) for each in (ana.person, staff)] == [0, 1]
    assert tell_deciders(ana.community) == 0
    mails = Message.objects.filter(occasion__startswith="to-decide")
    assert {each.recipient for each in mails} == {staff}


def test_in_a_locked_conversation_and_while_stopped_words_are_taken_back_and_not_changed(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ana)
    locked, stopped, led = say(thread, ben), say(thread, cora), say(thread, ana)
    peace.arrange(thread, by=ana.person, what="locked", wanted=True)
    client.force_login(ben.person)
    page = client.get(thread.get_absolute_url()).text

    assert client.post(reverse("conversations:edit", args=[locked.pk]), {"markdown": "B"}).status_code == 403
    assert client.post(reverse("conversations:reactions", args=[led.pk]), {"kind": "same"}).status_code == 403
    removal = reverse("conversations:removal", args=[locked.pk])
    change = f'href="{reverse("conversations:edit", args=[locked.pk])}"'
    assert (removal in page, change in page) == (True, False)
    assert client.post(removal).status_code == 302
    client.force_login(ana.person)
    assert client.get(reverse("conversations:edit", args=[led.pk])).status_code == 200
    peace.arrange(thread, by=ana.person, what="locked", wanted=False)
    stop(cora, by=ana.person)
    assert "take back what you wrote" in Message.objects.get(occasion__startswith="talk-stopped").text
    client.force_login(cora.person)
    removal = reverse("conversations:removal", args=[stopped.pk])
    assert client.get(reverse("conversations:edit", args=[stopped.pk])).status_code == 403
    assert (removal in client.get(thread.get_absolute_url()).text, client.post(removal).status_code) == (
        True, 302
    )  # fmt: skip
    assert Post.objects.filter(taken_back_at__isnull=False).count() == 2
    ana.community.ended_at = timezone.now()
    ana.community.save()
    client.force_login(ana.person)
    assert reverse("conversations:removal", args=[led.pk]) not in client.get(thread.get_absolute_url()).text


def test_a_feed_tells_nothing_of_whom_and_what_its_reader_muted(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    begin(ana, "From Ana")
    begin(ben, "From Ben")
    quiet = begin(cora, "From Cora")
    feeds = {
        each: [
            feed_actions.make(NewsFeed, by=each.person, community=each.community, stream=stream)
            for stream in ("threads", "posts")
        ]
        for each in (ana, ben)
    }
    peace.keep_distance(Place(ben.community, ana.person_id, "Ana Ruiz"), by=ben.person, kind="mute")
    readings.mute(quiet, by=ben.person)

    seen = {
        each.enrollment.name: [
            [title for title in ("From Ana", "From Ben", "From Cora") if title in client.get(feed.path).text]
            for feed in feeds[each]
        ]
        for each in feeds
    }

    assert seen == {"Ana Ruiz": [["From Ana", "From Ben", "From Cora"]] * 2, "Ben Ode": [["From Ben"]] * 2}


def test_whoever_is_blocked_is_not_introduced_either_way_and_what_waits_ends():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    wanted, given = need(ben.enrollment, text="Help"), offer(ana.enrollment, audience="program")
    back = need(ana.enrollment), offer(ben.enrollment)
    waiting = profiles.propose(wanted, offer=given, by=ben.person)
    other = profiles.propose(wanted, offer=offer(cora.enrollment), by=ben.person)

    peace.keep_distance(Place(ana.community, ben.person_id, "Ben Ode"), by=ana.person, kind="mute")
    waiting.refresh_from_db()
    assert waiting.state == Introduction.State.PROPOSED
    peace.keep_distance(Place(ana.community, ben.person_id, "Ben Ode"), by=ana.person, kind="block")

    for each in (waiting, other):
        each.refresh_from_db()
    assert [each.state for each in (waiting, other)] == ["declined", "proposed"]
    assert list(candidates_for(back[0]).filter(enrollment=ben.enrollment)) == []
    with pytest.raises(NotToBeAsked):
        profiles.propose(back[0], offer=back[1], by=ana.person)
    Introduction.objects.filter(pk=waiting.pk).delete()
    assert list(candidates_for(wanted).filter(enrollment=ana.enrollment)) == []
    peace.keep_distance(Place(ana.community, ben.person_id, "Ben Ode"), by=ana.person, kind="")
    assert list(candidates_for(wanted).filter(enrollment=ana.enrollment)) == [given]


def test_what_is_downloaded_tells_no_title_of_others_that_waits_or_is_hidden():
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    hidden = begin(ben, "Dan is a thief", "Ask @Cora about it")
    readings.mute(hidden, by=cora.person)
    posts.react(hidden.posts.get(), by=cora.person, kind="same")
    moderation.flag(hidden.posts.get(), by=cora.person, reason="hurts")
    quoting = say(begin(cora, "Mine"), ben, "Dan said so to me")
    answer = say(quoting.thread, cora, "Really?", quoted=quoting, quoted_text="Dan said so to me")
    for post in (hidden.posts.get(), quoting):
        moderation.hide(post, by=ana.person, reason="Not here.")
    TalkRules.objects.create(community=ana.community, holds_first_posts=True)
    Post.objects.filter(author=ana.person).delete()
    (dan,) = make_circle("Ana Ruiz")[:1]
    held = Thread.objects.create(community=ana.community, title="Secret sale", started_by=dan.person)
    first = Post.objects.create(
        thread=held, community=ana.community, author=dan.person, markdown="@Cora", hidden_at=timezone.now()
    )
    Mention.objects.create(post=first, person=cora.person)

    told = {each.enrollment.name: downloaded(each.person) for each in (ben, cora)}

    for words in ("Dan is a thief", "Dan said so", "Secret sale", first.written_at.isoformat()[:23]):
        assert words not in told["Cora Li"]
    assert ("Really?" in told["Cora Li"], "Mine" in told["Cora Li"]) == (True, True)
    assert ("Dan is a thief" in told["Ben Ode"], "Dan said so" in told["Ben Ode"]) == (True, True)
    assert answer.quoted_text


def downloaded(person) -> str:
    with zipfile.ZipFile(portrait.draw(person)) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".json")}
    return json.dumps({name: json.loads(text) for name, text in held.items()}, ensure_ascii=False)


@pytest.mark.parametrize("is_hidden", [True, False])
def test_the_whole_of_a_mail_shows_no_words_of_before_that_are_gone(client, is_hidden):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    thread = begin(ana)
    gone = say(thread, ben, "Dan is a thief")
    brought, mailed = say(thread, cora, "No", via="archive"), say(thread, cora, "No", via="mail", mail_id=5)
    writer = Writer.objects.create(community=ana.community, digest="c", name="Cora", person=cora.person)
    archive = Archive.objects.create(community=ana.community, key="k", name="a.mbox", size=1)
    whole = "No\n> Dan is a thief"
    Brought.objects.create(archive=archive, post=brought, writer=writer, original=whole)
    Archive.objects.update(state="brought")
    client.force_login(ana.person)
    original = reverse("conversations:original", args=[brought.pk])
    page = client.get(thread.get_absolute_url()).text
    assert (original in page, client.get(original).status_code, shows(ana.person, 5)) == (True, 200, True)

    if is_hidden:
        moderation.hide(gone, by=ana.person, reason="Not here.")
    else:
        posts.take_back(gone, by=ben.person)

    page = client.get(thread.get_absolute_url()).text
    assert (original in page, client.get(original).status_code, shows(ana.person, 5)) == (False, 404, False)
    assert mailed.mail_id == 5


def test_reasons_without_names_are_shown_no_more_once_a_voter_is_erased(client):
    people = make_circle("Ana", "Ben", "Cora", "Dan", "Eve")
    decision, before = (open_decision(begin(people[0]), is_secret=True) for _time in range(2))
    yes, other = (each.options.all()[0] for each in (decision, before))
    for each in people:
        said = Said({yes.pk: 1}, words=f"So says {each.enrollment.name}")
        decisions.answer(decision, membership=each, said=said, by=each.person)
        said = Said({other.pk: 1}, words=f"So says {each.enrollment.name}")
        decisions.answer(before, membership=each, said=said, by=each.person)
    Decision.objects.filter(pk=decision.pk).update(closes_at=timezone.now())

    erase(people[1].person, by=None)

    Decision.objects.filter(pk=before.pk).update(closes_at=timezone.now())
    gone, none_read = (result_of(fresh(each), people[0].person) for each in (decision, before))
    assert (gone.reasons, gone.lacks_reasons, [row.people for row in gone.rows]) == ([], True, [5, 0])
    assert (len(none_read.reasons), none_read.lacks_reasons) == (4, False)
    client.force_login(people[0].person)
    assert "what is missing would tell which was theirs" in client.get(decision.get_absolute_url()).text
