"""Feeds of what is new: what stands in them and for whom, how they go on, and how they stop."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from coppice.accounts import feed_actions
from coppice.accounts.actions import erase, stop_links
from coppice.communities import news
from coppice.communities.models import Community, Membership
from coppice.communities.news_models import NewsFeed
from coppice.communities.tests.factories import add_member, make_community, make_person
from coppice.conversations.actions import posts as talk
from coppice.conversations.models import Post
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.history.models import Entry
from coppice.library.tests.factories import add_file, add_link, add_page
from coppice.notifications.actions import mute

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
ENTRY = {"id", "title", "link", "published", "updated", "author"}


@pytest.fixture
def circle():
    return make_circle("Ana", "Ben")


def feed_for(membership, stream="", *, community=True):
    of = membership.community if community is True else community
    return feed_actions.make(NewsFeed, by=membership.person, community=of, stream=stream)


def ask(feed, query="", **headers):
    return Client().get(feed.path + query, headers=headers)


def read(feed, query=""):
    answer = ask(feed, query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    return etree.fromstring(answer.content)


def titles(feed, query=""):
    return [each.text for each in read(feed, query).findall("a:entry/a:title", ATOM)]


def link(root, relation):
    found = root.xpath("a:link[@rel=$of]/@href", namespaces=ATOM, of=relation)
    return found[0] if found else ""


def test_a_feed_is_valid_atom_with_absolute_links_and_names_that_stay(circle):
    ana, ben = circle
    thread = begin(ana, "Who drives?", "Ask **Ben** \x0b[here](/me/)")
    add_page(ben, title="Routes", about="For new drivers")
    feed = feed_for(ben)
    root = read(feed)
    entries = root.findall("a:entry", ATOM)
    before = [each.findtext("a:id", namespaces=ATOM) for each in entries]
    post = thread.posts.get()
    talk.change(post, by=ana.person, markdown="Ask Ana")

    after = read(feed).findall("a:entry", ATOM)

    assert {etree.QName(each).localname for each in root} == {
        "id", "title", "subtitle", "updated", "link", "entry"
    }  # fmt: skip
    assert all({etree.QName(each).localname for each in entry} >= ENTRY for entry in entries)
    assert [each.findtext("a:id", namespaces=ATOM) for each in after] == before
    assert before[1] == f"tag:localhost,{post.written_at:%Y-%m-%d}:post-{post.pk}"
    assert [each.findtext("a:author/a:name", namespaces=ATOM) for each in entries] == ["Ben", "Ana"]
    assert [link(each, "alternate").startswith("http://localhost:8000/") for each in entries] == [True, True]
    assert entries[1].findtext("a:content", namespaces=ATOM) == (
        '<p>Ask <strong>Ben</strong> �<a href="http://localhost:8000/me/" rel="nofollow noopener noreferrer">'
        "here</a></p>\n"
    )
    assert entries[0].findtext("a:summary", namespaces=ATOM) == "For new drivers\nDear friend"
    assert after[1].findtext("a:updated", namespaces=ATOM) >= entries[1].findtext(
        "a:updated", namespaces=ATOM
    )
    assert feed.path in link(root, "self")
    assert feed.path not in root.findtext("a:id", namespaces=ATOM)


def test_each_stream_tells_its_own_and_of_all_groups_too(circle):
    ana, ben = circle
    thread = begin(ana, "Who drives?")
    say(thread, ben)
    add_link(ana, title="Map")
    orchard = make_community(name="Orchard", program=ana.community.program)
    gardener = Membership.objects.create(
        community=orchard, person=ben.person, enrollment=ben.enrollment, state="paused"
    )
    begin(gardener, "Who prunes?")
    begin(make_circle("Eve", community=make_community(name="Strange"))[0], "Who spies?")

    told = {stream: titles(feed_for(ben, stream)) for stream in ("", "threads", "posts", "library")}

    assert told == {
        "": ["Map", "Re: Who drives?", "Who drives?"],
        "threads": ["Who drives?"],
        "posts": ["Re: Who drives?", "Who drives?"],
        "library": ["Map"],
    }
    assert titles(feed_for(ben, "threads", community=None)) == ["Who prunes?", "Who drives?"]


def test_nothing_that_members_may_not_read_is_told_and_mute_changes_nothing(circle):
    ana, ben = circle
    gone, hidden, erased = (begin(ana, title) for title in ("Gone", "Hidden", "Erased"))
    late = add_file(ana, title="Being checked")
    thrown = add_link(ana, title="Thrown away")
    begin(ben, "Kept")
    feed = feed_for(ben)
    before = set(titles(feed))

    talk.take_back(gone.posts.get(), by=ana.person)
    Post.objects.filter(thread=hidden).update(hidden_at=timezone.now())
    Post.objects.filter(thread=erased).update(markdown="")
    late.versions.update(state="checking")
    type(thrown).objects.filter(pk=thrown.pk).update(removed_at=timezone.now())
    mute(ben.person, list_key=ben.community.list_key)

    assert before == {"Gone", "Hidden", "Erased", "Being checked", "Thrown away", "Kept"}
    assert titles(feed) == ["Kept"]


def test_a_long_feed_goes_on_page_by_page_and_tells_each_thing_once(circle, monkeypatch):
    monkeypatch.setattr(news, "A_PAGE", 3)
    ana, ben = circle
    threads = [begin(ana, f"Thread {number}") for number in range(4)]
    for number in range(3):
        add_link(ana, title=f"Link {number}")
    moment = timezone.now()
    Post.objects.filter(thread__in=threads[:3]).update(written_at=moment)
    ana.community.library.update(changed_at=moment)
    feed = feed_for(ben)

    pages, root = [], read(feed)
    while root is not None:
        pages.append([each.text for each in root.findall("a:entry/a:title", ATOM)])
        following = link(root, "next")
        root = read(feed, following.removeprefix(link(root, "first"))) if following else None

    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({title for page in pages for title in page}) == 7
    assert titles(feed, "?after=nonsense") == pages[0]


def test_a_reader_that_has_it_is_told_that_nothing_changed(circle):
    ana, ben = circle
    begin(ana, "First")
    feed = feed_for(ben)
    first = ask(feed)

    by_tag = ask(feed, if_none_match=first["ETag"])
    by_day = ask(feed, if_modified_since=first["Last-Modified"])
    begin(ana, "Second")
    NewsFeed.objects.update(altered_at=timezone.now() - timedelta(days=1))
    after = ask(feed, if_none_match=first["ETag"], if_modified_since=first["Last-Modified"])

    assert (first.status_code, by_tag.status_code, by_day.status_code) == (200, 304, 304)
    assert (by_tag.content, after.status_code) == (b"", 200)


def _leave(feed):
    Membership.objects.filter(person=feed.person).update(state="left")


def _close(feed):
    Community.objects.update(ended_at=timezone.now())


@pytest.mark.parametrize(
    "stop",
    [
        _leave,
        _close,
        lambda feed: stop_links(feed.person, by=feed.person),
        lambda feed: erase(feed.person, by=feed.person),
        lambda feed: type(feed.person).objects.update(is_active=False),
        lambda feed: feed_actions.revoke(feed, by=feed.person),
        lambda feed: feed_actions.renew(feed, by=feed.person),
    ],
    ids=["left", "closed", "links stopped", "erased", "suspended", "revoked", "renewed"],
)
def test_a_feed_stops_at_once(circle, stop):
    begin(circle[0], "Secret")
    feed = feed_for(circle[1])
    of_all = feed_for(circle[1], community=None)
    path, before = feed.path, [ask(feed).status_code, titles(of_all)]

    stop(feed)

    assert before == [200, ["Secret"]]
    assert Client().get(path).status_code == 404
    if stop in (_leave, _close):
        assert titles(of_all) == []


def test_a_feed_that_is_asked_for_without_end_has_to_wait(circle, settings):
    settings.FEED_LIMITS = {"feed": "2/10m/key"}
    feeds = [feed_for(circle[1], stream) for stream in ("posts", "threads")]

    answers = [ask(feeds[0]) for _number in range(3)]

    assert [each.status_code for each in (*answers, ask(feeds[1]))] == [200, 200, 429, 200]
    assert answers[2]["Retry-After"] == "600"


def test_the_page_makes_renews_and_revokes_and_history_has_no_words(circle):
    ben = circle[1]
    client = Client()
    client.force_login(ben.person)
    page = reverse("communities:news_feeds")
    everything = client.post(page, {"what": "mine", "stream": "everything"})
    whole = NewsFeed.objects.get()
    feed_actions.revoke(whole, by=ben.person)
    empty = client.get(page).text
    wanted = {"what": f"community-{ben.community_id}", "stream": "library"}
    made = [client.post(page, {**wanted, "once": str(number)}) for number in range(2)]
    feed = NewsFeed.objects.get()
    shown = client.get(page).text
    other = Client()
    other.force_login(make_person("Eve"))
    strange = [
        other.post(reverse(f"communities:news_feed_{verb}", args=[feed.pk]))
        for verb in ("renewal", "revocation")
    ]
    refused = [
        client.post(page, {**wanted, **wrong})
        for wrong in ({"what": "community-0"}, {"stream": "secrets"}, {"what": f"community-{_other().pk}"})
    ]

    renewed = client.post(reverse("communities:news_feed_renewal", args=[feed.pk]))
    anew = NewsFeed.objects.get()
    revoked = client.post(reverse("communities:news_feed_revocation", args=[anew.pk]))

    assert (everything.status_code, whole.stream, whole.community) == (302, "", None)
    assert ("No feed yet" in empty, feed.path in shown) == (True, True)
    assert [each.status_code for each in (*made, renewed, revoked)] == [302] * 4
    assert [each.status_code for each in strange] == [404, 404]
    assert [each.status_code for each in refused] == [422, 422, 422]
    assert (anew.stream, anew.community, NewsFeed.objects.count()) == ("library", ben.community, 0)
    entries = (
        Entry.objects.filter(subject_kind="newsfeed").exclude(scope__startswith="person:").order_by("pk")
    )
    assert [(each.verb, each.scope, each.detail) for each in entries] == [
        (f"news_feed.{verb}", ben.community.program.scope, {"stream": "library"})
        for verb in ("made", "renewed", "revoked")
    ]


def test_a_feed_of_all_groups_stands_in_ones_own_record(circle):
    feed = feed_for(circle[1], community=None)

    assert Entry.objects.get(verb="news_feed.made").scope == f"person:{feed.person_id}"
    assert (str(feed), news.label_of("gone")) == ("All my groups", "Everything")


def _other():
    return add_member(make_community(name="Orchard"), "Cho").community
