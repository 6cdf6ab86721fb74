"""Two people want the last place at once, and other things that meet."""

import pytest
from django.db import connection

from coppice.formation import actions
from coppice.formation.market_errors import TopicIsFull
from coppice.formation.models import Choice
from coppice.formation.tests.factories import choose, choosers_of, make_marketplace, offer_topics
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("transactional_db")
def test_the_last_place_is_taken_once_however_many_want_it():
    board = make_marketplace(people=8, minimum=1, maximum=3)
    [topic] = offer_topics(board, "Grants")
    people = choosers_of(board)
    refused = []

    def taker(chooser):
        def take():
            try:
                actions.join(chooser, topic=topic, by=chooser.person)
            except TopicIsFull:
                refused.append(chooser)
            connection.close()

        return take

    at_once(*(taker(each) for each in people))

    assert (topic.choices.places().count(), len(refused)) == (3, 5)


@pytest.mark.usefixtures("transactional_db")
def test_places_that_come_free_at_once_go_to_who_waited_first():
    board = make_marketplace(people=9, minimum=1, maximum=3)
    [topic] = offer_topics(board, "Grants")
    people = choosers_of(board)
    choose(topic, *people[:3])
    for each in people[3:7]:
        actions.wait(each, topic=topic, by=each.person)

    at_once(
        *(
            lambda each=each: actions.leave(each, topic=topic, by=each.person)  # type: ignore[misc]
            for each in people[:3]
        ),
        lambda: actions.wait(people[7], topic=topic, by=people[7].person) and None,
    )

    here = set(topic.choices.places().values_list("enrollment", flat=True))
    assert here == {each.enrollment.pk for each in people[3:6]}
    assert topic.choices.waiting().count() == 2
    assert Choice.objects.filter(is_waiting=False).values("enrollment").distinct().count() == 3
