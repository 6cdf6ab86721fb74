"""Many posts of one conversation are one result, which says how many more there are."""

import pytest
from django.test import Client
from django.utils import timezone

from coppice.conversations.models import Post
from coppice.conversations.tests.factories import begin, make_circle, say
from coppice.search import indexing

pytestmark = pytest.mark.django_db


def test_posts_of_a_conversation_are_one_result_and_none_that_is_hidden_counts():
    ana, ben = make_circle("Ana", "Ben")
    long = begin(ana, "Pruning", "quince")
    for _number in range(25):
        say(long, ben, "quince again")
    short = begin(ben, "Jam", "quince jam")
    hidden = long.posts.order_by("pk").last()
    Post.objects.filter(pk=hidden.pk).update(hidden_at=timezone.now())
    indexing.rebuild()
    client = Client()
    client.force_login(ana.person)

    answer = client.get("/search/", {"q": "quince"})

    results = answer.context["results"]
    threads = {result.path.partition("?")[0]: result.more for result in results}
    assert threads == {long.get_absolute_url(): 24, short.get_absolute_url(): 0}
    assert answer.content.decode().count("and 24 more here") == 1
    assert "26 results" in answer.content.decode()
