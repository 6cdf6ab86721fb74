"""Papers as PDF and Word, read back by other readers: pypdf, and python-docx with its XML."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from coppice.lib.papers import (
    Callout,
    Fact,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Span,
    Spans,
    Table,
    blocks_of,
    paper_response,
    size_in,
    write_docx,
    write_pdf,
)
from coppice.lib.papers.paper import direction_of, paragraphs, written

MADE = datetime(2026, 11, 27, 15, 30, 12, 345678, tzinfo=UTC)
MARKUP = '#panic("x") = no heading *bold* _it_ $x^2$ <label> @ref \\ // comment `raw` #[a] - b + c / d'
HOSTILE = f"\x00\x07{MARKUP}\ud800\x0b</w:t><script>&amp;]]>"
LONG = "x" * 80


def a_paper(*blocks: Any, **fields: Any) -> Paper:
    return Paper(**{"title": "Action plan", "language": "en", "made_at": MADE, "blocks": blocks, **fields})


def pdf(paper: Paper) -> PdfReader:
    return PdfReader(BytesIO(write_pdf(paper)))


def text_of(paper: Paper) -> str:
    """All words of a PDF, with single spaces; a place where a long word may break is no letter."""
    text = "\n".join(page.extract_text() for page in pdf(paper).pages)
    return " ".join(text.replace("\u200b", "").split())


def word(paper: Paper) -> Any:
    return Document(BytesIO(write_docx(paper)))


def styled(document: Any) -> list[tuple[str, str]]:
    return [(each.style.name, each.text) for each in document.paragraphs if each.text]


def kinds(reader: PdfReader) -> set[str]:
    """The kinds of elements in the structure of a tagged PDF."""

    def walk(element: Any) -> set[str]:
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            return set().union(*(walk(each) for each in element))
        if not hasattr(element, "get"):
            return set()
        own = {str(element["/S"])} if "/S" in element else set()
        return own | (walk(element["/K"]) if "/K" in element else set())

    return walk(reader.trailer["/Root"]["/StructTreeRoot"])


def whole_paper() -> Paper:
    return a_paper(
        Callout("This is a draft", "Nobody was asked yet.", "hazel"),
        Heading("Goals", number="1", under="What do you want?"),
        Paragraph("First line\nsecond line\n\nAnother paragraph"),
        Listing(["An apple", "A pear"]),
        Heading("A part", level=2),
        Listing(["One", "Two"], is_numbered=True),
        Listing(["Uno"], is_numbered=True),
        Table(["Who", "What"], [["Tom", "Sends the letter"], ["Una", "Reads it"]], widths=(1, 3)),
        Paragraph("Faint words", is_faint=True),
        subtitle="Volunteer retention",
        kicker="Healthy Start",
        facts=[Fact("Version", "3")],
        state="Draft",
        foot="Volunteer retention",
    )


def test_a_pdf_says_everything_in_order():
    assert text_of(whole_paper()).replace("\u00a0", " ") == (
        "Healthy Start Action plan Volunteer retention Draft Version 3 This is a draft Nobody was asked yet. "
        "1 Goals What do you want? First line second line Another paragraph • An apple • A pear A part "
        "1. One 2. Two 1. Uno Who What Tom Sends the letter Una Reads it Faint words "
        "Volunteer retention Page 1 of 1"
    )


def test_a_pdf_is_tagged_and_says_what_it_is():
    reader = pdf(whole_paper())

    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Action plan: Volunteer retention"
    assert reader.metadata.creation_date == datetime(2026, 11, 27, 15, 30, 12, tzinfo=UTC)
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD"} <= kinds(reader)


def test_the_outline_of_a_pdf_is_its_headings():
    assert [entry.title for entry in pdf(whole_paper()).outline if not isinstance(entry, list)] == [
        "1\u2002Goals"
    ]


def test_words_of_people_are_never_markup_in_a_pdf():
    paper = a_paper(
        Callout(HOSTILE, HOSTILE),
        Heading(HOSTILE, number="1", under=HOSTILE),
        Paragraph(HOSTILE),
        Listing([HOSTILE]),
        Table([HOSTILE], [[HOSTILE]]),
        title=HOSTILE,
        subtitle=HOSTILE,
        kicker=HOSTILE,
        facts=[Fact(HOSTILE, HOSTILE)],
        state=HOSTILE,
        foot=HOSTILE,
    )

    text = text_of(paper)

    assert text.replace(" ", "").count(MARKUP.replace(" ", "")) == 15


def test_words_of_people_are_never_markup_in_word():
    document = word(a_paper(Paragraph(HOSTILE), Table([HOSTILE], [[HOSTILE]]), title=HOSTILE))

    expected = f"{MARKUP}\n</w:t><script>&amp;]]>"
    assert ("Normal", expected) in styled(document)
    assert document.tables[0].rows[1].cells[0].text == expected
    assert document.core_properties.title == " ".join(expected.split())


def test_an_equation_or_code_in_json_cannot_leave_its_string():
    assert '"}) #panic()' in text_of(a_paper(Paragraph('"}) #panic()')))


def test_a_long_word_stays_within_its_column():
    inside = []

    def note(text: str, _cm: Any, matrix: Any, _font: Any, size: float) -> None:
        if "x" in text:
            inside.append(matrix[4] < 595 - 62)

    paper = a_paper(Table(["Who", "What", "When"], [[LONG, LONG, LONG]]), Paragraph(LONG * 3))
    page = pdf(paper).pages[0]
    page.extract_text(visitor_text=note)

    assert inside
    assert all(inside)
    assert text_of(paper).replace(" ", "").count("x") == 80 * 6


def test_arabic_runs_from_right_to_left_in_both():
    with override("en"):
        paper = a_paper(Heading("خطة العمل"), Paragraph("مرحبا بكم"), language="ar", title="خطة")

        reader, document = pdf(paper), word(paper)

    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "ar"
    assert document.element.body.sectPr.find(qn("w:bidi")) is not None
    assert document.styles["Normal"].element.pPr.find(qn("w:bidi")) is not None
    said = next(each for each in document.paragraphs if each.text == "مرحبا بكم")
    assert said.runs[0]._r.rPr.find(qn("w:rtl")) is not None


def test_arabic_words_in_an_english_paper_turn_alone():
    document = word(a_paper(Paragraph("مرحبا"), Paragraph("Hello")))

    turned = {
        each.text: each._p.pPr.find(qn("w:bidi")) is not None
        for each in document.paragraphs
        if each.text in {"مرحبا", "Hello"}
    }
    assert turned == {"مرحبا": True, "Hello": False}


def test_letters_of_many_scripts_are_in_our_fonts():
    words = "Zażółć gęślą Ελληνικά Українська Tiếng Việt שלום مرحبا ğñø"

    root: Any = pdf(a_paper(Paragraph(words))).trailer["/Root"]

    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()


def test_a_letter_in_no_font_leaves_a_paper_that_claims_less():
    nowhere = "\U00012fff"

    reader = pdf(a_paper(Paragraph(f"Before {nowhere} after")))

    root: Any = reader.trailer["/Root"]
    assert "Before" in reader.pages[0].extract_text()
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" not in root["/Metadata"].get_object().get_data().decode()


def test_word_has_true_headings_lists_and_heads_of_tables():
    document = word(whole_paper())

    assert styled(document) == [
        ("Kicker", "Healthy Start"),
        ("Title", "Action plan"),
        ("Subtitle", "Volunteer retention"),
        ("State", "\u00a0Draft\u00a0"),
        ("Callout title", "This is a draft"),
        ("Callout", "Nobody was asked yet."),
        ("Heading 1", "1  Goals"),
        ("Under a heading", "What do you want?"),
        ("Normal", "First line\nsecond line"),
        ("Normal", "Another paragraph"),
        ("List Bullet", "An apple"),
        ("List Bullet", "A pear"),
        ("Heading 2", "A part"),
        ("List Number", "One"),
        ("List Number", "Two"),
        ("List Number", "Uno"),
        ("Faint", "Faint words"),
    ]
    facts, table = document.tables
    assert [[cell.text for cell in row.cells] for row in facts.rows] == [["Version", "3"]]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Who", "What"],
        ["Tom", "Sends the letter"],
        ["Una", "Reads it"],
    ]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False]


def test_each_numbered_list_of_word_begins_with_one():
    document = word(whole_paper())

    numbers = [
        each._p.pPr.numPr.numId.val for each in document.paragraphs if each.style.name == "List Number"
    ]
    assert numbers[0] == numbers[1]
    assert numbers[2] != numbers[0]


def test_word_knows_its_language_and_properties():
    document = word(a_paper(title="Plan", subtitle="Nosotros", language="es", size="us-letter"))

    known = document.core_properties
    assert (known.title, known.author, known.language) == ("Plan: Nosotros", "Coppice", "es")
    assert (known.created, known.comments) == (datetime(2026, 11, 27, 15, 30, 12, tzinfo=UTC), "")
    spoken = document.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:lang')}")
    assert spoken.get(qn("w:val")) == "es"
    assert round(document.sections[0].page_width.mm, 1) == 215.9


def test_pages_are_numbered_in_the_readers_language():
    with override("es"):
        text = text_of(a_paper(Paragraph("Hola"), language="es"))
        foot = word(a_paper(Paragraph("Hola"), language="es")).sections[0].footer.paragraphs[0].text

    assert text.endswith("Página 1 de 1")
    assert foot == "Página 1 de 1"


def test_an_empty_paper_is_a_paper():
    assert text_of(a_paper()) == "Action plan Page 1 of 1"
    assert styled(word(a_paper())) == [("Title", "Action plan")]


def test_a_list_without_lines_is_nothing():
    paper = a_paper(Listing([]), Listing([], is_numbered=True), Table(["Who"], []))

    assert text_of(paper) == "Action plan Who Page 1 of 1"
    assert [[cell.text for cell in row.cells] for row in word(paper).tables[0].rows] == [["Who"]]


def test_an_answer_names_its_file_after_what_it_says():
    response = paper_response(a_paper(title="Plan de acción", subtitle="A/B"), "docx")

    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"plan-de-accion-ab.docx\"; filename*=UTF-8''plan-de-acci%C3%B3n-ab.docx"
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content.startswith(b"PK")


def test_a_name_without_latin_letters_has_a_plain_one_beside_it():
    response = paper_response(a_paper(title="خطة"), "pdf")

    assert response.headers["Content-Disposition"].startswith('attachment; filename="coppice.pdf"; ')
    assert response.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("zone", "size"),
    [
        ("America/Chicago", "us-letter"),
        ("America/Bogota", "us-letter"),
        ("America/Sao_Paulo", "a4"),
        ("America/Argentina/Salta", "a4"),
        ("Europe/Vienna", "a4"),
        ("UTC", "a4"),
    ],
)
def test_paper_has_the_size_of_its_place(zone, size):
    assert size_in(zone) == size


def test_words_are_made_writable():
    assert written(" a\r\nb\x00\tc\u2028d\ue000 ") == "a\nb c\nd\ue000"
    assert paragraphs("a\nb\n\n \nc\n") == ["a\nb", "c"]
    assert [direction_of(words, "ltr") for words in ("12 שלום", "12 hi", "12")] == ["rtl", "ltr", "ltr"]


@pytest.mark.parametrize("words", ["", "\u00a0", "\u200b \u2028", "\x07"])
def test_a_heading_without_a_letter_is_left_out(words):
    paper = a_paper(Heading(words), Paragraph("What is below"), Heading("Seen"))

    assert [each.title for each in pdf(paper).outline] == ["Seen"]
    assert "What is below" in text_of(paper)
    assert [text for style, text in styled(word(paper)) if style == "Heading 1"] == ["Seen"]


def test_a_part_below_a_heading_that_was_left_out_stands_in_its_place():
    outline = pdf(
        a_paper(Heading("\u00a0"), Heading("Hand-over", level=2), Heading("Next"), title="")
    ).outline

    assert [each.title for each in outline] == ["Hand-over", "Next"]


def test_word_takes_long_names():
    document = word(a_paper(subtitle="c" * 300, kicker="p" * 300))

    known = document.core_properties
    assert (len(known.title), known.title[-1], len(known.subject)) == (255, "…", 255)
    assert "c" * 300 in [text for _style, text in styled(document)]


def test_boxes_to_tick_are_in_both_and_are_ticked_where_they_are():
    paper = a_paper(Listing(["Ana", "Ben", "Cho"], ticks=[False, False, True]))

    assert text_of(paper).count("Ana Ben Cho") == 1
    assert "/L" in kinds(pdf(paper))
    assert styled(word(paper))[1:] == [("Tick", "☐\tAna"), ("Tick", "☐\tBen"), ("Tick", "☑\tCho")]


def test_words_that_stand_out_do_so_in_both():
    words = Spans([Span("Now", is_strong=True), Span(" or\nlater")])
    paper = a_paper(Paragraph(words), Listing([words]), Table([], [[words, ""]]))

    document = word(paper)
    cell = document.tables[0].cell(0, 0).paragraphs[0]
    said = [each for each in document.paragraphs if each.text.startswith("Now")]

    assert text_of(paper).count("Now or later") == 3
    assert "/Strong" in kinds(pdf(paper))
    for each in (*said, cell):
        assert each.text == "Now or\nlater"
        assert [run.text for run in each.runs if run.font.bold] == ["Now"]
    assert len(said) == 2


def test_a_table_without_heads_repeats_none_and_empty_cells_leave_room():
    document = word(a_paper(Table([], [["Name", ""], ["Day", "Monday"]])))

    first, second = document.tables[0].rows
    assert first._tr.trPr.find(qn("w:tblHeader")) is None
    assert (first.height is not None, second.height) == (True, None)


MARKDOWN = """# Title

