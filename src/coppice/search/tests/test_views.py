"""The page that looks: what it shows, how it narrows, and what it says where nothing is found."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_program
from coppice.meetings.tests.factories import make_meeting
from coppice.profiles.tests.factories import need, offer
from coppice.search import indexing, queries
from coppice.search.models import Document

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def member() -> Membership:
    return add_member(make_community(make_program(), name="Quince growers"), name="Rosa Medina")


@pytest.fixture
def reader(member: Membership) -> Client:
    client = Client()
    client.force_login(member.person)
    return client


def fill(member: Membership, count: int) -> None:
    """Things of every kind, so many of each."""
    for number in range(count):
        other = add_member(member.community, name=f"Quince person {number}")
        need(other.enrollment, text="quince")
        offer(other.enrollment, text="quince")
        make_meeting(member.community, title=f"Quince meeting {number}")
    indexing.refresh()


def test_results_are_marked_and_escaped(member: Membership, reader: Client) -> None:
    make_meeting(member.community, title="<b>Quince</b> & pear", purpose="About <script>quinces</script>.")
    indexing.refresh()

    page = reader.get("/search/", {"q": "quince pear"}).content.decode()

    assert "&lt;b&gt;<mark>Quince</mark>&lt;/b&gt; &amp; <mark>pear</mark>" in page
    assert "About &lt;script&gt;<mark>quinces</mark>&lt;/script&gt;." in page


def test_filters_stand_in_the_address_and_narrow(member: Membership, reader: Client) -> None:
    fill(member, 2)
    long_ago = make_meeting(member.community, title="Quince of old")
    long_ago.starts_at = timezone.now() - timedelta(days=500)
    long_ago.save()
    indexing.refresh()

    whole = reader.get("/search/", {"q": "quince"}).context["answer"]
    meetings = reader.get("/search/", {"q": "quince", "kind": "meeting"}).context
    recent = reader.get("/search/", {"q": "quince", "kind": "meeting", "since": "year"}).context
    here = reader.get("/search/", {"q": "quince", "community": str(member.community_id)}).context
    nowhere = reader.get("/search/", {"q": "quince", "community": "999999", "kind": "nonsense"}).context

    assert whole.by_kind == {"community": 1, "person": 2, "need": 2, "offer": 2, "meeting": 3}
    assert [result.source.kind for result in meetings["results"]] == ["meeting"] * 3
    assert meetings["answer"].by_kind == whole.by_kind
    assert [str(result.title) for result in recent["results"]].count("<mark>Quince</mark> of old") == 0
    assert len(recent["results"]) == 2
    assert len(here["answer"].document_ids) == 10
    assert nowhere["answer"].document_ids == []


def test_nothing_asked_and_nothing_found_help_onward(member: Membership, reader: Client) -> None:
    fill(member, 1)

    assert "Everything that you may see" in reader.get("/search/").content.decode()
    assert "Everything that you may see" in reader.get("/search/", {"q": "?!"}).content.decode()
    nothing = reader.get("/search/", {"q": "zeppelin", "kind": "meeting"}).content.decode()
    assert "Nothing that you may see holds" in nothing
    assert 'href="?q=zeppelin"' in nothing


def test_a_slip_is_told_with_the_words_that_were_found(member: Membership, reader: Client) -> None:
    fill(member, 1)

    page = reader.get("/search/", {"q": "qiunce metting"}).content.decode()

    assert "This holds words that are spelt nearly so: Quince, meeting." in page


@pytest.mark.parametrize("asked", ["quince", "qiunce", "quince metting"])
def test_a_page_asks_as_often_for_many_as_for_few(asked: str, member: Membership, reader: Client) -> None:
    fill(member, 8)
    counts = []
    for more in (0, 12):
        fill(member, more)
        reader.get("/search/", {"q": asked})
        with CaptureQueriesContext(connection) as queries:
            reader.get("/search/", {"q": asked})
        counts.append(len(queries))

    assert counts[0] == counts[1] <= MOST_QUERIES


def test_odd_questions_are_only_words(member: Membership, reader: Client) -> None:
    fill(member, 1)

    for asked in (
        'foo" OR (bar*',
        "a:b NEAR/2 c",
        "'; DROP",
        "\\",
        "NOT",
        "title:quince",
        "%",
        "x" * 5_000,
        "-",
    ):
        assert reader.get("/search/", {"q": asked, "page": "none"}).status_code == 200, asked


def test_what_the_room_does_not_show_is_not_shown_though_the_index_has_it(
    member: Membership, reader: Client, caplog: pytest.LogCaptureFixture
) -> None:
    hidden = make_meeting(make_community(member.community.program), title="Quince secret")
    indexing.refresh()
    document = Document.objects.get(kind="meeting", object_id=hidden.pk)
    document.audience = [f"community:{member.community_id}"]
    indexing.write("meeting", [hidden.pk], [document_again(document)])

    page = reader.get("/search/", {"q": "secret"}).content.decode()

    assert "Quince" not in page.replace("Quince growers", "")
    assert f"Search found meeting {hidden.pk} for somebody" in caplog.text


def test_of_very_many_the_newest_are_shown_and_kinds_are_narrowed_in_the_index(
    member: Membership, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 3)
    fill(member, 3)

    whole = reader.get("/search/", {"q": "quince"}).context
    needs = reader.get("/search/", {"q": "quince", "kind": "need"}).context

    assert whole["answer"].has_more
    assert len(whole["answer"].document_ids) == 3
    assert whole["answer"].by_kind == {}
    assert [result.source.kind for result in needs["results"]] == ["need"] * 3
    assert not needs["answer"].has_more


def document_again(document: Document) -> Document:
    """The same, as a source would say it."""
    fields = ("kind", "object_id", "audience", "title", "words", "path", "at", "community_id")
    return Document(**{name: getattr(document, name) for name in fields})
