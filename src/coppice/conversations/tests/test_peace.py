"""Distance, a stop for a person, conversations locked, pinned and split, the code of conduct."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.next_steps import next_steps
from coppice.communities.tests.factories import add_member, make_staff
from coppice.conversations import tasks
from coppice.conversations.actions import peace
from coppice.conversations.conduct import agreed
from coppice.conversations.errors import NoReason, NothingSaid, NoTitle, NotTheirs, OnlyPost
from coppice.conversations.lists import news, talk
from coppice.conversations.models import Mention, Post, Thread
from coppice.conversations.peace_models import Conduct, ConductYes, Distance, TalkStop
from coppice.conversations.places import Place
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.history.models import Entry
from coppice.notifications.models import Line, Message, Rhythm
from coppice.notifications.tellings import worth_telling
from coppice.profiles.models import Audience
from coppice.profiles.tests.factories import make_topic, offer

pytestmark = pytest.mark.django_db


def told(post) -> set[str]:
    return {each.recipient.name for each in Message.objects.filter(occasion=f"post:{post.pk}")}


def test_whoever_is_muted_is_folded_and_mails_nothing_and_nobody_learns(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    client.force_login(cora.person)
    address = reverse("conversations:person", args=[ana.community_id, ben.person_id])
    entries = Entry.objects.count()
    client.post(f"{address}distance/", {"kind": "mute"})
    thread = begin(ben, markdown="@Cora Li, who drives?")
    tasks.tell.func(thread.posts.get().pk)

    assert told(thread.posts.get()) == {"Ana Ruiz"}
    assert "You have muted them." in client.get(thread.get_absolute_url()).text
    assert "You have muted Ben Ode here." in client.get(address).text
    assert not Entry.objects.filter(verb__contains="distance").exists()
    assert Entry.objects.count() == entries + 1
    client.post(f"{address}distance/", {"kind": ""})
    assert not Distance.objects.exists()
    assert client.get(f"/communities/{ana.community_id}/talk/people/{cora.person_id}/").status_code == 403
    assert client.get(f"/communities/{ana.community_id}/talk/people/999999/").status_code == 404


def test_whoever_is_blocked_mentions_nobody_and_brings_no_ask(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    topic = make_topic(ana.community.program, "Rides")
    offer(cora.enrollment, topic, audience=Audience.PROGRAM)
    before = begin(ben, markdown="@Cora Li?")
    assert Mention.objects.filter(person=cora.person).exists()
    client.force_login(cora.person)
    client.post(reverse("conversations:distance", args=[ana.community_id, ben.person_id]), {"kind": "block"})

    asked = begin(ben, kind=Thread.Kind.ASK, topic=topic, markdown="@Cora Li, @Ana Ruiz?")
    tasks.tell.func(asked.posts.get().pk)
    tasks.tell.func(before.posts.get().pk)

    assert [each.person for each in Mention.objects.all()] == [ana.person]
    assert not asked.routings.exists()
    assert told(asked.posts.get()) == told(before.posts.get()) == {"Ana Ruiz"}
    page = client.get(reverse("conversations:person", args=[ana.community_id, ben.person_id])).text
    assert "You have blocked Ben Ode here." in page


def test_a_line_of_a_digest_is_not_told_once_its_author_is_muted():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    Rhythm.objects.create(person=ben.person, list_key=ana.community.list_key, rhythm="daily")
    post = begin(ana).posts.get()
    tasks.tell.func(post.pk)
    lines = list(Line.objects.all())
    assert len(worth_telling(lines)) == 1

    place = Place(ana.community, ana.person_id, "Ana Ruiz")
    peace.keep_distance(place, by=ben.person, kind="mute")

    assert len(worth_telling(lines)) == 0


def test_a_stop_lets_somebody_read_and_not_write_until_it_is_lifted(client):
    ana, ben, cora = make_circle("Ana Ruiz", "Ben Ode", "Cora Li")
    staff = make_staff(ana.community.program, "Gus Moe")
    thread = begin(ana)
    person = reverse("conversations:person", args=[ana.community_id, ben.person_id])
    client.force_login(ana.person)
    day = timezone.localdate(timezone=ana.community.zone) + timedelta(days=7)

    far = {"until": day + timedelta(days=200), "reason": "Rest a week."}
    assert client.post(f"{person}stop/", far).status_code == 422
    assert client.post(f"{person}stop/", {"until": day, "reason": "Rest a week."}).status_code == 302

    told = Message.objects.get(occasion__startswith="talk-stopped")
    assert (told.recipient, "Rest a week." in told.text) == (ben.person, True)
    assert "Ben Ode only reads here" in client.get(person).text
    client.force_login(ben.person)
    page = client.get(thread.get_absolute_url()).text
    assert "you only read here. Whoever leads writes: Rest a week." in page
    reply = reverse("conversations:reply", args=[thread.pk])
    assert client.post(reply, {"markdown": "But."}).status_code == 403
    assert "Rest a week." in client.get(reverse("conversations:threads", args=[ana.community_id])).text
    client.force_login(cora.person)
    assert "Rest a week." not in client.get(person).text
    assert client.post(f"{person}stop/").status_code == 403
    client.force_login(ana.person)
    client.post(f"{person}stop/removal/")
    client.force_login(ben.person)
    assert client.post(reply, {"markdown": "Back."}).status_code == 302
    assert Message.objects.filter(occasion__startswith="talk-lifted").count() == 1
    verbs = Entry.objects.filter(verb__startswith="talk.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["talk.stopped", "talk.stop_lifted"]
    assert "Rest" not in str(list(Entry.objects.values()))
    for other in (staff, ana.person):
        address = reverse("conversations:stopping", args=[ana.community_id, other.pk])
        assert client.post(address, {"until": day, "reason": "No."}).status_code == 403


def test_nobody_stops_whom_they_do_not_decide_about():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    co = add_member(ana.community, "Dan Poe", role=Membership.Role.LEADER)
    day = timezone.localdate() + timedelta(days=2)
    leader, member = Place(ana.community, ana.person_id, "Ana"), Place(ana.community, ben.person_id, "Ben")

    for act in (lambda: peace.stop(leader, by=co.person, until=day, reason="No."),
                lambda: peace.lift(leader, by=co.person)):  # fmt: skip
        with pytest.raises(NotTheirs):
            act()
    with pytest.raises(NoReason):
        peace.stop(member, by=co.person, until=day, reason=" ")
    assert not TalkStop.objects.exists()


def test_a_locked_conversation_is_written_by_who_leads_and_a_pinned_one_stands_first(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    first, second = begin(ana, "First things"), begin(ben, "Second things")
    client.force_login(ana.person)
    for what in ("lock", "pin"):
        for _time in range(2):
            client.post(f"/threads/{first.pk}/{what}/")

    assert [each.thread for each in talk(ana.community, ben.person).pinned] == [first]
    assert first not in [each.thread for each in talk(ana.community, ana.person).lines]
    reply = reverse("conversations:reply", args=[first.pk])
    assert client.post(reply, {"markdown": "Done."}).status_code == 302
    client.force_login(ben.person)
    assert client.post(reply, {"markdown": "Done?"}).status_code == 403
    assert "This conversation is locked" in client.get(first.get_absolute_url()).text
    assert client.post(f"/threads/{first.pk}/lock/removal/").status_code == 403
    client.force_login(ana.person)
    for what in ("lock", "pin"):
        client.post(f"/threads/{first.pk}/{what}/removal/")
    assert Thread.objects.filter(locked_at=None, pinned_at=None).count() == 2
    assert set(Entry.objects.filter(subject_id=first.pk).values_list("verb", flat=True)) == {
        "thread.started",
        "thread.locked",
        "thread.unlocked",
        "thread.pinned",
        "thread.unpinned",
    }
    assert second.pinned_at is None


def test_a_post_moves_into_a_conversation_of_its_own(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    post = say(thread, ben, "By the way, who has a van?")
    client.force_login(ana.person)
    address = reverse("conversations:splitting", args=[post.pk])
    assert client.post(address, {"title": ""}).status_code == 422

    client.post(address, {"title": "Who has a van?"})

    moved, thread = Thread.objects.get(title="Who has a van?"), Thread.objects.get(pk=thread.pk)
    assert (moved.started_by, moved.post_count, thread.post_count) == (ben.person, 1, 1)
    assert moved.posts.get() == post
    with pytest.raises(OnlyPost):
        peace.split(post, by=ana.person, title="Again")
    with pytest.raises(NoTitle):
        peace.split(post, by=ana.person, title=" ")
    assert client.post(address, {"title": "Again"}).status_code == 422
    client.force_login(ben.person)
    assert client.get(address).status_code == 403


def test_the_code_of_conduct_has_versions_and_keeps_who_said_yes_when(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    page = reverse("conversations:conduct", args=[ana.community_id])
    assert page in [step.url for step in next_steps(ben)]
    client.force_login(ben.person)
    assert "Every question is welcome" in client.get(page).text
    for _time in range(2):
        client.post(f"{page}agreement/", {"number": "0"})
    assert "You said yes to it:" in client.get(page).text
    client.force_login(ana.person)

    for words in ("We *listen*.", "We *listen*.", ""):
        number = Conduct.objects.count()
        client.post(f"{page}text/", {"text": words, "number": number})
    older = client.post(f"{page}text/", {"text": "We talk.", "number": 0})

    assert (older.status_code, "<em>listen</em>" in older.text) == (422, True)
    assert [(each.number, each.text) for each in Conduct.objects.all()] == [(1, "We *listen*.")]
    client.force_login(ben.person)
    assert "<em>listen</em>" in client.get(page).text
    assert client.get(f"{page}text/").status_code == 403
    client.post(f"{page}agreement/", {"number": "0"})
    assert [(each.person, each.number) for each in ConductYes.objects.all()] == [(ben.person, 0)]
    assert agreed(ana.community, ben.person).said_at is None
    with pytest.raises(NothingSaid):
        peace.write_conduct(ana.community, by=ana.person, text=" ")
    verbs = Entry.objects.filter(verb__startswith="talk.").values_list("verb", flat=True)
    assert sorted(verbs) == ["talk.conduct_agreed", "talk.conduct_written"]
    without = add_member(ana.community, "Eve")
    without.person.email = ""
    assert page not in [step.url for step in next_steps(without)]


def test_what_was_brought_from_elsewhere_is_begun_by_who_wrote_it_there():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    post = say(thread, ben, "I have a van.")
    Post.objects.filter(pk=post.pk).update(author=None, author_name="Gus of the list")

    moved = peace.split(Post.objects.get(pk=post.pk), by=ana.person, title="Who has a van?")

    page = talk(ana.community, ana.person)
    starters = {each.thread.title: each.starter for each in [*page.news, *page.lines]}
    assert starters[moved.title] == "Gus of the list"


def test_a_post_is_split_off_with_everything_that_was_written_after_it(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    post, answer = say(thread, ben, "By the way, who has a van?"), say(thread, ana, "I have.")
    client.force_login(ana.person)
    address = reverse("conversations:splitting", args=[post.pk])

    client.post(address, {"title": "Who has a van?", "with_later": "on"})

    moved, thread = Thread.objects.get(title="Who has a van?"), Thread.objects.get(pk=thread.pk)
    assert (list(moved.posts.in_order()), moved.last_post_at) == ([post, answer], answer.written_at)
    assert (thread.post_count, moved.post_count) == (1, 2)
    with pytest.raises(OnlyPost):
        peace.split(thread.posts.get(), by=ana.person, title="All", with_later=True)


def test_one_finds_again_whom_one_has_muted_and_nobody_else_does(client):
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    place = Place(ana.community, ben.person_id, "Ben Ode")
    peace.keep_distance(place, by=ana.person, kind="mute")
    page = reverse("conversations:conduct", args=[ana.community_id])
    his_own = reverse("conversations:person", args=[ana.community_id, ben.person_id])

    client.force_login(ana.person)
    hers = client.get(page).text
    client.force_login(ben.person)
    his = client.get(page).text

    assert [his_own in hers, his_own in his, "muted or blocked" in his] == [True, False, False]


def test_no_list_shows_the_words_of_somebody_whom_one_has_muted():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana, markdown="Who has a van?")
    say(thread, ben, "By the way, I sell one.")
    before = news(ana.community, ana.person, most=5)[0].last_words

    peace.keep_distance(Place(ana.community, ben.person_id, "Ben Ode"), by=ana.person, kind="mute")

    line = news(ana.community, ana.person, most=5)[0]
    assert (before, line.last_words, line.last_by) == (
        "By the way, I sell one.",
        "Who has a van?",
        "Ana Ruiz",
    )
