"""The needs × expertise board of a community: whom it shows to whom, and what nobody offers."""

import csv
import io

import pytest
from django.urls import reverse

from coppice.communities.models import Membership
from coppice.communities.tests.factories import add_member, make_community, make_person, make_staff
from coppice.history.models import Entry
from coppice.profiles import actions
from coppice.profiles.models import Expertise, Introduction, Need
from coppice.profiles.tests.factories import make_topic, need, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return make_community()


@pytest.fixture
def rosa(community):
    return add_member(community, "Rosa Medina")


def board(client, community, person):
    client.force_login(person)
    return client.get(reverse("communities:needs", args=[community.pk]))


def seen(answer) -> dict[str, tuple[list[str], list[str]]]:
    return {
        row.name: (
            [each.enrollment.name for each in row.first_needs],
            [each.enrollment.name for each in row.first_offers],
        )
        for row, _path in answer.context["lines"]
    }


def test_members_see_what_is_shared_with_them_and_staff_see_everything(client, community, rosa):
    program = community.program
    tom, invited = add_member(community, "Tom"), add_member(community, "Ivy", state=Membership.State.INVITED)
    elsewhere, gone = add_member(make_community(program), "Else"), add_member(community, "Gone", state="left")
    need(tom.enrollment, audience="staff")
    need(rosa.enrollment)
    need(elsewhere.enrollment, audience="program")
    need(gone.enrollment)
    offer(invited.enrollment, "Boards", audience="program")
    actions.retire(offer(tom.enrollment, "Boards"), by=tom.person)

    for_member, for_staff = (
        board(client, community, tom.person),
        board(client, community, make_staff(program)),
    )

    assert seen(for_member) == {"Grants": (["Rosa Medina"], []), "Boards": ([], [])}
    assert seen(for_staff) == {"Grants": (["Tom", "Rosa Medina"], []), "Boards": ([], [])}
    assert ("kept to the staff" in for_staff.text, "kept to the staff" in for_member.text) == (True, False)
    assert (
        "Of what is shared with you, one topic has a need and nobody who can be asked for help: Grants."
        in for_member.text
    )


def test_who_is_only_invited_shares_nothing_with_a_community_before_they_join(client, community, rosa):
    ivy = add_member(community, "Ivy", state=Membership.State.INVITED)
    need(ivy.enrollment, text="A van")
    paths = [
        reverse("communities:needs", args=[community.pk]),
        reverse("communities:needs_topic", args=[community.pk, make_topic(community.program).pk]),
        reverse("communities:needs_file", args=[community.pk]),
        reverse("communities:profile", args=[community.pk, ivy.pk]),
    ]
    client.force_login(rosa.person)

    def read():
        return ["Ivy" in client.get(path).content.decode() for path in paths]

    invited = read()
    people = client.get(reverse("communities:people", args=[community.pk])).text
    Membership.objects.filter(pk=ivy.pk).update(state=Membership.State.ACTIVE)

    assert (invited, read()) == ([False] * 4, [True] * 4)
    assert ("Ivy" in people, paths[3] in people) == (True, False)


def test_nobody_from_outside_reads_the_board(client, community, rosa):
    need(rosa.enrollment)

    assert [board(client, community, person).status_code for person in (make_person(), rosa.person)] == [
        404,
        200,
    ]


def test_an_empty_board_says_what_will_be_here(client, community, rosa):
    answer = board(client, community, rosa.person)

    assert ("Nothing is said yet" in answer.text, "Your needs and offers" in answer.text) == (True, True)


def test_a_topic_has_a_page_with_everybody_and_own_words_have_one_too(client, community, rosa):
    topic = make_topic(community.program)
    elsewhere, quiet = make_topic(make_community().program), make_topic(community.program, "Quiet")
    need(rosa.enrollment, text="A reader", urgency=Need.Urgency.NOW)
    offer(rosa.enrollment, topic="", text="Songs", level=Expertise.Level.SHOWS)
    client.force_login(rosa.person)
    pages = [
        client.get(reverse("communities:needs_topic", args=[community.pk, pk]))
        for pk in (topic.pk, 0, elsewhere.pk, quiet.pk)
    ]

    assert [page.status_code for page in pages] == [200, 200, 404, 200]
    assert "Nobody said that they need this." in pages[3].text
    texts = ("A reader", "This week", "Nobody yet.", "Songs", "In their own words", "I can show others")
    assert [[text in page.text for text in texts] for page in pages[:2]] == [
        [True, True, True, False, False, False],
        [False, False, False, True, True, True],
    ]


