"""House law: every address goes through the one door, and lets in whom the matrix says."""

import pytest

from coppice.accounts.models import Person
from coppice.demo import urls as demo_urls
from coppice.lib.access import Access
from coppice.ui import urls as ui_urls
from tests.cast import KINDS
from tests.house.doors import doors_in, every_door
from tests.house.matrix import expected


def test_every_view_has_declared_who_may_pass():
    doors = [*every_door(), *doors_in(ui_urls.urlpatterns), *doors_in(demo_urls.urlpatterns)]

    assert [door.name for door in doors if not isinstance(getattr(door.view, "access", None), Access)] == []


def test_the_matrix_lists_every_address_and_no_other():
    names = [door.name for door in every_door()]

    assert len(names) == len(set(names))
    assert sorted({name for name, _method in expected()}) == sorted(names)


def test_the_matrix_has_a_letter_for_everybody():
    assert {len(letters) for letters in expected().values()} == {len(KINDS)}


def test_links_in_the_mails_of_suspended_people_open_nothing(client, cast):
    doors = [
        door
        for door in every_door()
        if "token" in door.arguments and door.name.partition(":")[0] in {"communities", "meetings"}
    ]
    addresses = [door.address(cast.ours) for door in doors]
    assert len(addresses) > 5
    before = {client.get(address).status_code for address in addresses}

    Person.objects.update(is_active=False)

    after = {answer.status_code for each in addresses for answer in (client.get(each), client.post(each))}
    assert 200 in before
    assert after <= {404, 405}
    assert 404 in after


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_person_gets_in_where_the_matrix_says(round_of, kind):
    column = KINDS.index(kind)
    met = round_of(kind).outcomes()

    wanted = {place: letters[column] for place, letters in expected().items()}
    differing = {
        place: f"{wanted.get(place)} is now {met.get(place)}"
        for place in met.keys() | wanted.keys()
        if met.get(place) != wanted.get(place)
    }
    assert differing == {}
