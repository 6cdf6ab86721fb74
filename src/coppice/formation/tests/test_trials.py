"""Rules are set in rows, looked at before anything is run, and told in words."""

import re

import pytest
from django.urls import reverse

from coppice.communities.models import Community
from coppice.communities.tests.factories import make_program, make_staff
from coppice.formation import tasks
from coppice.formation.aspects import About, Aspects, Offer, Says, aspects_of
from coppice.formation.explaining import explanation_of
from coppice.formation.models import Formation
from coppice.formation.rule_wording import TELLERS, broken_of, clash_of, topics_clash
from coppice.formation.rules import Kind, Rule, Weight, rules_of
from coppice.formation.tests.factories import columns_of, make_proposal, make_roster, start_formation
from coppice.formation.wording import broken_sentence, clash_sentences, reason_sentences, rule_sentence
from coppice.programs.models import Topic
from engines import grouping

pytestmark = pytest.mark.django_db

WISHES = (["Grants", "Vans"], ["Vans"], ["Boards", "Grants"])


@pytest.fixture
def program():
    program = make_program(name="Healthy Start")
    make_roster(program, 24)
    for number, person in enumerate(program.enrollments.order_by("pk")):
        person.attributes |= {"free_hours": ["mon-09", "mon-10"], "needs": ["Vans"], "expertise": ["Grants"]}
        person.attributes |= {"wishes": WISHES[number % 3]} if number < 21 else {}
        person.save()
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
    return {"name": "First", "reason": "stable_team", "minimum": 7, "maximum": 9, **changes}


def tried(client, program, **changes: object) -> str:
    answer = client.post(at("program_trial", program.pk), terms(**changes), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return text_of(answer)


def row(number: int, **parts: object) -> dict[str, object]:
    return {f"{part}_{number}": value for part, value in parts.items()}


def test_each_rule_says_whom_it_is_about_if_not_all_and_what_was_checked_is_told(client, program, staff):
    said = tried(
        client,
        program,
        about="open",
        **row(0, kind="wishes"),
        **row(1, kind="at_most", field="organization", amount=2),
        **row(2, kind="people_apart", people="Person 001; person 002, Person 003"),
    )

    assert "We found no clash so far" in said
    assert "Checked: whether 24 people fit into the sizes" in said
    assert re.findall(r"<p>([^<]+)</p>|(It is about[^<]+)", said) == [
        ("Topics that people wished for", ""),
        ("", "It is about 21 people. 3 have not answered, and count neither for nor against."),
        ("At most 2 with the same answer: organization", ""),
        ("3 named people apart", ""),
        ("", "It is about 3 people."),
    ]
    assert "3 people answered none of this. They are spread over all." in said
    assert not Formation.objects.exists()
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minimum": 20, "maximum": 22}, "24 people do not divide into communities of 20 to 22."),
        (
            row(0, kind="at_least", field="attribute:Wants", value="Grants", amount=5),
            "“At least 5 with “grants” in each: Wants” cannot hold. There are too few people with “grants”: "
            "15 are needed, and there are 12.",
        ),
        (
            row(0, kind="shared_hours", amount=3),
            "“3 hours a week when everybody can meet” cannot hold. 24 people are not free for so long.",
        ),
        (
            row(0, kind="at_most", field="attribute:Wants", amount=2),
            "“At most 2 with the same answer: Wants” cannot hold: there is room for 6, and there are 12 "
            "people of “grants” and 12 people of “volunteers”.",
        ),
        (
            row(0, kind="people_apart", people="Person 001, Person 002, Person 003, Person 004"),
            "4 people are all to be apart, and there are only 3 communities for them.",
        ),
        (
            {
                **row(0, kind="people_apart", people="Person 001, Person 002"),
                **row(1, kind="people_together", people="Person 001, Person 002"),
            },
            "These cannot both hold: “2 named people apart” and “2 named people together”.",
        ),
        (
            {
                **row(0, kind="wished_only"),
                "about": "offered",
            },
            "Tick at least one topic to offer",
        ),
    ],
)
def test_what_cannot_hold_is_told_before_anything_is_run(client, program, staff, changes, sentence):
    answer = client.post(at("program_trial", program.pk), terms(**changes))

    assert sentence in text_of(answer)


