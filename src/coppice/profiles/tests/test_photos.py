"""The photo of the object: who gives it, who sees it, and the gallery of a program and a community."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.history.models import Entry
from coppice.photos.renditions import pictures_of
from coppice.photos.tests.factories import content, upload
from coppice.profiles import actions
from coppice.profiles.links import profile_path
from coppice.profiles.models import ObjectPhoto, Profile
from coppice.profiles.tests.factories import offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def rosa(program):
    return enroll(program, "Rosa Medina")


def give(client, enrollment, **said):
    return client.post(f"{profile_path(enrollment)}photo/", {"photo": upload(), **said})


def test_somebody_without_an_account_gives_changes_and_deletes_a_photo(client, rosa):
    shown = client.get(f"{profile_path(rosa)}photo/")
    kept = give(client, rosa, alt="A worn ladle")

    assert (shown.status_code, kept.headers["Location"]) == (200, profile_path(rosa))
    first = ObjectPhoto.objects.get()
    page = client.get(profile_path(rosa)).text
    assert ('alt="A worn ladle"' in page, "Change the photo" in page) == (True, True)
    assert client.get(f"{profile_path(rosa)}photo/large/").headers["Content-Type"] == "image/jpeg"
    assert "The photo now" in client.get(f"{profile_path(rosa)}photo/").text

    give(client, rosa)
    assert ObjectPhoto.objects.get() != first

    for _time in range(2):
        assert client.post(f"{profile_path(rosa)}photo/removal/").headers["Location"] == profile_path(rosa)
    assert ObjectPhoto.objects.count() == 0
    assert client.get(f"{profile_path(rosa)}photo/large/").status_code == 404
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == [
        "profile.photo_given",
        "profile.photo_given",
        "profile.photo_removed",
    ]
    assert {entry.actor for entry in Entry.objects.all()} == {rosa.person}


def test_what_is_no_photo_is_refused_with_words(client, rosa):
    answer = client.post(f"{profile_path(rosa)}photo/", {"photo": upload(b"GIF89a")})

    assert (answer.status_code, "no photo that we can read" in answer.text) == (422, True)
    assert ObjectPhoto.objects.count() == 0


def test_what_a_photo_shows_is_said_anew_without_sending_it_again(client, rosa):
    address = f"{profile_path(rosa)}photo/words/"
    assert client.get(address).status_code == 404
    give(client, rosa, alt="A ladle")
    before = ObjectPhoto.objects.get()
    assert address in client.get(f"{profile_path(rosa)}photo/").text

    for _time in range(2):
        said = client.post(address, {"alt": "A worn ladle"})

    photo = ObjectPhoto.objects.get()
    assert said.headers["Location"] == profile_path(rosa)
    assert (photo.pk, photo.large.name, photo.alt) == (before.pk, before.large.name, "A worn ladle")
    assert Entry.objects.filter(verb="profile.photo_described").count() == 1
    assert client.post(address, {"alt": "x" * 201}).status_code == 422


def test_who_sends_one_photo_after_the_other_waits(client, settings, rosa):
    settings.PHOTO_LIMITS = {"giver": "1/10m/key"}
    cache.clear()

    answers = [give(client, rosa) for _time in range(2)]

    assert [each.status_code for each in answers] == [302, 422]
    assert "These were many photos." in answers[1].text
    assert client.get(f"{profile_path(rosa)}photo/").status_code == 200


def test_staff_put_a_photo_of_a_drawing_on_a_profile(client, program, rosa):
    client.force_login(make_staff(program))

    client.post(reverse("profiles:profile_photo", args=[rosa.pk]), {"photo": upload()})

    assert ObjectPhoto.objects.get().profile.enrollment == rosa
    address = reverse("profiles:profile_photo_file", args=[rosa.pk, "small"])
    assert client.get(address).status_code == 200
    assert client.get(reverse("profiles:profile_photo_file", args=[rosa.pk, "alt"])).status_code == 404


def test_a_photo_from_elsewhere_is_taken_over(program, rosa):
    client_photo = actions.put_photo(rosa, pictures=_pictures(), alt="A ladle", by=rosa.person)
    ben = enroll(program, "Ben Ito")

    made = actions.take_over_photo(ben, photo=client_photo, by=ben.person)

    assert (made.alt, made.profile.enrollment, ObjectPhoto.objects.count()) == ("A ladle", ben, 2)


def _pictures():
    return pictures_of(content())


@pytest.fixture
def wall(program, rosa):
    """Rosa's object with its photo; she and Ben are of one community, Ida is in the program alone."""
    community = make_community(program)
    add_member(community, enrollment=rosa)
    ben, ida = enroll(program, "Ben Ito"), enroll(program, "Ida Holm")
    add_member(community, enrollment=ben)
    offer(rosa, "Grants")
    offer(rosa, "Grants", "Budgets")
    offer(rosa, "Boards", audience="staff")
    actions.change_profile(rosa, by=rosa.person, object_name="A ladle", object_story="It fed forty.")
    actions.put_photo(rosa, pictures=_pictures(), alt="", by=rosa.person)
    return community, ben, ida


