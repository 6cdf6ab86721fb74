"""Plan, charter and roles as papers: what they say, when they are a draft, and who may take them away."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from docx import Document
from pypdf import PdfReader

from coppice.communities.actions import charters, commitments, plans, roles
from coppice.communities.charter_models import Consent
from coppice.communities.charter_paper import charter_paper
from coppice.communities.hand_over_paper import hand_over_paper, told_term
from coppice.communities.links import charter_path
from coppice.communities.plan_paper import plan_paper
from coppice.communities.role_paper import role_paper
from coppice.communities.tests.factories import add_member, make_community, make_person
from coppice.lib.papers import Callout, Heading, Paper, Table

pytestmark = pytest.mark.django_db

Answer = Consent.Answer
DAY = date(2026, 12, 6)


@pytest.fixture
def community():
    return make_community(time_zone="UTC")


@pytest.fixture
def leader(community):
    return add_member(community, "Rosa Medina", role="leader")


@pytest.fixture
def tom(community):
    return add_member(community, "Tom Whitehorse")


@pytest.fixture
def answered(community, leader, tom):
    """A community with an answer, a goal, a role that Tom has, and his word."""
    plans.answer(community, question="potential", text="We have tried *everything* once.", by=None)
    plans.answer(community, question="rhythm", text="", typed={"rhythm": "monthly"}, by=None)
    goal = plans.add_goal(
        community, words="Half of them stay", indicator="People", baseline=0, target=100, due_on=DAY, by=None
    )
    plans.note_progress(goal, on=DAY, value=62, by=None)
    role = roles.add_role(
        community, kind="reporter", name="", what="Writes it down", minutes_a_month=20, by=None
    )
    roles.give(role, holder=tom, backup=leader, until=DAY, by=None)
    commitments.make(tom, what="Ask five people", due_on=DAY, by=None)
    return community


def headings(paper: Paper):
    return [str(block.words) for block in paper.blocks if isinstance(block, Heading)]


def callout(paper: Paper):
    (found,) = [block for block in paper.blocks if isinstance(block, Callout)]
    return str(found.title), str(found.words)


def table_under(paper: Paper, heading: str):
    place = [str(getattr(block, "words", "")) for block in paper.blocks].index(heading)
    return next(block.rows for block in paper.blocks[place:] if isinstance(block, Table))


def adopted(community, membership):
    charter = charters.propose(community, closes_on=timezone.localdate() + timedelta(days=7), by=None)
    charters.consent(charter, membership=membership, answer=Answer.AGREE, by=None)
    return charters.close(charter, by=None)


def test_a_plan_on_paper_says_all_that_stands_in_it(answered):
    paper = plan_paper(answered)

    assert (str(paper.title), str(paper.subtitle), paper.size) == ("Action plan", answered.name, "a4")
    assert {str(fact.label): str(fact.value) for fact in paper.facts}["Who leads"] == "Rosa Medina"
    assert headings(paper) == [
        "Goals",
        "What we see in this",
        "Our goals",
        "How we will know",
        "How often, how long, by what means",
        "What each of us commits to",
        "Roles and who takes them",
        "Still to answer",
    ]
    assert table_under(paper, "Goals") == [
        ["Half of them stay", "People", "0", "100", "6 December 2026", "62 percent"]
    ]
    assert table_under(paper, "What each of us commits to") == [
        ["Tom Whitehorse", "Ask five people", "6 December 2026", "Not begun yet"]
    ]
    assert table_under(paper, "Roles and who takes them") == [
        ["Reporter", "Tom Whitehorse", "Rosa Medina", "6 December 2026", "20"]
    ]


def test_a_plan_that_nobody_consented_to_is_a_draft(answered):
    paper = plan_paper(answered)

    assert (str(paper.state), paper.tone) == ("Draft, not adopted", "hazel")
    assert str(paper.foot) == f"{answered.name} · Draft, not adopted"
    assert callout(paper)[0] == "This is a draft"


def test_a_plan_that_everybody_is_asked_about_says_so(answered):
    charter = charters.propose(answered, closes_on=DAY.replace(year=2099), by=None)

    assert callout(plan_paper(answered)) == (
        "This is a draft",
        f"{charter} of the charter holds this plan. Members answer until 6 December 2099.",
    )


def test_an_adopted_plan_says_so_to_readers_of_another_language(answered, tom):
    adopted(answered, tom)

    assert callout(plan_paper(answered))[0] == "This plan is adopted"
    with override("es"):
        assert plan_paper(answered).tone == "leaf"


def test_a_plan_that_changed_since_is_a_draft_again(answered, tom):
    adopted(answered, tom)
    plans.answer(answered, question="sharing", text="In our folder", by=None)

    paper = plan_paper(answered)

    assert (str(paper.state), paper.tone) == ("Draft, changed since it was adopted", "hazel")


def test_a_charter_tells_its_consent_in_numbers_and_without_names(answered, leader, tom):
    charter = charters.propose(answered, closes_on=DAY.replace(year=2099), by=None)
    charters.consent(charter, membership=tom, answer=Answer.OBJECT, words="Too much", by=None)

    paper = charter_paper(charter)

    assert (str(paper.state), paper.tone) == ("Draft, everybody is asked", "bluebell")
    assert callout(paper) == (
        "This is a draft: members are still answering",
        "0 agree, 0 agree with a note, 1 objects, 0 objections are resolved, 1 has yet to answer.",
    )
    assert "Too much" not in str(paper)


def test_an_adopted_charter_brings_who_does_what_today(answered, tom):
    charter = adopted(answered, tom)

    paper = charter_paper(charter)

    assert callout(paper) == (
        "This charter is adopted by consent",
        "1 agrees, 0 agree with a note, 0 object.",
    )
    assert [str(fact.label) for fact in paper.facts] == ["Version", "Proposed on", "Adopted on", "Who leads"]
    assert headings(paper)[-3:] == ["Goals", "Roles", "Commitments"]


def test_an_older_version_brings_nothing_of_today(answered, tom):
    older = charters.propose(answered, closes_on=DAY.replace(year=2099), by=None)
    charters.propose(answered, closes_on=DAY.replace(year=2099), by=None)
    older.refresh_from_db()

    paper = charter_paper(older)

    assert callout(paper)[0] == "A newer version has replaced this one"
    assert "Commitments" not in headings(paper)


def test_a_charter_without_roles_has_no_empty_tables(community, tom):
    charters.draft(community, mission="We keep volunteers", by=None)

    paper = charter_paper(adopted(community, tom))

    assert headings(paper) == ["Mission"]


def test_a_version_that_was_not_adopted_says_so(answered):
    charter = charters.close(charters.propose(answered, closes_on=DAY.replace(year=2099), by=None), by=None)

    assert callout(charter_paper(charter))[0] == "This version was not adopted"


def test_roles_on_paper_bring_what_they_take_and_the_hand_over_note(answered, tom):
    term = tom.role_terms.get()
    roles.write_hand_over(term, text="The list lies in the folder", by=None)
    roles.add_role(answered, kind="agenda", name="", what="", minutes_a_month=None, by=None)

    paper = role_paper(answered)

    assert headings(paper) == ["Reporter", "What Tom Whitehorse hands over"]
    assert {str(fact.label): str(fact.value) for fact in paper.facts}["Open roles"] == "1"


def test_a_community_without_roles_says_so(community):
    assert headings(role_paper(community)) == []
    assert str(role_paper(community).blocks[0].words) == "There are no roles yet."


@pytest.mark.parametrize("name", ["plan", "roles"])
def test_a_member_takes_papers_away(client, answered, tom, name):
    client.force_login(tom.person)

    pdf = client.get(reverse(f"communities:{name}_pdf", args=[answered.pk]))
    docx = client.get(reverse(f"communities:{name}_docx", args=[answered.pk]))

    assert "Tom Whitehorse" in " ".join(PdfReader(BytesIO(pdf.content)).pages[0].extract_text().split()) + (
        " ".join(PdfReader(BytesIO(pdf.content)).pages[-1].extract_text().split())
    )
    tables = Document(BytesIO(docx.content)).tables
    assert "Tom Whitehorse" in [cell.text for table in tables for row in table.rows for cell in row.cells]


def test_a_member_takes_a_charter_away_in_their_language(client, answered, tom):
    charter = adopted(answered, tom)
    tom.person.language = "es"
    tom.person.save()
    client.force_login(tom.person)

    page = client.get(reverse("communities:charter_version", args=[charter.pk]))
    pdf = client.get(reverse("communities:charter_pdf", args=[charter.pk]))
    docx = client.get(reverse("communities:charter_docx", args=[charter.pk]))

    assert reverse("communities:charter_pdf", args=[charter.pk]) in page.content.decode()
    assert PdfReader(BytesIO(pdf.content)).trailer["/Root"]["/Lang"] == "es"
    assert pdf.headers["Content-Language"] == "es"
    assert Document(BytesIO(docx.content)).core_properties.language == "es"


def test_an_outsider_finds_no_paper(client, answered):
    client.force_login(make_person("Una Outside"))

    assert client.get(reverse("communities:plan_pdf", args=[answered.pk])).status_code == 404
    assert client.get(reverse("communities:roles_docx", args=[answered.pk])).status_code == 404


def read(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages).split())


def test_a_hand_over_note_tells_what_the_role_takes_and_of_whom_it_is(answered, tom):
    term = tom.role_terms.get()
    roles.write_hand_over(term, text="The list lies in the folder", by=None)

    paper = hand_over_paper(term.role, told_term(term.role))

    assert headings(paper) == ["What one does in it", "What Tom Whitehorse hands over"]
    assert [(str(fact.label), str(fact.value)) for fact in paper.facts] == [
        ("Who has it", "Tom Whitehorse"),
        ("Since", date_format(term.starts_on)),
        ("Until", "6 December 2026"),
        ("Who steps in", "Rosa Medina"),
        ("What it takes", "20 minutes a month"),
    ]


def test_the_note_of_whoever_had_the_role_last_stays_to_be_taken_away(answered, leader, tom):
    term = tom.role_terms.get()
    roles.write_hand_over(term, text="The list lies in the folder", by=None)
    roles.give(term.role, holder=leader, backup=None, until=None, by=None)

    found = told_term(term.role)

    assert found == term
    assert str(hand_over_paper(term.role, found).facts[0].label) == "Who had it"


def test_a_role_whose_holder_wrote_nothing_says_so(answered, tom):
    role = tom.role_terms.get().role

    assert callout(hand_over_paper(role, told_term(role)))[0] == "Nothing is handed over in writing yet"


def test_a_member_takes_a_hand_over_note_away(client, answered, tom):
    term = tom.role_terms.get()
    roles.write_hand_over(term, text="The list lies in the folder", by=None)
    client.force_login(tom.person)

    pdf = client.get(reverse("communities:hand_over_pdf", args=[term.role_id]))
    docx = client.get(reverse("communities:hand_over_docx", args=[term.role_id]))

    assert "What Tom Whitehorse hands over The list lies in the folder" in read(pdf)
    told = [paragraph.text for paragraph in Document(BytesIO(docx.content)).paragraphs]
    assert "The list lies in the folder" in told


def test_a_role_that_nobody_ever_had_has_no_note(client, answered, tom):
    role = roles.add_role(answered, kind="agenda", name="", what="", minutes_a_month=None, by=None)
    client.force_login(tom.person)

    assert client.get(reverse("communities:hand_over_pdf", args=[role.pk])).status_code == 404


def test_whoever_is_asked_by_mail_takes_the_charter_away_in_their_language(client, answered, tom):
    charter = charters.propose(answered, closes_on=DAY.replace(year=2099), by=None)
    tom.person.language = "es"
    tom.person.save()
    path = charter_path(charter, tom)

    page = client.get(path).text
    pdf = client.get(f"{path}charter.pdf")
    docx = client.get(f"{path}charter.docx")

    assert f"{path}charter.pdf" in page
    assert PdfReader(BytesIO(pdf.content)).trailer["/Root"]["/Lang"] == "es"
    assert Document(BytesIO(docx.content)).core_properties.language == "es"