def test_topics_that_are_too_few_are_told(client, program, staff):
    page = text_of(client.post(at("program_trial", program.pk), terms(about="offered")))
    ticks = dict(re.findall(r'name="(offer_\w+)" id="[^"]+"[^>]*> ?<span>(\w+)', page))
    vans = next(name.removeprefix("offer_") for name, topic in ticks.items() if topic == "Vans")
    offered = {"about": "offered", f"offer_{vans}": "on", f"most_{vans}": 1, f"sure_{vans}": "on"}

    too_few = tried(client, program, **offered, **row(0, kind="wished_only"))

    assert sorted(ticks.values()) == ["Boards", "Grants", "Vans"]
    assert "There are 9 places for 24 people. Offer more topics" in too_few
    assert "“Only topics that people wished for” cannot hold. For 7 people none of their topics" in too_few


def test_a_form_that_needs_another_look_is_not_tried(client, program, staff):
    fragment = tried(client, program, maximum=2)
    page = client.post(at("program_trial", program.pk), terms(maximum=2))

    assert "Some answers need another look" in fragment
    assert "The largest size is not below the smallest." in text_of(page)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"kind": "at_least", "field": "area"}, "Write the answer that this rule is about."),
        (
            {"kind": "spread", "field": "area", "value": "East"},
            "Nobody answered “East”. Answers are: “North”, “South”, “West”.",
        ),
        ({"kind": "people_together", "people": "Person 001"}, "Write the names of at least two people."),
        ({"kind": "only_about", "topics": "Vans"}, "Write somebody’s name."),
        ({"kind": "only_about", "people": "Person 001"}, "Write at least one topic."),
        ({"kind": "only_about", "people": "Person 001", "topics": "Cars"}, "“Cars” is not among the topics."),
        (
            {"kind": "people_apart", "people": "Persn 001; Person 002"},
            "Nobody on the roster is called “Persn 001”. Do you mean Person 001?",
        ),
        (
            {"kind": "people_apart", "people": "Zoe; Person 002"},
            "Nobody on the roster is called “Zoe”.",
        ),
        ({"kind": "enough", "value": "x"}, "Choose what this rule is about, or take it away."),
    ],
)
def test_a_row_says_what_it_needs(client, program, staff, parts, sentence):
    response = client.post(at("formations", program.pk), terms(about="open", **row(0, **parts)))

    assert (response.status_code, sentence in text_of(response).replace("&quot;", '"')) == (422, True)


def test_a_rule_about_topics_needs_topics(client, program, staff):
    response = client.post(at("formations", program.pk), terms(**row(0, kind="wishes")))

    assert "Say under “Topics” which there are" in text_of(response)


def test_topics_nobody_asked_for_cannot_be_left_to_it(client, staff):
    program = make_program()
    make_roster(program, 8)
    client.force_login(make_staff(program))

    response = client.post(at("formations", program.pk), terms(about="open"))

    assert "Nobody wishes for a topic yet." in text_of(response)


def test_what_is_set_is_kept_and_shown_again(client, program, staff):
    people = list(program.enrollments.order_by("pk")[:2])
    rows = {
        **row(0, kind="meeting_hours", amount=1, share=80, weight="high"),
        **row(1, kind="people_apart", people=f"{people[0]}, {people[1]}"),
        **row(2, kind="accompanied", field="area", value="north", amount=3),
    }

    client.post(at("formations", program.pk), terms(about="open", fairness=3, **rows))

    formation = Formation.objects.get()
    assert rules_of(formation) == [
        Rule(Kind.MEETING_HOURS, amount=1, share=80, weight=Weight.HIGH),
        Rule(Kind.PEOPLE_APART, people=tuple(sorted(each.pk for each in people))),
        Rule(Kind.ACCOMPANIED, "area", value="North", amount=3),
    ]
    kept = aspects_of(formation)
    assert (kept.about, kept.fairness) == (About.OPEN, 3)
    assert [offer.topic for offer in kept.offers] == ["Vans", "Grants", "Boards"]
    form = client.get(at("settings", formation.pk)).context["form"]
    names = ("share_0", "weight_0", "people_1", "value_2", "amount_2", "about", "fairness")
    assert [form[name].value() for name in names] == [
        *(80, "high", f"{people[0]}; {people[1]}", "North", 3, "open", 3)
    ]