def seen_by(client, person, audience, community):
    """Say whether somebody sees the object in program and community: on the wall, and its photo."""
    Profile.objects.update(object_audience=audience)
    profile = Profile.objects.get()
    client.force_login(person)
    return [
        (
            "A ladle" in client.get(reverse(f"{room}:gallery", args=[place.pk])).text,
            client.get(reverse(f"{room}:gallery_photo", args=[place.pk, profile.pk, "large"])).status_code,
        )
        for room, place in (("profiles", community.program), ("communities", community))
    ]


@pytest.mark.parametrize(
    ("audience", "who", "seen"),
    [
        ("program", "ben", [(True, 200), (True, 200)]),
        ("program", "ida", [(True, 200), (False, 404)]),
        ("communities", "ben", [(False, 404), (True, 200)]),
        ("communities", "ida", [(False, 404), (False, 404)]),
        ("staff", "ben", [(False, 404), (False, 404)]),
        ("staff", "staff", [(True, 200), (True, 200)]),
    ],
)
def test_a_photo_is_seen_by_whom_its_object_is(client, wall, audience, who, seen):
    community, ben, ida = wall
    people = {"ben": ben.person, "ida": ida.person, "staff": make_staff(community.program)}

    found = seen_by(client, people[who], audience, community)

    if who == "ida":  # the community is not hers: the page itself refuses her
        assert [found[0], found[1][1] in {403, 404}] == [seen[0], True]
    else:
        assert found == seen


def test_the_wall_shows_initials_without_a_photo_and_topics_as_far_as_they_are_shared(client, wall):
    community, ben, _ida = wall
    ObjectPhoto.objects.all().delete()
    client.force_login(ben.person)

    page = client.get(reverse("communities:gallery", args=[community.pk])).text

    assert ("disc-large" in page, "<li>Grants</li>" in page, "<li>Boards</li>" in page) == (True, True, False)
    assert page.count("<li>Grants</li>") == 1
    membership = Membership.objects.get(enrollment__name="Rosa Medina")
    assert reverse("communities:profile", args=[community.pk, membership.pk]) in page


def test_a_member_sees_the_photo_on_the_profile_and_not_once_it_is_the_staffs(client, wall):
    community, ben, _ida = wall
    membership = Membership.objects.get(enrollment__name="Rosa Medina")
    address = reverse("communities:profile", args=[community.pk, membership.pk])
    client.force_login(ben.person)

    assert 'class="photo-kept"' in client.get(address).text

    Profile.objects.update(object_audience="staff")
    page = client.get(address).text
    assert ("photo-kept" in page, "A ladle" in page) == (False, False)


def test_an_empty_wall_says_what_hangs_there(client, program):
    client.force_login(make_staff(program))

    assert "No object hangs here yet" in client.get(reverse("profiles:gallery", args=[program.pk])).text


def test_no_size_but_the_two_exists_on_the_wall(client, wall):
    community, ben, _ida = wall
    client.force_login(ben.person)
    address = reverse("communities:gallery_photo", args=[community.pk, Profile.objects.get().pk, "huge"])

    assert client.get(address).status_code == 404
