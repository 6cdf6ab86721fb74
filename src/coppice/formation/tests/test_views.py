"""The pages of formation, walked as a manager walks them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from coppice.communities.models import Community
from coppice.communities.tests.factories import add_member, enroll, make_community, make_program, make_staff
from coppice.formation import actions, columns, tasks
from coppice.formation.errors import NotProposed
from coppice.formation.models import Formation, Place
from coppice.formation.permissions import can_form, can_form_community, can_form_place
from coppice.formation.proposing import work_out
from coppice.formation.queries import mark_on_table
from coppice.formation.rules import Kind, Rule, Weight, rules_of
from coppice.formation.swap_wording import points_sentence
from coppice.formation.tests.factories import (
    columns_of,
    make_proposal,
    make_roster,
    people_in,
    start_formation,
)
from coppice.history.models import Entry

pytestmark = pytest.mark.django_db
State = Formation.State


@pytest.fixture
def program():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    return program


@pytest.fixture
def staff(program, client):
    person = make_staff(program)
    client.force_login(person)
    return person


def at(name: str, *args: object) -> str:
    return reverse(f"formation:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def terms(**changes: object) -> dict[str, object]:
    usual = {"name": "First", "reason": "stable_team", "minimum": 7, "maximum": 9, "usual": "on"}
    return {**usual, **changes}


def test_the_form_offers_what_the_roster_tells(client, program, staff):
    page = text_of(client.get(at("formations", program.pk)))

    assert [
        f'<option value="{key}">{label}</option>' in page
        for key, label in [
            ("organization", "organization"),
            ("kind", "type of organization"),
            ("attribute:Years", "Years"),
            ("attribute:Wants", "Wants"),
            ("job_title", "job title"),
        ]
    ] == [True, True, True, True, False]


def test_an_empty_roster_leads_to_bringing_one_in(client):
    program = make_program()
    client.force_login(make_staff(program))

    page = text_of(client.get(at("formations", program.pk)))

    assert ["Work out a proposal" in page, reverse("programs:imports", args=[program.pk]) in page] == [
        False,
        True,
    ]


def test_starting_brings_the_rule_of_its_reason(client, program, staff):
    response = client.post(at("formations", program.pk), terms(kind_0="alike", field_0="attribute:Wants"))

    formation = Formation.objects.get()
    assert (response.status_code, response.url) == (302, formation.get_absolute_url())
    assert rules_of(formation) == [Rule(Kind.ALIKE, "attribute:Wants"), Rule(Kind.BALANCED, "kind")]
    assert (formation.created_by, formation.state) == (staff, State.PROPOSING)


def test_a_rule_is_told_to_people_only_when_it_is_ticked(client, program, staff):
    rows = {
        "kind_0": "alike",
        "field_0": "attribute:Wants",
        "kind_1": "balanced",
        "field_1": "attribute:Years",
    }

    client.post(at("formations", program.pk), terms(**rows, told_1="on", told_3="on"))

    formation = Formation.objects.get()
    wants, years = Rule(Kind.ALIKE, "attribute:Wants"), Rule(Kind.BALANCED, "attribute:Years", is_told=True)
    assert rules_of(formation) == [wants, years, Rule(Kind.BALANCED, "kind")]
    page = client.get(at("settings", formation.pk))
    assert [page.context["form"][f"told_{number}"].value() for number in (0, 1, 2)] == [False, True, False]


def test_chosen_organizations_are_kept(client, program, staff):
    chosen = list(program.organizations.order_by("pk").values_list("pk", flat=True)[:2])

    client.post(at("formations", program.pk), terms(reason="chosen", organizations=chosen))

    assert rules_of(Formation.objects.get()) == [Rule(Kind.CHOSEN, organizations=tuple(chosen))]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minimum": 9, "maximum": 7}, "The largest size is not below the smallest."),
        ({"reason": "chosen"}, "Choose at least two organizations to link."),
        ({"kind_0": "apart"}, "Choose what this rule is about, or take it away."),
        ({"field_1": "area"}, "Choose what to do with it, or take it away."),
    ],
)
def test_a_form_that_needs_another_look_says_what_to_do(client, program, staff, changes, sentence):
    response = client.post(at("formations", program.pk), terms(**changes))

    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert not Formation.objects.exists()


def test_the_page_shows_progress_until_the_proposal_is_there(client, program, staff):
    formation = start_formation(program, by=staff)

    waiting = text_of(client.get(at("formation", formation.pk)))
    fragment = text_of(client.get(at("progress", formation.pk)))
    tasks.propose.call(formation_id=formation.pk)
    Formation.objects.update(state=State.PROPOSING)
    running = text_of(client.get(at("progress", formation.pk)))
    Formation.objects.update(state=State.PROPOSED)
    done = text_of(client.get(at("progress", formation.pk)))

    assert [at("progress", formation.pk) in page for page in (waiting, fragment, running, done)] == [
        True,
        True,
        True,
        False,
    ]
    assert ["Waiting for its turn." in waiting, "<progress" in running, "It is worked out." in done] == [
        True
    ] * 3


@pytest.mark.parametrize("state", [State.PROPOSED, State.IMPOSSIBLE])
def test_whoever_watches_is_shown_at_once_what_came_of_it(client, program, staff, state):
    formation = start_formation(program, by=staff)
    asked = {"HX-Request": "true"}

    running = client.get(at("progress", formation.pk), headers=asked)
    Formation.objects.update(state=state)
    over = client.get(at("progress", formation.pk), headers=asked)

    assert ("HX-Redirect" in running.headers, "Looking for a place" in text_of(running)) == (False, True)
    assert over.headers["HX-Redirect"] == formation.get_absolute_url()


def test_a_clash_is_told_with_the_way_out(client, program, staff):
    formation = make_proposal(program, minimum=20, maximum=22)

    page = text_of(client.get(at("formation", formation.pk)))

    assert "24 people do not divide into communities of 20 to 22." in page
    assert at("settings", formation.pk) in page


def test_the_studio_shows_rules_scores_columns_and_people(client, program, staff):
    formation = make_proposal(
        program, rules=[Rule(Kind.APART, "attribute:Nobody"), Rule(Kind.BALANCED, "kind")]
    )

    page = text_of(client.get(at("formation", formation.pk)))

    for words in (
        "24 people in 3 communities of 7 to 9. Every must-have holds.",
        "7 to 9 people each",
        "Same answer apart: Nobody",
        "A good mix by type of organization in each",
        "Community 3",
        "Person 007",
        "Organization 5",
    ):
        assert words in page
    assert f"{round(100 * formation.outcome['total'])} of 100 in all." in page


def test_a_place_tells_why_and_what_a_move_would_change(client, program, staff):
    formation = make_proposal(program, minimum=7, maximum=12, rules=[Rule(Kind.ALIKE, "area")])
    column = columns_of(formation)[0]
    place = people_in(column)[0]

    page = text_of(client.get(at("place", place.pk)))

    assert f"Why {column.name}" in page
    assert "as 7 other people here." in page or "other people here." in page
    assert ["Move to…" in page, "If moved" in page, " worse" in page] == [True] * 3


def test_moving_says_the_score_and_can_be_undone(client, program, staff):
    formation = make_proposal(program, minimum=2, maximum=16, rules=[Rule(Kind.ALIKE, "area")])
    first, second = columns_of(formation)[:2]
    place = people_in(first)[0]
    offered = client.get(at("place", place.pk)).context["options"]
    points = next(each.points for each in offered if each.community == second)

    page = text_of(client.post(at("move", place.pk), {"to": second.pk}, follow=True))
    undo = f"{at('move', place.pk)}?to={first.pk}"
    client.post(undo)

    place.refresh_from_db()
    assert (
        f"{place.enrollment} is in {second.name} now. The two together: {points_sentence(points)}, of" in page
    )
    assert (points < 0, undo in page) == (True, True)
    assert place.proposed_community == first


def test_a_move_that_breaks_a_rule_warns_and_one_that_does_not_fit_is_refused(client, program, staff):
    formation = make_proposal(program, minimum=8, maximum=9)
    first, second, _third = columns_of(formation)

    warned = text_of(client.post(at("move", people_in(first)[0].pk), {"to": second.pk}, follow=True))
    refused = text_of(client.post(at("move", people_in(first)[0].pk), {"to": second.pk}, follow=True))
    nowhere = client.post(at("move", people_in(first)[0].pk), {"to": "0 or more"})
    same = client.post(at("move", people_in(first)[0].pk), {"to": first.pk})

    assert f"{first.name} has one person fewer than its smallest size." in warned
    assert "There is no free place there." in refused
    assert (nowhere.status_code, same.status_code) == (404, 302)


@pytest.mark.parametrize(
    ("change", "undo", "field"),
    [("lock", "lock_end", "is_locked"), ("leadership", "leadership_end", "is_leader")],
)
def test_locking_and_leading_can_be_undone(client, program, staff, change, undo, field):
    formation = make_proposal(program)
    place = people_in(columns_of(formation)[0])[0]

    page = text_of(client.post(at(change, place.pk), follow=True))
    place.refresh_from_db()
    was = getattr(place, field)
    client.post(at(undo, place.pk))

    place.refresh_from_db()
    assert (was, getattr(place, field), at(undo, place.pk) in page) == (True, False, True)


def test_what_is_published_cannot_be_changed_by_any_form(client, program, staff):
    formation = make_proposal(program)
    column = columns_of(formation)[0]
    place = people_in(column)[0]
    Formation.objects.update(state=State.PUBLISHED)

    statuses = [
        client.post(at("settings", formation.pk), terms()).status_code,
        client.post(at("community_name", column.pk), {"name": "x"}).status_code,
    ]
    told = [
        text_of(client.post(at(name, *args), follow=True))
        for name, args in (("lock", [place.pk]), ("proposal", [formation.pk]))
    ]
    studio = text_of(client.get(at("place", place.pk)))

    assert statuses == [422, 422]
    assert "There is no open proposal to change." in told[0]
    assert "This round is published already." in told[1]
    assert ["Published: everybody is invited." in studio, "Move to…" in studio] == [True, False]


def test_settings_are_shown_as_they_are_and_change_the_proposal(client, program, staff):
    formation = make_proposal(program, rules=[Rule(Kind.APART, "attribute:Gone")])

    page = text_of(client.get(at("settings", formation.pk)))
    client.post(
        at("settings", formation.pk),
        terms(name="Second", reason="area", minimum=12, maximum=12, kind_0="balanced", field_0="area"),
    )

    formation.refresh_from_db()
    assert '<option value="attribute:Gone" selected>Gone</option>' in page
    assert (formation.name, formation.state, rules_of(formation)) == (
        "Second",
        State.PROPOSING,
        [Rule(Kind.BALANCED, "area")],
    )


def test_a_community_is_named(client, program, staff):
    formation = make_proposal(program)
    column = columns_of(formation)[0]

    shown = client.get(at("community_name", column.pk))
    response = client.post(at("community_name", column.pk), {"name": "Night shifts", "purpose": "To rest"})

    column.refresh_from_db()
    assert (shown.status_code, response.url, column.name) == (
        200,
        formation.get_absolute_url(),
        "Night shifts",
    )


def test_working_out_again_asks_for_the_next_seed(client, program, staff):
    formation = make_proposal(program)

    client.post(at("proposal", formation.pk))

    formation.refresh_from_db()
    assert (formation.state, formation.seed) == (State.PROPOSING, 2)


def test_the_studio_says_who_stays_before_it_is_worked_out_again(client, program, staff):
    formation = make_proposal(program, minimum=5)
    first, *_others, last = columns_of(formation)
    address = at("formation", formation.pk)
    before = text_of(client.get(address))
    client.post(at("move", people_in(first)[0].pk), {"to": last.pk})

    after = text_of(client.get(address))
    settings = text_of(client.get(at("settings", formation.pk)))
    kept = text_of(client.post(at("proposal", formation.pk), follow=True))
    Formation.objects.update(state=State.PROPOSED)
    freed = text_of(client.post(at("proposal", formation.pk), {"let_go": "1"}, follow=True))

    assert "“Work it out again” makes another proposal; this one stays in the list." in before
    assert "One person whom you moved stays where you put them." not in before
    assert "One person whom you moved stays where you put them." in after
    assert 'name="let_go" type="checkbox" value="1" form="again"' in after
    assert "Let the one person go whom you moved, to be placed anew" in settings
    assert "People whom you locked or moved stay where they are." in kept
    assert "Locked people stay where they are." in freed
    assert Formation.objects.get().lets_go


def test_an_impossible_proposal_says_who_is_kept_and_lets_them_go(client, program, staff):
    formation = make_proposal(program, minimum=5)
    first, *_others, last = columns_of(formation)
    client.post(at("move", people_in(first)[0].pk), {"to": last.pk})
    Formation.objects.update(state=State.IMPOSSIBLE)

    page = text_of(client.get(at("formation", formation.pk)))
    client.post(at("settings", formation.pk), {**terms(), "let_go": "on"})

    assert "One person whom you moved is kept where you put them." in page
    assert Formation.objects.get().lets_go


def test_new_people_are_counted_until_it_is_worked_out_again(client, program, staff):
    formation = make_proposal(program)
    enroll(program, "Newcomer")

    page = text_of(client.get(at("formation", formation.pk)))

    assert "One person came onto the roster after this was worked out, and has no place yet." in page


def test_publishing_shows_what_is_sent_then_sends_it_once(client, program, staff):
    enrollment = program.enrollments.first()
    enrollment.contact_mode = "paper"
    enrollment.save()
    formation = make_proposal(program)
    today = timezone.localdate()
    frame = {"starts_on": today, "ends_on": today.replace(year=today.year + 1), "asked": "A meeting a month"}
    frame["seen"] = mark_on_table(formation)

    page = text_of(client.get(at("publication", formation.pk)))
    wrong = client.post(at("publication", formation.pk), {**frame, "ends_on": today})
    first = client.post(at("publication", formation.pk), frame)
    again = client.post(at("publication", formation.pk), frame)
    afterwards = client.get(at("publication", formation.pk))

    assert "23 people get an invitation by mail" in page
    assert "One person has no mail address here" in page
    assert wrong.status_code == 422
    tasks.publish.call(formation_id=formation.pk)
    assert first.url == again.url == at("publication", formation.pk)
    assert (afterwards.status_code, "Being published" in text_of(afterwards)) == (200, True)
    assert Community.objects.count() == 3


def test_publishing_what_is_being_worked_out_is_refused(client, program, staff):
    formation = start_formation(program, by=staff)
    today = timezone.localdate()

    response = client.post(
        at("publication", formation.pk),
        {"starts_on": today, "ends_on": today.replace(year=today.year + 1)},
    )

    assert response.status_code == 422
    assert "There is no open proposal to change." in text_of(response)


def test_there_is_no_publication_to_look_at_before_a_proposal(client, program, staff):
    formation = start_formation(program, by=staff)

    response = client.get(at("publication", formation.pk))

    assert response.url == formation.get_absolute_url()


def test_the_table_has_a_row_for_everybody(client, program, staff):
    formation = make_proposal(program)
    actions.give_lead(people_in(columns_of(formation)[0])[0], by=staff)

    response = client.get(at("people", formation.pk))

    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Community,Name,Email address,Organizations,Leads,Why"
    assert (len(lines), lines[1].startswith("Community 1,"), ",yes," in lines[1]) == (25, True, True)


def test_only_staff_of_the_program_get_in(client, program):
    formation = make_proposal(program)
    column = columns_of(formation)[0]
    place = people_in(column)[0]
    member = add_member(make_community(program), enrollment=place.enrollment).person
    insider, outsider = make_staff(program), make_staff(make_program())
    addresses = [
        at("formation", formation.pk),
        at("progress", formation.pk),
        at("settings", formation.pk),
        at("publication", formation.pk),
        at("people", formation.pk),
        at("place", place.pk),
        at("proposed_community", column.pk),
    ]

    found = {}
    for name, person in (("outsider", outsider), ("member", member)):
        client.force_login(person)
        found[name] = {client.get(address).status_code for address in addresses}
        found[f"{name}'s list"] = client.get(at("formations", program.pk)).status_code

    assert found == {"outsider": {404}, "outsider's list": 404, "member": {404}, "member's list": 403}
    for predicate, thing in ((can_form, formation), (can_form_place, place), (can_form_community, column)):
        assert [predicate(person, thing) for person in (insider, outsider, member)] == [True, False, False]


def test_pages_ask_the_same_few_questions_however_many_people(
    client, program, staff, django_assert_max_num_queries
):
    large = make_program(provider=program.provider)
    make_roster(large, 80, organizations=20)
    counts = []
    for each in (program, large):
        formation = make_proposal(each, rules=[Rule(Kind.BALANCED, "kind")])
        place = people_in(columns_of(formation)[0])[0]
        addresses = [
            at("formations", each.pk),
            at("formation", formation.pk),
            at("place", place.pk),
            at("publication", formation.pk),
            at("people", formation.pk),
        ]
        numbers = []
        for address in addresses:
            with django_assert_max_num_queries(12) as queries:
                client.get(address)
            numbers.append(len(queries))
        counts.append(numbers)

    assert counts[0] == counts[1]


def part_of(response) -> tuple[list[str], bool]:
    """What htmx puts into the page: the ids of the parts, and whether it is a whole page."""
    page = response.content.decode()
    return re.findall(r'id="([a-z-]+\d*)"[^>]*hx-swap-oob', page), "<html" in page


def test_htmx_gets_the_panel_alone_and_the_whole_page_when_it_goes_back(client, program, staff):
    formation = make_proposal(program)
    place = people_in(columns_of(formation)[0])[0]
    part = {"HX-Request": "true", "HX-Target": "panel"}

    panel = client.get(at("place", place.pk), headers=part)
    back = client.get(at("place", place.pk), headers={**part, "HX-History-Restore-Request": "true"})

    assert [str(place.enrollment) in text_of(each) for each in (panel, back)] == [True, True]
    assert [part_of(each)[1] for each in (panel, back)] == [False, True]
    assert "HX-Request" in panel.headers["Vary"]


def test_htmx_gets_the_two_columns_that_a_move_changed(client, program, staff):
    formation = make_proposal(program, minimum=2, maximum=9)
    first, second = columns_of(formation)[:2]
    untouched = columns_of(formation)[2]
    place = people_in(first)[0]

    response = client.post(at("move", place.pk), {"to": second.pk}, headers={"HX-Request": "true"})

    parts, is_page = part_of(response)
    assert (sorted(parts), is_page) == (
        sorted(
            [
                "studio-lead",
                "studio-again",
                "studio-again-label",
                "studio-broken",
                "studio-rules",
                "strip-score",
                f"column-{first.pk}",
                f"column-{second.pk}",
                "panel",
                "toasts",
            ]
        ),
        False,
    )
    assert f"column-{untouched.pk}" not in text_of(response)


def test_htmx_is_told_when_a_community_is_full(client, program, staff):
    formation = make_proposal(program, minimum=8, maximum=8)
    first, second = columns_of(formation)[:2]
    place = people_in(first)[0]

    response = client.post(at("move", place.pk), {"to": second.pk}, headers={"HX-Request": "true"})

    assert (response.status_code, "There is no free place there." in text_of(response)) == (200, True)


def test_a_search_leaves_the_communities_that_hold_somebody_found(client, program, staff):
    formation = make_proposal(program)
    column = columns_of(formation)[1]
    place = people_in(column)[0]
    house = place.enrollment.organizations.get()
    actions.rename(column, name="Night shifts", topic=None, by=staff)

    found = [
        re.findall(r'id="column-(\d+)"', text_of(client.get(at("formation", formation.pk), {"find": sought})))
        for sought in (place.enrollment.name.upper(), "night sh", "nobody has this")
    ]
    by_house = text_of(client.get(at("formation", formation.pk), {"find": house.name}))

    assert found == [[str(column.pk)], [str(column.pk)], []]
    assert by_house.count("is-sought") == house.enrollments.count()


def test_large_proposals_have_pages_and_a_place_opens_on_its_own(client, program, staff, monkeypatch):
    monkeypatch.setattr(columns, "PEOPLE_ON_A_PAGE", 20)
    monkeypatch.setattr(columns, "LEAST_COLUMNS", 2)
    formation = make_proposal(program, minimum=4, maximum=4)
    last = columns_of(formation)[-1]
    place = people_in(last)[0]

    first = text_of(client.get(at("formation", formation.pk)))
    opened = text_of(client.get(at("place", place.pk)))

    assert ["1 to 5 of 6" in first, f'id="column-{last.pk}"' in first] == [True, False]
    assert ["6 to 6 of 6" in opened, f'id="column-{last.pk}"' in opened] == [True, True]


def test_a_crowded_column_shows_some_and_counts_the_rest(client, program, staff, monkeypatch):
    monkeypatch.setattr(columns, "PEOPLE_IN_A_COLUMN", 5)
    formation = make_proposal(program, reason=Community.Reason.WHOLE_COHORT)

    page = text_of(client.get(at("formation", formation.pk)))
    found = text_of(client.get(at("formation", formation.pk), {"find": "Person 023"}))

    assert [page.count("column-person"), "and 19 more. Find them by name above." in page] == [5, True]
    assert "Person 023" in found


def test_a_place_leads_to_the_proposal_while_it_is_worked_out_again(client, program, staff):
    formation = make_proposal(program)
    place = people_in(columns_of(formation)[0])[0]
    actions.propose_again(formation, by=staff)

    response = client.get(at("place", place.pk))

    assert response.url == formation.get_absolute_url()


def test_a_published_place_still_tells_why(client, program, staff):
    formation = make_proposal(program, rules=[Rule(Kind.TOGETHER, "organization")])
    place = people_in(columns_of(formation)[0])[0]
    Formation.objects.update(state=State.PUBLISHED)

    page = text_of(client.get(at("place", place.pk)))

    house = place.enrollment.organizations.get()
    mate = house.enrollments.exclude(pk=place.enrollment_id).order_by("pk").first()
    assert re.search(f"Is meant to be with [^.]*{mate}[^.]*\\.", page)
    assert house.name in page


@pytest.mark.parametrize("state", [State.OPEN, State.PROPOSING, State.PROPOSED, State.IMPOSSIBLE])
def test_a_proposal_that_is_not_published_is_removed_with_its_places(client, program, staff, state):
    formation = make_proposal(program, by=staff)
    kept = make_proposal(program, by=staff)
    Formation.objects.filter(pk=formation.pk).update(state=state)

    asked = text_of(client.get(at("removal", formation.pk)))
    answer = client.post(at("removal", formation.pk), follow=True)

    entry = Entry.objects.of(program.scope).first()
    [seed, score] = [kept.on_table.seed, kept.on_table.percent]  # the same people, rules and seed
    assert entry.detail == {
        "reason": "stable_team",
        "minimum": 7,
        "maximum": 9,
        "proposals": [{"number": 1, "seed": seed, "score": score}],
    }
    assert "The history keeps its name, sizes, seed and score" in asked
    history = text_of(client.get(f"/programs/{program.pk}/history/"))
    assert f"7 to 9 people each. Proposal 1: seed {seed}, {score} of 100." in history
    assert (
        "Its rules and its proposal with all communities, places and notes are gone for good" in asked,
        "Proposal 1 is removed." in text_of(answer),
    ) == (True, True)
    assert answer.redirect_chain == [(at("formations", program.pk), 302)]
    assert list(Formation.objects.all()) == [kept]
    assert set(Place.objects.values_list("proposal__formation", flat=True)) == {kept.pk}
    assert program.enrollments.current().count() == 24
    assert (entry.verb, entry.actor, entry.subject_name) == ("formation.removed", staff, "Proposal 1")
    assert client.get(at("formation", formation.pk)).status_code == 404


@pytest.mark.parametrize("state", [State.PUBLISHING, State.PUBLISHED])
def test_what_people_were_invited_by_is_not_removed(client, program, staff, state):
    formation = make_proposal(program, by=staff)
    Formation.objects.update(state=state)

    asked = client.get(at("removal", formation.pk))
    refused = client.post(at("removal", formation.pk))

    assert (asked.url, refused.url) == (at("publication", formation.pk), formation.get_absolute_url())
    assert Formation.objects.filter(pk=formation.pk).exists()


def test_a_job_keeps_nothing_of_what_was_removed_meanwhile(program, staff):
    formation = start_formation(program, by=staff)
    worked_out = work_out(formation)
    actions.remove(formation, by=staff)
    gone = Formation(pk=formation.pk, program=program)

    kept = actions.keep(gone, worked_out=worked_out)

    assert (kept, Place.objects.count()) == (False, 0)
    with pytest.raises(NotProposed):
        actions.propose_again(gone, by=staff)


@pytest.mark.parametrize("changes", [{}, {"minimum": 20, "maximum": 22}], ids=["proposed", "impossible"])
def test_the_way_to_remove_it_stands_beside_the_way_to_change_it(client, program, staff, changes):
    formation = make_proposal(program, by=staff, **changes)

    page = text_of(client.get(formation.get_absolute_url()))

    assert at("removal", formation.pk) in page
    assert at("settings", formation.pk) in page


def as_shown(page) -> dict[str, object]:
    """What a browser sends of the form of a page when nothing is changed."""
    form = page.context["form"]
    values = {each.html_name: each.value() for each in form}
    return {name: "on" if value is True else value for name, value in values.items() if value or value == 0}


@pytest.mark.parametrize("state", [State.PROPOSED, State.PUBLISHED])
def test_another_name_alone_works_nothing_out(client, program, staff, state):
    rules = [Rule(Kind.ALIKE, "attribute:Wants", is_told=True), Rule(Kind.AT_MOST, "area", amount=5)]
    formation = make_proposal(program, rules=rules)
    Formation.objects.filter(pk=formation.pk).update(state=state)
    shown = as_shown(client.get(at("settings", formation.pk)))

    page = client.post(at("settings", formation.pk), {**shown, "name": "Spring round"}, follow=True)

    formation.refresh_from_db()
    assert (formation.name, formation.state, formation.seed) == ("Spring round", state, 1)
    assert "The name is saved. Nothing else has changed." in text_of(page)
    assert formation.proposals.count() == 1


def test_saved_with_another_name_and_another_size_it_is_worked_out(client, program, staff):
    formation = make_proposal(program)
    shown = as_shown(client.get(at("settings", formation.pk)))

    client.post(at("settings", formation.pk), {**shown, "name": "Spring round", "maximum": 10})

    formation.refresh_from_db()
    assert (formation.name, formation.maximum, formation.state) == ("Spring round", 10, State.PROPOSING)


def test_two_rows_that_ask_the_same_are_one_unless_they_count_differently(client, program, staff):
    url, row = at("formations", program.pk), {"kind_0": "alike", "field_0": "area", "weight_0": "high"}
    again = {"kind_1": "alike", "field_1": "area"}

    refused = client.post(url, terms(**row, **again, weight_1="low"))
    client.post(url, terms(**row, **again, weight_1="high"))

    assert refused.status_code == 422
    assert "Rule 1 asks the same, and counts differently." in text_of(refused)
    near = Rule(Kind.ALIKE, "area", weight=Weight.HIGH)
    assert [rule for rule in rules_of(Formation.objects.get()) if rule.field == "area"] == [near]