def test_columns_are_guessed_and_corrected(client, program, staff):
    form = client.get(at("formations", program.pk)).context["form"]
    told = {field.label: field.value() for field in form.aspect_fields.told_columns}
    wants = next(field for field in form.aspect_fields.other_columns if field.label == "Wants")

    needs = next(field for field in form.aspect_fields.told_columns if field.label == "needs")
    client.post(at("formations", program.pk), terms(**{wants.html_name: "wish", needs.html_name: "value"}))

    assert told == {"wishes": "wish", "free hours": "free", "needs": "need", "expertise": "expertise"}
    assert aspects_of(Formation.objects.get()).columns == {
        "Wants": Says.WISH,
        "free_hours": Says.FREE,
        "expertise": Says.EXPERTISE,
        "wishes": Says.WISH,
    }


def test_wishes_for_company_become_rules_when_ticked(client, program, staff):
    first, second, third = program.enrollments.order_by("pk")[:3]
    first.attributes |= {"keep_with": ["Person 001", "Person 000", "Nobody"], "keep_apart": ["Person 002"]}
    second.attributes |= {"keep_with": ["person 000"]}
    first.save()
    second.save()
    form = client.get(at("formations", program.pk)).context["form"]
    choices = dict(form["company"].field.choices)

    client.post(at("formations", program.pk), terms(company=list(choices)))
    formation = Formation.objects.get()
    again = client.get(at("settings", formation.pk)).context["form"]

    assert list(choices.values()) == [
        "Person 000 and Person 001 together (both asked)",
        "Person 000 and Person 002 apart",
    ]
    assert rules_of(formation) == [
        Rule(Kind.PEOPLE_TOGETHER, people=(first.pk, second.pk)),
        Rule(Kind.PEOPLE_APART, people=(first.pk, third.pk)),
    ]
    assert again["company"].value() == list(choices)
    assert again["kind_0"].value() == ""


@pytest.mark.parametrize(
    ("reason", "about", "kinds"),
    [
        ("stable_team", "nothing", [Kind.BALANCED, Kind.MEETING_HOURS, Kind.KNOWN_HERE]),
        ("stable_team", "open", [Kind.WISHES, Kind.BALANCED, Kind.MEETING_HOURS, Kind.KNOWN_HERE]),
        ("area", "nothing", [Kind.ALIKE, Kind.MEETING_HOURS]),
        ("chosen", "nothing", [Kind.CHOSEN, Kind.COMMON_NEEDS]),
        ("whole_cohort", "nothing", []),
    ],
)
def test_each_reason_brings_its_usual_rules(client, program, staff, reason, about, kinds):
    houses = [house.pk for house in program.organizations.all()[:2]]

    client.post(
        at("formations", program.pk), terms(reason=reason, about=about, usual="on", organizations=houses)
    )

    assert [rule.kind for rule in rules_of(Formation.objects.get())] == kinds


def test_where_nobody_wishes_the_topic_is_what_people_need(client, program, staff):
    for person in program.enrollments.all():
        del person.attributes["free_hours"]
        person.attributes.pop("wishes", None)
        person.save()

    client.post(at("formations", program.pk), terms(about="open", usual="on"))

    kinds = [rule.kind for rule in rules_of(Formation.objects.get())]
    assert kinds == [Kind.TOPIC_WANTED, Kind.BALANCED, Kind.KNOWN_HERE]


def test_the_usual_rules_can_be_put_into_the_rows_and_changed(client, program, staff):
    typed = row(0, kind="apart", field="organization")

    page = client.post(at("program_trial", program.pk), terms(**typed, usual="on", fill="yes"))

    form = page.context["form"]
    rows = [(form[f"kind_{number}"].value(), form[f"field_{number}"].value()) for number in range(4)]
    assert rows == [
        ("apart", "organization"),
        ("balanced", "kind"),
        ("meeting_hours", ""),
        ("known_here", ""),
    ]
    assert (form["usual"].value(), form["share_2"].value()) == (False, "80")
    assert "“Same organization apart” cannot hold" in text_of(page)


def test_the_trial_of_a_proposal_counts_people_who_are_kept(client, program, staff):
    formation = make_proposal(program, by=staff)
    first = formation.places.first()
    formation.places.filter(proposed_community=first.proposed_community).update(is_locked=True)
    others = list(formation.places.filter(proposed_community=first.proposed_community)[:2])
    names = ", ".join(str(place.enrollment) for place in others)

    kept = client.post(at("trial", formation.pk), terms(**row(0, kind="people_apart", people=names)))
    page = text_of(client.post(at("trial", formation.pk), terms()))

    assert "These rules cannot all hold" in text_of(kept)
    assert "Save and work it out anew" in page
    formation.refresh_from_db()
    assert (formation.state, formation.rules) == ("proposed", [])


