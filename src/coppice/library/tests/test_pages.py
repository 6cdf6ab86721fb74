"""The pages of a library, from the first link to an older version put back."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.library.models import Item
from coppice.programs.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_member_adds_a_link_that_others_find(community):
    Topic.objects.create(program=community.program, name="Volunteers")
    member, other = add_member(community, name="Ana Ruiz"), add_member(community, name="Ben Okafor")
    address = reverse("library:add_link", args=[community.pk])

    sent = signed_in(member.person).post(
        address,
        {
            "address": "example.org/handbook",
            "title": "Handbook",
            "topics": "volunteers, Summer camp, volunteers",
            "licence": "cc_by",
            "source": "The county",
        },
    )

    item = Item.objects.get()
    assert sent["Location"] == item.get_absolute_url()
    assert (item.current.address, item.kind, item.added_by) == (
        "https://example.org/handbook",
        "link",
        member,
    )
    assert [each.name for each in item.topics.all()] == ["Volunteers", "Summer camp"]
    shown = (
        signed_in(other.person)
        .get(reverse("library:library", args=[community.pk]), {"topic": "volunteers"})
        .text
    )
    assert "Handbook" in shown
    assert "Ana Ruiz" in shown


def test_a_page_is_changed_and_an_older_version_put_back(community):
    member, leader = add_member(community), add_member(community, role="leader")
    hers, his = signed_in(member.person), signed_in(leader.person)
    hers.post(
        reverse("library:add_page", args=[community.pk]),
        {"title": "Letter", "markdown": "Dear **friend**, come.", "licence": "own"},
    )
    item = Item.objects.get()
    contents = reverse("library:contents", args=[item.pk])

    looked = his.post(contents, {"markdown": "Dear *friend*, stay.", "preview": "1"})
    his.post(contents, {"markdown": "Dear **friend**, stay.", "note": "Warmer"})
    compared = his.get(reverse("library:version", args=[item.pk, 2])).text
    his.post(reverse("library:restoration", args=[item.pk, 1]))

    item.refresh_from_db()
    assert looked.status_code == 422
    assert "<em>friend</em>" in looked.text
    assert "<ins>" in compared
    assert [(each.number, each.markdown) for each in item.versions.all()] == [
        (3, "Dear **friend**, come."),
        (2, "Dear **friend**, stay."),
        (1, "Dear **friend**, come."),
    ]
    assert item.current.number == 3
    assert "<strong>friend</strong>, come." in hers.get(item.get_absolute_url()).text


def test_staff_read_and_do_not_add(community):
    staff = signed_in(make_staff(community.program))

    assert staff.get(reverse("library:library", args=[community.pk])).status_code == 200
    assert staff.get(reverse("library:add_link", args=[community.pk])).status_code == 403