def test_the_board_goes_as_a_table_with_what_the_reader_may_see(client, community, rosa):
    need(rosa.enrollment, text="A reader")
    need(add_member(community, "Tom").enrollment, audience="staff")
    offer(rosa.enrollment, level=Expertise.Level.SHOWS)
    client.force_login(rosa.person)

    answer = client.get(reverse("communities:needs_file", args=[community.pk]))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["Grants", each, "Rosa Medina"] for each in ("need", "offer")]
    assert [row[4:] for row in rows[1:]] == [
        ["A reader", "In the next months", "", "Raised", "Their communities"],
        ["", "I can show others", "One short call", "You may ask me", "Their communities"],
    ]


def test_what_somebody_shares_of_their_profile_stands_on_a_page_of_theirs(client, community, rosa):
    tom = add_member(community, "Tom")
    rosa.enrollment.attributes = {"free_hours": ["mon-09"], "languages": ["en", "es"]}
    rosa.enrollment.save()
    need(rosa.enrollment, text="A reader")
    offer(rosa.enrollment, audience="staff")
    about = {"object_name": "A ladle", "object_story": "Nine years.", "hours_audience": "staff"}
    actions.change_profile(rosa.enrollment, by=rosa.person, **about)
    path = reverse("communities:profile", args=[community.pk, rosa.pk])
    texts = {}
    for person in (tom.person, rosa.person, make_staff(community.program)):
        client.force_login(person)
        texts[person] = client.get(path).text
    client.force_login(tom.person)
    empty = client.get(reverse("communities:profile", args=[community.pk, tom.pk])).text
    Membership.objects.filter(pk=rosa.pk).update(state="left")

    looked_for = (
        "A reader",
        "A ladle",
        "English, Spanish",
        "Mornings",
        "Can help with",
        "Change this profile",
    )
    assert [[words in text for words in looked_for] for text in texts.values()] == [
        [True, True, True, False, False, False],
        [True, True, True, False, False, True],
        [True, True, True, True, True, True],
    ]
    assert ("Nothing shared yet." in empty, client.get(path).status_code) == (True, 404)
    assert path not in client.get(reverse("communities:people", args=[community.pk])).text


def test_a_leader_asks_two_members_to_be_introduced_and_a_member_may_not(client, community, rosa):
    lead, mei = add_member(community, "Lin", role=Membership.Role.LEADER), add_member(community, "Mei")
    wanted, helping = need(rosa.enrollment, text="A reader"), offer(mei.enrollment, text="Budgets")
    outside = offer(add_member(make_community(community.program), "Else").enrollment)
    kept = need(mei.enrollment, "Boards", audience="staff")
    topic = reverse("communities:needs_topic", args=[community.pk, wanted.topic_id])
    path = reverse("communities:introduction", args=[community.pk, wanted.pk])

    client.force_login(rosa.person)
    by_member = [path in client.get(topic).text, client.get(path).status_code]
    client.force_login(lead.person)
    shown = client.get(path).text
    refused = client.post(path, {"offer": outside.pk}, follow=True).text
    asked = client.post(path, {"offer": helping.pk}, follow=True)

    assert by_member == [False, 403]
    assert [words in shown for words in ("Rosa Medina needs: A reader", "Mei", "Budgets", "Else")] == [
        True
    ] * 3 + [False]
    assert ("cannot be asked" in refused, "We ask both." in asked.text) == (True, True)
    made = Introduction.objects.get()
    assert (made.need, made.offer, made.asked_by, made.is_among_members) == (
        wanted,
        helping,
        lead.person,
        True,
    )
    assert client.get(reverse("communities:introduction", args=[community.pk, kept.pk])).status_code == 404
    assert (path in asked.text, made.need_said, made.offer_said) == (True, "A reader", "Budgets")