def test_communities_about_topics_carry_topic_and_name(program):
    offers = (Offer("Grants", most=2), Offer("Vans"), Offer("Boards", may_be_left_out=False))
    rules = [Rule(Kind.WISHES), Rule(Kind.STAY)]
    program.topics.create(name="Vans")

    formation = make_proposal(
        program, minimum=4, maximum=8, rules=rules, aspects=Aspects(about=About.OFFERED, offers=offers)
    )

    columns = columns_of(formation)
    assert formation.state == Formation.State.PROPOSED
    assert {re.sub(r" \d$", "", each.name) for each in columns} == {each.topic.name for each in columns}
    assert "Boards" in {each.topic.name for each in columns}
    assert len({each.name for each in columns}) == len(columns)
    assert Topic.objects.filter(program=program, name="Vans").count() == 1
    assert not formation.outcome["broken"]


def test_locked_people_keep_their_topic_when_it_is_worked_out_again(program, staff):
    from coppice.formation import actions

    offers = (Offer("Grants"), Offer("Vans"), Offer("Boards"))
    formation = make_proposal(
        program,
        minimum=4,
        maximum=8,
        rules=[Rule(Kind.WISHES)],
        aspects=Aspects(about=About.OPEN, offers=offers),
    )
    place = formation.places.first()
    actions.lock(place, by=staff)
    topic = place.proposed_community.topic
    actions.revise(
        formation,
        name="Again",
        reason=Community.Reason.STABLE_TEAM,
        minimum=4,
        maximum=8,
        rules=[],
        aspects=Aspects(about=About.OPEN, offers=(Offer("Vans"), Offer("Boards"), Offer("Grants"))),
        by=staff,
    )
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()

    again = formation.places.get(enrollment=place.enrollment)
    assert again.proposed_community.topic == topic

    actions.revise(
        formation,
        name="Without that topic",
        reason=Community.Reason.STABLE_TEAM,
        minimum=4,
        maximum=8,
        rules=[],
        aspects=Aspects(about=About.OPEN, offers=tuple(o for o in offers if o.topic != topic.name)),
        by=staff,
    )
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()

    kept = formation.places.get(enrollment=place.enrollment)
    assert kept.proposed_community.topic == topic  # the community stays what it was, though it is not offered


def test_a_topic_given_by_hand_gives_way_to_the_groups_own(program, staff):
    from coppice.formation import actions

    aspects = Aspects(about=About.OPEN, offers=(Offer("Grants"), Offer("Vans")))
    formation = make_proposal(program, minimum=4, maximum=12, rules=[], aspects=aspects)
    column = columns_of(formation)[0]
    own = program.topics.create(name="Own")
    actions.rename(column, name="Ours", topic=own, by=staff)

    actions.propose_again(formation, by=staff)
    tasks.propose.call(formation_id=formation.pk)
    formation.refresh_from_db()

    assert {each.topic.name for each in columns_of(formation)} <= {"Grants", "Vans"}
    assert "Ours" not in {each.name for each in columns_of(formation)}


def test_people_move_between_topics_and_are_told_why(client, program, staff):
    aspects = Aspects(about=About.OPEN, offers=(Offer("Grants"), Offer("Vans"), Offer("Boards")))
    formation = make_proposal(
        program, minimum=4, maximum=9, rules=[Rule(Kind.WISHES), Rule(Kind.KNOWN_HERE)], aspects=aspects
    )
    place = formation.places.get(enrollment=program.enrollments.order_by("pk").last())  # who wished nothing

    page = text_of(client.get(at("place", place.pk)))

    assert "Wants help with Vans" in page
    assert "Topics that people wished for" in page


def test_a_query_more_for_topics_and_one_for_earlier_communities(program, django_assert_num_queries):
    from coppice.formation.queries import facts_of

    plain = start_formation(program)
    asking = start_formation(
        program, rules=[Rule(Kind.STAY)], aspects=Aspects(about=About.OPEN, offers=(Offer("Grants"),))
    )

    with django_assert_num_queries(0):
        facts_of(plain)
    with django_assert_num_queries(2):
        facts_of(asking)