## Part

**Now** or
later, [here](https://a.example) and https://b.example

### Smaller

1. One
2. Two
   - within

- [ ] Open
- [x] Done
- no box

> **Read first**
>
> Some words
>
> - and a list

> Only words

| | Head |
|-|-|
| a | **b** |

| | |
|-|-|
| Name | |

---

    code
"""


def test_markdown_becomes_blocks():
    assert blocks_of(MARKDOWN) == [
        Heading("Title"),
        Heading("Part"),
        Paragraph(
            Spans(
                [
                    *(Span("Now", is_strong=True), Span(" or"), Span("\n"), Span("later, "), Span("here")),
                    *(Span(" (https://a.example)"), Span(" and https://b.example")),
                ]
            )
        ),
        Heading("Smaller", level=2),
        Listing(["One", "Two", "within"], is_numbered=True),
        Listing(["Open", "Done"], ticks=[False, True]),
        Listing(["no box"]),
        Callout("Read first", "Some words\n\n• and a list"),
        Callout("", "Only words"),
        Table(["", "Head"], [["a", Spans([Span("b", is_strong=True)])]], widths=[2, 6]),
        Table([], [["Name", ""]], widths=[6, 4]),
        Paragraph("code\n"),
    ]


def test_a_callout_without_a_title_is_in_both():
    paper = a_paper(Callout("", "Only words"))

    assert "Only words" in text_of(paper)
    assert styled(word(paper))[1:] == [("Callout", "Only words")]
