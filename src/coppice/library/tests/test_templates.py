"""Templates in a library and at a provider: filled, copied, taken away, written anew, put back."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from docx import Document
from pypdf import PdfReader

from coppice.communities.actions import commitments, plans, roles
from coppice.communities.charter_models import Charter, CharterDraft
from coppice.communities.models import Membership
from coppice.communities.role_models import Role
from coppice.communities.tests.factories import (
    add_member,
    enroll,
    make_community,
    make_program,
    make_staff,
)
from coppice.history.models import Entry
from coppice.library import template_facts
from coppice.library.actions import templates as actions
from coppice.library.models import Item
from coppice.library.template_set import original
from coppice.library.templates_of import filled_for, template_for

LAST_DAY = date(2027, 6, 30)


@pytest.fixture
def program(db: None) -> Any:
    return make_program(name="Healthy Start", funder="River Fund")


@pytest.fixture
def community(program: Any) -> Any:
    return make_community(
        program,
        name="Rides | for all",
        purpose="Nobody misses a visit.\nNobody walks.",
        hours_per_month=Decimal("2.5"),
        starts_on=LAST_DAY - timedelta(days=180),
        ends_on=LAST_DAY,
    )


@pytest.fixture
def leader(community: Any) -> Membership:
    enrollment = enroll(community.program, "Ana Ruiz", organization="Casa Verde")
    return add_member(community, enrollment=enrollment, role=Membership.Role.LEADER)


@pytest.fixture
def staff(program: Any) -> Any:
    return make_staff(program)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_template_is_filled_with_what_the_community_has(community: Any, leader: Membership) -> None:
    person = leader.person
    CharterDraft.objects.create(
        community=community, mission="Every visit has a ride.", scope="From the draft"
    )
    Charter.objects.create(
        community=community,
        number=1,
        state=Charter.State.ADOPTED,
        mission="A ride for all.",
        closes_on=LAST_DAY,
    )
    plans.add_goal(
        community,
        words="Ten drivers.",
        indicator="Drivers",
        baseline=2,
        target=10,
        due_on=LAST_DAY,
        by=person,
    )
    plans.answer(community, question="goals", text="Told by rows above", by=person)
    plans.answer(
        community, question="rhythm", text="By phone in winter.", typed={"rhythm": "monthly"}, by=person
    )
    plans.answer(community, question="dates", text="", typed={"renews_on": LAST_DAY}, by=person)
    role = roles.add_role(community, kind=Role.Kind.AGENDA, by=person)
    roles.give(role, holder=leader, until=LAST_DAY, by=person)

    every_place = " ".join(f"{{{{ {place} }}}}" for place in template_facts.NAMES)

    with translation.override("en"):
        facts = template_facts.facts_for(community, every_place)

    assert facts | {"provider": "", "next_meeting": ""} == {
        "community": "Rides | for all",
        "program": "Healthy Start",
        "provider": "",
        "funder": "River Fund",
        "topic": "",
        "purpose": "Nobody misses a visit.\nNobody walks.",
        "asked": "",
        "hours": "2.5",
        "starts_on": "1 January 2027",
        "ends_on": "30 June 2027",
        "leader": "Ana Ruiz",
        "members": ["Ana Ruiz (Casa Verde)"],
        "organizations": ["Casa Verde"],
        "mission": "A ride for all.",
        "scope": "From the draft",
        "sponsor": "",
        "norms": "",
        "confidentiality": "",
        "potential": "",
        "goals": ["Ten drivers, by 30 June 2027"],
        "signs": ["Drivers: from 2 to 10"],
        "formats": "",
        "rhythm": "Once a month, on the same weekday\nBy phone in winter.",
        "dates": "We look at this plan again on 30 June 2027",
        "meeting": "",
        "commitments": "",
        "roles": ["Agenda setter: Ana Ruiz; until 30 June 2027"],
        "sharing": "",
        "renews_on": "30 June 2027",
        "next_meeting": "",
    }


def test_the_page_says_what_is_missing_in_the_templates_language(
    client: Any, community: Any, leader: Membership
) -> None:
    client.force_login(leader.person)

    page = text_of(
        client.get(reverse("library:template", args=[community.pk, "charter"]), {"language": "es"})
    )

    assert '<h2 lang="es">Carta del grupo</h2>' in page
    assert "30 de junio de 2027" in page
    assert "Rides | for all" in page
    assert "______________ (nuestra misión, en una frase)" in page
    assert "{{" not in page


def test_every_template_opens_and_goes_as_a_file(client: Any, community: Any, leader: Membership) -> None:
    client.force_login(leader.person)
    listed = text_of(client.get(reverse("library:templates", args=[community.pk])))
    word, pdf, markdown, other = (
        client.get(reverse("library:template_file", args=[community.pk, "charter", "en", ending]))
        for ending in ("docx", "pdf", "md", "exe")
    )

    assert listed.count('<li class="card') == 27
    paragraphs = [each.text for each in Document(BytesIO(word.content)).paragraphs]
    assert ("Charter" in paragraphs, "Nobody misses a visit." in paragraphs) == (True, False)
    assert "☐\tEverybody was asked by name" in paragraphs
    assert "Rides | for all" in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert text_of(markdown).startswith("# Charter\n\n> **How to use this**\n")
    assert "| Our name | Rides \\| for all |" in text_of(markdown)
    assert other.status_code == 404
    assert client.get(reverse("library:template", args=[community.pk, "no-such"])).status_code == 404


def test_a_copy_is_a_page_of_the_community(client: Any, community: Any, leader: Membership) -> None:
    client.force_login(leader.person)

    response = client.post(reverse("library:template_copy", args=[community.pk, "charter", "es"]))

    item = Item.objects.get()
    assert response.url == item.get_absolute_url()
    assert (item.kind, item.title, item.source) == (
        Item.Kind.PAGE,
        "Carta del grupo",
        "A template of Coppice",
    )
    assert item.current is not None
    assert (
        item.current.markdown
        == filled_for(community, template_for(community.program.provider, "charter", "es")).markdown
    )


def test_a_provider_writes_its_own_and_its_communities_get_it(
    client: Any, community: Any, leader: Membership, staff: Any
) -> None:
    provider = community.program.provider
    address = reverse("library:provider_template_edit", args=[provider.pk, "norms", "en"])
    client.force_login(staff)

    asked = client.get(address)
    response = client.post(
        address, {"title": "House rules", "markdown": "## Rules\r\n\r\n{{ norms }} at {{ community }}"}
    )
    client.force_login(leader.person)
    page = text_of(client.get(reverse("library:template", args=[community.pk, "norms"])))
    spanish = text_of(
        client.get(reverse("library:template", args=[community.pk, "norms"]), {"language": "es"})
    )

    assert original("norms", "en").title in text_of(asked).replace("&#x27;", "'")
    assert response.status_code == 302
    assert "House rules</h2>" in page
    assert "______________ (how we treat each other) at Rides | for all" in page
    assert original("norms", "es").title in spanish
    assert [each.verb for each in Entry.objects.filter(scope=provider.scope)] == ["template.written"]


def test_an_unknown_place_is_refused_and_a_look_saves_nothing(
    client: Any, community: Any, staff: Any
) -> None:
    provider = community.program.provider
    address = reverse("library:provider_template_edit", args=[provider.pk, "norms", "en"])
    client.force_login(staff)

    refused = client.post(address, {"title": "Rules", "markdown": "{{ weather }} {{ norms }}"})
    shown = client.post(address, {"title": "Rules", "markdown": "- [ ] <b>one</b>", "preview": "1"})

    assert refused.status_code == 422
    assert "Nothing would ever be filled in here: {{ weather }}." in text_of(refused)
    assert '<li class="box">☐ &lt;b&gt;one&lt;/b&gt;</li>' in text_of(shown)
    assert provider.templates.count() == 0


def test_back_to_the_original_keeps_the_providers_words(client: Any, community: Any, staff: Any) -> None:
    provider = community.program.provider
    own = actions.write(provider, "norms", "en", title="Rules", markdown="## Ours\n", by=staff)
    client.force_login(staff)

    client.post(reverse("library:template_putting_aside", args=[provider.pk, "norms", "en"]))
    put_aside = template_for(provider, "norms", "en")
    actions.put_aside(provider, "norms", "en", by=staff)
    client.post(reverse("library:template_taking_up", args=[provider.pk, "norms", "en"]))
    taken_up = template_for(provider, "norms", "en")

    assert (put_aside.title, put_aside.own) == (original("norms", "en").title, own)
    assert (taken_up.title, taken_up.markdown) == ("Rules", "## Ours\n")
    assert [each.verb for each in Entry.objects.filter(scope=provider.scope).order_by("pk")] == [
        *("template.written", "template.put_aside", "template.taken_up"),
    ]


def test_when_the_original_changes_its_writer_hears_and_loses_nothing(
    client: Any, community: Any, staff: Any
) -> None:
    provider = community.program.provider
    actions.write(provider, "norms", "en", title="Rules", markdown="## Ours\n", by=staff)
    provider.templates.update(based_on="of last year")
    client.force_login(staff)
    address = reverse("library:provider_template", args=[provider.pk, "norms"])

    before = text_of(client.get(address))
    again = actions.write(provider, "norms", "en", title="Rules", markdown="## Ours\n", by=staff)
    after = text_of(client.get(address))

    told = "The original has changed since you wrote your version."
    assert (told in before, told in after) == (True, False)
    assert again is not None
    assert again.changed_at < timezone.now()
    assert Entry.objects.filter(verb="template.written").count() == 1


def test_the_originals_own_words_make_no_version(community: Any, staff: Any) -> None:
    provider, first = community.program.provider, original("norms", "en")

    own = actions.write(provider, "norms", "en", title=first.title, markdown=first.markdown, by=staff)

    assert own is None
    assert provider.templates.count() == 0


def test_where_there_is_no_community_facts_are_lines(client: Any, community: Any, staff: Any) -> None:
    provider = community.program.provider
    client.force_login(staff)

    listed = text_of(client.get(reverse("library:provider_templates", args=[provider.pk])))
    file = client.get(reverse("library:provider_template_file", args=[provider.pk, "charter", "es", "md"]))

    assert listed.count('<li class="card') == 27
    assert "______________ (nombre del grupo)" in text_of(file)
    assert provider.name in text_of(file)


def test_staff_without_a_membership_read_and_do_not_copy(client: Any, community: Any, staff: Any) -> None:
    client.force_login(staff)

    page = client.get(reverse("library:template", args=[community.pk, "charter"]))
    copied = client.post(reverse("library:template_copy", args=[community.pk, "charter", "en"]))

    assert page.status_code == 200
    assert "Copy into our library" not in text_of(page)
    assert copied.status_code == 403


def test_commitments_are_told_with_their_days(community: Any, leader: Membership) -> None:
    commitments.make(leader, what="Call two drivers", due_on=LAST_DAY, by=leader.person)

    with translation.override("en"):
        facts = template_facts.facts_for(community, "{{ commitments }}")

    assert facts["commitments"] == ["Ana Ruiz: Call two drivers, by 30 June 2027"]