SENTENCES = {
    Rule(Kind.PEOPLE_TOGETHER, people=(1, 2)): "2 named people together",
    Rule(Kind.PEOPLE_APART, people=(1, 2, 3)): "3 named people apart",
    Rule(Kind.AT_MOST, "area"): "At most 2 with the same answer: area",
    Rule(Kind.AT_MOST, "area", value="North", amount=1): "At most 1 with “North”: area",
    Rule(Kind.AT_LEAST, "area", value="North"): "At least 1 with “North” in each: area",
    Rule(Kind.SHARED_HOURS): "1 hour a week when everybody can meet",
    Rule(Kind.MEETING_HOURS, share=80): "2 hours a week when 80% can meet",
    Rule(Kind.WISHED_ONLY): "Only topics that people wished for",
    Rule(Kind.ONLY_ABOUT, people=(1,), topics=("A", "B")): "1 named person only in groups about A and B",
    Rule(Kind.WISHES): "Topics that people wished for",
    Rule(Kind.TOPIC_WANTED): "Topics in which people want help",
    Rule(Kind.COMMON_NEEDS): "Needs that people share",
    Rule(Kind.KNOWN_HERE): "For each need, somebody there who can help",
    Rule(Kind.DIVERSE, "area"): "Different answers in each: area",
    Rule(Kind.SPREAD, "area", value="North"): "“North” spread over all: area",
    Rule(Kind.ACCOMPANIED, "area", value="North"): "Nobody the only one with “North”: area",
    Rule(Kind.ACCOMPANIED, "area"): "Nobody the only one of their area",
    Rule(Kind.ENOUGH, "area", value="North", amount=2): "At least 2 with “North” in each, if it can be: area",
    Rule(Kind.STAY): "People stay where they were",
    Rule(Kind.SIZE): "About 8 people in each",
}


def test_every_kind_of_rule_has_its_sentence():
    assert {rule: rule_sentence(rule) for rule in SENTENCES} == SENTENCES


@pytest.mark.parametrize(
    ("rule", "code", "sentence"),
    [
        (Rule(Kind.AT_MOST, "area"), "too_many", "Vans has more people with “North” than"),
        (Rule(Kind.AT_LEAST, "area", value="North"), "too_few", "Vans has too few people with “North”."),
        (Rule(Kind.SHARED_HOURS), "too_few_hours", "Vans has too few hours when its people can meet."),
        (Rule(Kind.PEOPLE_APART), "not_apart", "Ana and Bo were to be apart, and are together in Vans."),
        (Rule(Kind.ONLY_ABOUT), "not_allowed", "Ana and Bo should not be in Vans:"),
        (Rule(Kind.PEOPLE_TOGETHER), "not_together", "Ana and Bo were to be together, and are in Vans."),
    ],
)
def test_broken_rules_are_told(rule, code, sentence):
    formation = Formation(rules=[rule.as_json()])
    broken = {"code": code, "rule": 0, "value": "North", "people": ["1", "2"], "groups": ["7"], "amount": 1}

    told = broken_sentence(formation, broken, names={"1": "Ana", "2": "Bo"}, groups={"7": "Vans"})

    assert told.startswith(sentence)
    assert broken_of(None, {**broken, "code": "too_large"}, people="", where="") == ""


CLASH = {
    "rule": 0,
    "rules": [0],
    "value": "North",
    "people": ["1"],
    "groups": [],
    "needed": 9,
    "available": 4,
}


@pytest.mark.parametrize(
    ("rule", "code", "sentence"),
    [
        (Rule(Kind.SHARED_HOURS), "together_vs_hours", "People who are kept together are not free together"),
        (Rule(Kind.WISHED_ONLY), "allowed_too_few_places", "9 people may only be in groups that hold 4."),
        (Rule(Kind.WISHED_ONLY), "allowed_vs_apart", "9 people are all to be apart"),
        (Rule(Kind.PEOPLE_TOGETHER), "together_too_big", "9 people are to be together, and one group holds"),
    ],
)
def test_clashes_are_told(rule, code, sentence):
    formation = Formation(program=make_program(), rules=[rule.as_json()])

    [told] = clash_sentences(formation, [{**CLASH, "code": code}])

    assert sentence in told
    assert clash_of(rule, {**CLASH, "code": "sizes"}, groups="") == ""


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("capacity_short", "There are 4 places for 9 people."),
        ("minimum_too_high", "The topics that there have to be need 9 people, and there are 4."),
        ("sizes_do_not_add_up", "9 people do not divide into groups of these sizes: 4 find a place."),
        ("group_out_of_reach", "A topic that there has to be needs 9 people, and only 4 may be in it."),
        ("nowhere_allowed", ""),
    ],
)
def test_clashes_of_topics_are_told(code, sentence):
    assert topics_clash({**CLASH, "code": code}).startswith(sentence)


