"""Posts that are found."""

import pytest
from django.utils import timezone

from coppice.accounts.actions import erase
from coppice.accounts.signals import person_erased
from coppice.conversations import finding
from coppice.conversations.actions import posts, threads
from coppice.conversations.files import given
from coppice.conversations.models import Post
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.photos.tests.factories import content
from coppice.search import indexing
from coppice.search.models import Document, Mark, Word

pytestmark = pytest.mark.django_db


def marked() -> set[int]:
    ids = set(Mark.objects.filter(kind="post").values_list("object_id", flat=True))
    Mark.objects.all().delete()
    return ids


def test_a_post_is_found_by_its_words_and_files():
    (ana,) = make_circle("Ana Ruiz")
    picture = given("bus.png", content(), alt="A red bus")
    post = begin(ana, markdown="We **need** two", files=[picture, given("plan.txt", b"Words")]).posts.get()

    [document] = finding.documents([post.pk])

    assert (document.title, document.words) == (
        "Who drives on Sundays?",
        "We need two\nA red bus\nplan.txt",
    )
    assert document.audience == [
        f"community:{ana.community_id}",
        f"provider:{ana.community.program.provider_id}",
    ]
    assert (document.about_id, document.path) == (ana.person_id, post.get_absolute_url())


def test_hidden_and_erased_posts_are_not_found():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    reply = say(thread, ben)
    Post.objects.filter(pk=reply.pk).update(hidden_at=timezone.now())
    thread.posts.exclude(pk=reply.pk).update(markdown="")

    assert list(finding.documents(thread.posts.values_list("pk", flat=True))) == []


def test_what_changes_is_read_anew():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    thread = begin(ana)
    reply = say(thread, ben)
    both = {reply.pk, thread.posts.first().pk}
    assert marked() == both

    threads.correct(thread, by=ana.person, kind="question", title="Sundays", topic=None)
    assert marked() == both
    posts.take_back(reply, by=ben.person)
    assert marked() == {reply.pk}
    person_erased.send(sender=None, person=ana.person)
    assert marked() == both


def test_the_title_of_an_erased_person_is_found_at_no_post_of_others():
    ana, ben = make_circle("Ana Ruiz", "Ben Ode")
    say(begin(ana, title="Zyzzyva"), ben)
    indexing.refresh()
    assert Document.objects.filter(kind="post", title="Zyzzyva").count() == 2

    erase(ana.person, by=ana.person)

    assert not Document.objects.filter(kind="post").exists()
    assert not Word.objects.filter(text="zyzzyva").exists()
    indexing.refresh()
    assert Document.objects.filter(kind="post").count() == 1
