"""Folders: from the plan's answer by one press, and what another answer would change."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.communities.plan_models import PlanFrame
from coppice.communities.tests.factories import add_member, make_community
from coppice.library.actions import folders
from coppice.library.errors import FolderExists, TooManyFolders
from coppice.library.models import Item
from coppice.library.tests.factories import add_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community()


@pytest.fixture
def rosa(community):
    return add_member(community, "Rosa Medina", role="leader")


@pytest.fixture
def hers(rosa):
    client = Client()
    client.force_login(rosa.person)
    return client


def answer(client, community, **said):
    """Answer the question about sharing, as its form sends it."""
    address = reverse("communities:plan_question", args=[community.pk, "sharing"])
    return client.post(address, {"library_folders": "", "library_adders": "", "library_months": "", **said})


def test_the_plans_answer_becomes_folders_by_one_press_and_never_twice(community, hers):
    answer(hers, community, library_folders="Meetings\n\nTools that work\nmeetings\nGuidelines")
    plan = hers.get(reverse("communities:plan", args=[community.pk])).text
    preview = reverse("library:planned", args=[community.pk])
    shown = hers.get(preview).text

    form = {"folder_0": "Minutes", "folder_1": "Tools that work", "folder_2": ""}
    hers.post(preview, form)
    again = hers.get(preview).text
    hers.post(preview, {"folder_0": ""})

    assert PlanFrame.objects.get().library_folders == ["Meetings", "Tools that work", "Guidelines"]
    assert preview in plan
    assert "Make these 3 folders" in shown
    assert 'value="Guidelines"' in again
    assert [(each.name, each.planned_as) for each in community.folders.all()] == [
        ("Minutes", "Meetings"),
        ("Tools that work", "Tools that work"),
    ]


def test_a_folder_that_is_there_by_hand_is_the_planned_one(community, rosa):
    folder = folders.make(community, name="tools", by=rosa.person)

    made = folders.make_planned(community, {"Tools": "Tools", "Guides": " "}, by=rosa.person)
    called = folders.make_planned(community, {"Things": "TOOLS"}, by=rosa.person)

    folder.refresh_from_db()
    assert (made, called, folder.planned_as) == ([], [], "Things")


def test_folders_are_few_and_each_has_a_name_of_its_own(community, rosa):
    first = folders.make(community, name="Tools 0", by=rosa.person)
    other = folders.make(community, name="Other", by=rosa.person)
    for number in range(1, 11):
        folders.make(community, name=f"Tools {number}", by=rosa.person)

    with pytest.raises(FolderExists):
        folders.make(community, name="tools 3", by=rosa.person)
    with pytest.raises(FolderExists):
        folders.rename(other, name="tools 0", by=rosa.person)
    with pytest.raises(TooManyFolders):
        folders.make(community, name="One more", by=rosa.person)
    assert folders.rename(first, name="TOOLS 0", by=rosa.person).name == "TOOLS 0"
    assert folders.rename(first, name="TOOLS 0", by=rosa.person).name == "TOOLS 0"


def test_a_folder_goes_and_what_lay_in_it_stays(community, rosa, hers):
    folder = folders.make(community, name="Tools", by=rosa.person)
    item = add_page(rosa, folder=folder)

    hers.post(reverse("library:folder_removal", args=[folder.pk]))

    item.refresh_from_db()
    assert (item.folder, item.removed_at, community.folders.count()) == (None, None, 0)


def test_another_answer_says_first_what_it_would_change(community, rosa, hers):
    rules = {"library_adders": "everybody", "library_months": "36"}
    answer(hers, community, library_folders="Meetings\nTools", **rules)
    hers.post(reverse("library:planned", args=[community.pk]), {"folder_0": "Minutes", "folder_1": "Tools"})
    member = add_member(community)
    item = add_page(member, folder=community.folders.get(name="Minutes"))
    Item.objects.filter(pk=item.pk).update(changed_at="2020-01-01T00:00Z")

    other = {"library_adders": "leaders", "library_months": "12"}
    asked = answer(hers, community, library_folders="Tools\nGuides", **other)
    key = asked.context["form"].asked
    answer(hers, community, library_folders="Tools\nGuides", agreed=key, **other)
    back = answer(hers, community, library_folders="Tools\nGuides", library_adders="everybody")

    assert asked.context["effects"] == [
        "The folder “Minutes” is in the library, with 1 thing in it. It stays until you do without it there.",
        "1 folder of these is not in the library yet. You make it from the plan.",
        "1 member has added to the library. That stays; from then on only whoever leads adds.",
        "1 thing in the library is older than that. It will be marked; nothing goes by itself.",
    ]
    assert PlanFrame.objects.get().library_adders == "leaders"
    assert back.context["effects"] == [
        "From then on every member adds to the library.",
        "Nothing in the library will be marked as too old any more.",
    ]


def test_the_rules_stand_on_top_and_hold(community, hers):
    member = add_member(community)
    theirs = Client()
    theirs.force_login(member.person)
    item = add_page(member)
    Item.objects.filter(pk=item.pk).update(changed_at="2020-01-01T00:00Z")
    answer(
        hers,
        community,
        library_adders="leaders",
        library_naming="What it is, then the year",
        library_never="Names of clients",
        library_months="12",
    )

    shown = theirs.get(reverse("library:library", args=[community.pk])).text

    assert [
        rule in shown
        for rule in (
            "Who adds: Whoever leads",
            "How we name things: What it is, then the year",
            "What never goes in: Names of clients",
            "How long we keep things: One year after the last change",
            "Older than we keep things",
        )
    ] == [True] * 5
    assert theirs.get(reverse("library:add_page", args=[community.pk])).status_code == 403
    assert hers.get(reverse("library:add_page", args=[community.pk])).status_code == 200
    assert theirs.get(reverse("library:edit", args=[item.pk])).status_code == 200


def test_too_many_folders_are_refused_kindly(community, hers):
    many = answer(hers, community, library_folders="\n".join(f"Folder {number}" for number in range(13)))
    long = answer(hers, community, library_folders="x" * 81)

    assert "Keep 12 at most" in many.text
    assert "at most 80 letters" in long.text