def test_reasons_are_told_to_the_staff_in_words():
    names = {"1": "Ana", "2": "Bo", "3": "Cy", "4": "Di", "5": "Eve"}
    everybody = list(names)
    reasons = [
        {"code": "has_wish", "parameters": {"topic": "Vans", "rank": 1}},
        {"code": "has_wish", "parameters": {"topic": "Vans", "rank": 2}},
        {"code": "wants_topic", "parameters": {"topic": "Vans"}},
        {"code": "need_is_met", "parameters": {"topic": "Vans", "people": ["1"]}},
        {"code": "meets_need", "parameters": {"topic": "Vans", "people": everybody}},
        {"code": "shares_need", "parameters": {"topic": "Vans", "people": everybody[:4]}},
        {"code": "shares_hours", "parameters": {"slots": [33, 34], "count": 2}},
        {"code": "stays", "parameters": {}},
        {"code": "only_allowed", "parameters": {"groups": ["1"]}},
        {"code": "kept_apart", "parameters": {"people": ["1"]}},
        {"code": "kept_apart", "parameters": {"people": ["99"]}},
        {"code": "different_number", "parameters": {}},
        {"code": "placed_by_default", "parameters": {"missing": ["wishes", "hours"]}},
    ]

    assert {reason["code"] for reason in reasons} >= set(TELLERS)
    assert reason_sentences(reasons, names=names) == [
        "Wished for Vans first of all.",
        "Wished for Vans, as choice 2.",
        "Wants help with Vans.",
        "Wants help with Vans, and Ana can give it.",
        "Can help with Vans, which Ana, Bo, Cy and 2 more need.",
        "Wants help with Vans, as Ana, Bo, Cy and one more do.",
        "Is free when the others are: Mon 09:00 and Mon 10:00.",
        "Stays with the people of before.",
        "May only be in groups about some of the topics.",
        "Is meant to be apart from Ana.",
        "Brings a number that is far from those of the others.",
        "The roster says nothing about wishes and free hours, so they were put where there was room.",
    ]


def test_who_answered_nothing_is_told_so_and_not_that_they_are_spread(program):
    aspects = Aspects(about=About.OPEN, offers=(Offer("Grants"), Offer("Vans"), Offer("Boards")))
    formation = make_proposal(program, minimum=4, maximum=9, rules=[Rule(Kind.WISHES)], aspects=aspects)
    nothing = formation.places.filter(enrollment__in=program.enrollments.order_by("-pk")[:3])

    codes = [[reason["code"] for reason in place.reasons] for place in nothing]

    assert [each[-1] for each in codes] == ["placed_by_default"] * 3
    assert not any("counts_towards" in each for each in codes)
    assert formation.outcome["without_answers"] == 3


def test_a_rule_that_nobody_answered_does_not_hide_who_answered_the_others(client, program, staff):
    for number, person in enumerate(program.enrollments.order_by("pk")):
        person.attributes = {"Bus": "yes"} if number < 5 else {}
        person.save()
    help_there, bus = row(0, kind="known_here"), row(1, kind="balanced", field="attribute:Bus")

    both, alone = tried(client, program, **help_there, **bus), tried(client, program, **help_there)

    assert "It is about 5 people. 19 have not answered" in both
    assert "19 people answered none of this. They are spread over all." in both
    assert "24 people answered none of this" in alone
    rules = [Rule(Kind.KNOWN_HERE), Rule(Kind.BALANCED, "attribute:Bus")]
    formation = make_proposal(program, rules=rules, minimum=7, maximum=9)
    told = explanation_of(formation, hides_few=False).unanswered
    assert told.startswith("19 people had answered nothing of what the rules ask for")
    everybody = make_proposal(program, rules=[Rule(Kind.KNOWN_HERE)], minimum=7, maximum=9)
    assert everybody.outcome["without_answers"] == 24


def test_the_engine_knows_no_code_that_is_not_told():
    untold = {"moved_by_hand", "fits_size"}  # ours, and one that always has words
    assert {code.value for code in grouping.ReasonCode} - untold <= set(TELLERS) | {
        *("locked", "kept_together", "shares_value", "adds_value", "similar_number"),
        *("counts_towards", "placed_by_default"),
    }