def test_a_leader_puts_a_need_first_and_back_as_the_community_says(client, community, rosa):
    lead = add_member(community, "Lin", role=Membership.Role.LEADER)
    wanted = need(rosa.enrollment, topic="", text="A van")
    topic = reverse("communities:needs_topic", args=[community.pk, 0])
    client.force_login(lead.person)
    states = []

    for name in ("priority", "priority", "priority_end", "priority_end"):
        answer = client.post(reverse(f"communities:{name}", args=[community.pk, wanted.pk]), follow=True)
        states.append(
            (Need.objects.get().state, answer.redirect_chain[0][0] == topic, "Put back" in answer.text)
        )

    assert states == [("prioritized", True, True)] * 2 + [("raised", True, False)] * 2
    told = Entry.objects.filter(actor=lead.person).order_by("pk")
    assert list(told.values_list("verb", flat=True)) == ["need.put_first", "need.put_back"]


def test_nobody_puts_their_own_need_first(client, community, rosa):
    wanted = need(rosa.enrollment)
    client.force_login(rosa.person)
    path = reverse("profiles:profile_need", args=[rosa.enrollment_id, wanted.pk])
    choices = []

    for state in ("raised", "prioritized"):
        Need.objects.update(state=state)
        choices.append([value for value, _label in client.get(path).context["form"].fields["state"].choices])

    assert choices == [
        ["raised", "addressed", "retired"],
        ["raised", "prioritized", "addressed", "retired"],
    ]


def test_a_leader_who_needs_it_herself_reads_that_one_person_is_asked(client, community):
    lead, mei = add_member(community, "Lin", role=Membership.Role.LEADER), add_member(community, "Mei")
    wanted, helping = need(lead.enrollment, text="A reader"), offer(mei.enrollment)
    path = reverse("communities:introduction", args=[community.pk, wanted.pk])
    client.force_login(lead.person)

    shown = client.get(path).text
    asked = client.post(path, {"offer": helping.pk}, follow=True).text
    again = client.post(path, {"offer": helping.pk}, follow=True)

    assert ("We ask one person" in shown, "Ask this person" in shown, "We ask both" in shown) == (
        True,
        True,
        False,
    )
    assert ("We ask. You hear" in asked, "We ask both" in asked) == (True, False)
    made = Introduction.objects.get()
    own = reverse("profiles:profile_introduction", args=[lead.enrollment_id, made.pk])
    assert (again.redirect_chain[0][0], "This was asked already." in again.text) == (own, True)


def test_a_leader_who_asks_twice_from_two_tabs_reads_that_it_was_asked(client, community, rosa):
    lead, mei = add_member(community, "Lin", role=Membership.Role.LEADER), add_member(community, "Mei")
    wanted, helping = need(rosa.enrollment), offer(mei.enrollment)
    client.force_login(lead.person)

    for _tab in range(2):
        answer = client.post(
            reverse("communities:introduction", args=[community.pk, wanted.pk]),
            {"offer": helping.pk},
            follow=True,
        )

    topic = reverse("communities:needs_topic", args=[community.pk, wanted.topic_id])
    assert (answer.redirect_chain[0][0], "This was asked already." in answer.text) == (topic, True)


@pytest.mark.parametrize("name", ["priority", "priority_end", "introduction"])
def test_a_page_older_than_the_need_leads_back_to_its_topic(client, community, rosa, name):
    lead = add_member(community, "Lin", role=Membership.Role.LEADER)
    wanted = need(rosa.enrollment)
    actions.retire(wanted, by=rosa.person)
    client.force_login(lead.person)

    answer = client.post(reverse(f"communities:{name}", args=[community.pk, wanted.pk]), follow=True)

    topic = reverse("communities:needs_topic", args=[community.pk, wanted.topic_id])
    assert (answer.redirect_chain, "taken off the lists meanwhile" in answer.text) == ([(topic, 302)], True)
    assert Need.objects.get().state == "retired"


@pytest.mark.parametrize(("zone", "told"), [("America/Chicago", "Chicago"), ("", "UTC")])
def test_free_hours_say_by_whose_clock(client, community, rosa, zone, told):
    tom = add_member(community, "Tom")
    rosa.enrollment.attributes = {"free_hours": ["mon-09", "mon-10", "mon-11"]}
    rosa.enrollment.time_zone = zone
    rosa.enrollment.save()
    client.force_login(tom.person)

    page = client.get(reverse("communities:profile", args=[community.pk, rosa.pk])).text

    assert told in page.partition("By the clock of")[2][:60]
