"""The pages of a library, from the first link to an older version put back."""

import pytest
from django.test import Client
from django.urls import reverse

from coppice.accounts.actions import erase
from coppice.accounts.portrait import draw
from coppice.communities.tests.factories import add_member, make_community, make_staff
from coppice.history.models import Entry
from coppice.library import actions, finding
from coppice.library.actions import Contents
from coppice.library.errors import NothingKept
from coppice.library.models import Item
from coppice.library.tests.factories import add_file, add_link, add_page
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


def test_who_looks_at_a_page_before_it_is_saved_keeps_all_that_was_chosen(community):
    hers = signed_in(add_member(community).person)
    said = {"title": "Letter", "markdown": "Dear *friend*", "licence": "cc_by", "source": "Ana"}

    shown = hers.post(reverse("library:add_page", args=[community.pk]), said | {"preview": "1"}).context

    assert {name: shown["form"][name].value() for name in said} == said
    assert not Item.objects.exists()


def test_staff_read_and_do_not_add(community):
    staff = signed_in(make_staff(community.program))

    assert staff.get(reverse("library:library", args=[community.pk])).status_code == 200
    assert staff.get(reverse("library:add_link", args=[community.pk])).status_code == 403


def test_a_thing_is_found_by_its_words_until_it_is_thrown_away(community):
    member = add_member(community)
    page = add_page(member, "Call before the *third day*.", title="Handbook", topics=["Welcome"])
    file = add_file(member, b"Nobody drives empty twice", title="Rides")
    actions.describe(page, topics=["Welcome", "Buddies"], by=member)
    actions.remove(file, by=member)

    [found] = finding.documents([page.pk, file.pk])

    assert (found.title, found.path) == ("Handbook", page.get_absolute_url())
    assert found.audience == [f"community:{community.pk}", f"provider:{community.program.provider_id}"]
    assert found.words.splitlines() == ["Welcome, Buddies", "Call before the third day."]
    actions.take_back(file, by=member)
    [again] = finding.documents([file.pk])
    assert again.words.splitlines() == ["letter.txt", "Nobody drives empty twice"]


def test_only_who_added_it_and_who_leads_change_it_and_undo_brings_it_back(community):
    author, other = add_member(community), add_member(community)
    leader = add_member(community, role="leader")
    item = add_page(author)
    removal, back = (reverse(f"library:{name}", args=[item.pk]) for name in ("removal", "taking_back"))

    refused = signed_in(other.person).post(removal)
    thrown = signed_in(author.person).post(removal, follow=True).text
    unseen = signed_in(other.person).get(item.get_absolute_url()).status_code
    seen = signed_in(leader.person).get(reverse("library:thrown_away", args=[community.pk])).text
    signed_in(leader.person).post(back)

    item.refresh_from_db()
    assert (refused.status_code, unseen, item.removed_at) == (403, 404, None)
    assert back in thrown
    assert "Letter" in seen


def test_the_list_is_narrowed_by_its_address_and_goes_as_a_file(community):
    member = add_member(community, "Ana Ruiz")
    folder = community.folders.create(name="Tools")
    add_page(member, title="Letter", folder=folder)
    add_link(member, title="Handbook of the county", topics=["Buses"])
    client, address = signed_in(member.person), reverse("library:library", args=[community.pk])

    def titles(**query):
        return [line.item.title for line in client.get(address, query).context["shelf"].lines]

    found = [
        titles(folder=folder.pk),
        titles(folder="none"),
        titles(kind="link"),
        titles(topic="buses"),
        titles(q="county hand"),
        titles(q="bus"),
        titles(q="nothing"),
        titles(folder="what", kind="what"),
    ]
    file = client.get(reverse("library:list_file", args=[community.pk]), {"kind": "link"}).content.decode()

    letter, handbook = ["Letter"], ["Handbook of the county"]
    assert found == [letter, handbook, handbook, handbook, handbook, handbook, [], [*handbook, *letter]]
    assert [line.split(",")[0] for line in file.splitlines()] == ["\ufeffTitle", "Handbook of the county"]


def test_what_is_new_in_all_my_libraries_and_in_no_others(community):
    member = add_member(community)
    elsewhere = add_member(make_community())
    add_page(member, title="Ours")
    add_page(elsewhere, title="Theirs")

    shown = signed_in(member.person).get(reverse("library:mine")).text

    assert ("Ours" in shown, "Theirs" in shown) == (True, False)


def test_a_person_who_is_erased_leaves_their_things_without_a_name(community):
    member, leader = add_member(community, "Ana Ruiz"), add_member(community, role="leader")
    item = add_page(member, "Call before the third day.")
    told = draw(member.person).read()

    erase(member.person, by=member.person)

    shown = signed_in(leader.person).get(item.get_absolute_url()).text
    assert b"library-version.json" in told
    assert ("Call before the third day." in shown, "Ana Ruiz" in shown) == (True, False)


def test_the_same_again_makes_no_version_and_nothing_is_no_page(community):
    member = add_member(community)
    item = add_page(member, "Dear friend")
    link = add_link(member)

    same = actions.renew(item, Contents(markdown="Dear friend"), by=member)
    unchanged = actions.describe(item, title="Letter", topics=[], by=member)
    with pytest.raises(NothingKept):
        actions.renew(link, Contents(markdown="Words"), by=member)
    with pytest.raises(NothingKept):
        actions.add(community, Contents(markdown=" "), title="Empty", by=member)

    assert (same.number, item.versions.count(), unchanged.title) == (1, 1, "Letter")
    assert Entry.objects.filter(verb__startswith="library.").count() == 2
