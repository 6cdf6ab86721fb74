"""What announces a quote in many languages, what ends a mail, and what stays because nobody can be sure."""

import json
from io import StringIO

import pytest

from engines.replies import Kind, read
from engines.replies.__main__ import main
from engines.replies.lines import ORIGINAL_BEGINS

ATTRIBUTIONS = {
    "ar": "في الثلاثاء، 24 نوفمبر 2026 في 9:12 ص كتب Maria <m@a.example>:",
    "bg": "На вт, 24.11.2026 г. в 9:12 Maria <m@a.example> написа:",
    "ca": "El dt., 24 de nov. 2026, 9:12, Maria <m@a.example> va escriure:",
    "cs": "út 24. 11. 2026 v 9:12 odesílatel Maria <m@a.example> napsal:",
    "da": "Den tirs. 24. nov. 2026 kl. 09.12 skrev Maria <m@a.example>:",
    "de": "Am 24.11.26 um 09:12 schrieb Maria:",
    "el": "Στις Τρί 24 Νοε 2026 στις 9:12 π.μ., ο χρήστης Maria <m@a.example> έγραψε:",
    "en": "At 9:12 AM 11/24/2026, you wrote:",
    "es": "El martes, 24 de noviembre de 2026, Maria escribió:",
    "et": "Kuupäev T, 24. november 2026 kell 09:12 kirjutas Maria <m@a.example>:",
    "eu": "2026/11/24 9:12 igorleak (Maria <m@a.example>) hau idatzi du:",
    "fa": "در تاریخ سه‌شنبه ۲۴ نوامبر ۲۰۲۶ ساعت ۹:۱۲ Maria <m@a.example> نوشت:",
    "fi": "ti 24. marrask. 2026 klo 9.12 Maria (m@a.example) kirjoitti:",
    "fr": "Le mardi 24 novembre 2026 à 09:12, Maria a écrit :",
    "he": "ב-24 בנוב׳ 2026, בשעה 9:12, Maria <m@a.example> כתב/ה:",
    "hi": "मंगल, 24 नव॰ 2026 को 9:12 am बजे को Maria <m@a.example> ने लिखा:",
    "hr": "Dana uto 24. stu 2026. u 09:12 korisnik Maria <m@a.example> napisao je:",
    "hu": "2026. 11. 24. 9:12 keltezéssel, Maria írta:",
    "id": "Pada Sel, 24 Nov 2026 pukul 09.12 Maria <m@a.example> menulis:",
    "is": "Þann þri., 24. nóv. 2026 kl. 09:12 skrifaði Maria <m@a.example>:",
    "it": "Il giorno mar 24 nov 2026 alle ore 09:12 Maria <m@a.example> ha scritto:",
    "ja": "2026/11/24 9:12、Maria <m@a.example>のメール:",
    "ko": "2026. 11. 24. 오전 9:12, Maria <m@a.example> 작성:",
    "lt": "2026-11-24, an, 09:12 Maria <m@a.example> rašė:",
    "lv": "otrd., 2026. g. 24. nov., plkst. 09:12 — lietotājs Maria (<m@a.example>) rakstīja:",
    "nb": "tir. 24. nov. 2026 kl. 09:12 skrev Maria <m@a.example>:",
    "nl": "Op di 24 nov 2026 om 09:12 schreef Maria <m@a.example>:",
    "pl": "wt., 24 lis 2026 o 09:12 Maria <m@a.example> napisał(a):",
    "pt": "Em 24/11/2026 09:12, Maria escreveu:",
    "ro": "Pe mar., 24 nov. 2026 la 09:12, Maria <m@a.example> a scris:",
    "ru": "24.11.2026 9:12, Maria пишет:",
    "sk": "ut 24. 11. 2026 o 9:12 Maria <m@a.example> napísal(a):",
    "sl": "V V tor., 24. nov. 2026 ob 09:12 je oseba Maria <m@a.example> napisala:",
    "sv": "Den 2026-11-24 kl. 09:12, skrev Maria:",
    "th": "ในวันที่ อ. 24 พ.ย. 2026 เวลา 09:12 Maria <m@a.example> เขียนว่า:",
    "tr": "24 Kas 2026 09:12 tarihinde Maria <m@a.example> yazdı:",
    "uk": "вт, 24 лист. 2026 р. о 09:12 Maria <m@a.example> пише:",
    "vi": "Vào 9:12, Th 3, 24 thg 11, 2026 Maria <m@a.example> đã viết:",
    "zh-cn": "Maria <m@a.example> 于2026年11月24日周二 09:12写道：",
    "zh-tw": "Maria <m@a.example> 於 2026年11月24日 週二 上午9:12寫道：",
}


@pytest.mark.parametrize("said", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_the_line_above_a_quote_in_many_languages(said):
    sign = "<" if "<" in said and not said.startswith("Maria") else " "
    place = said.rindex(sign) if sign == "<" else said.find("> ") + 1 or said.rindex(sign)
    broken = f"{said[:place].strip()}\n{said[place:].strip()}"

    assert read(f"Yes.\n\n{said}\n\n> QUOTED").words == "Yes."
    assert read(f"Yes.\n\n{broken}\n> QUOTED").words == "Yes."


@pytest.mark.parametrize("said", [said for said in ATTRIBUTIONS.values() if "<" in said])
def test_the_line_above_a_mail_that_is_not_marked_takes_date_and_address(said):
    assert read(f"Yes.\n\n{said}\n\nQUOTED").words == "Yes."


@pytest.mark.parametrize(
    "body",
    [
        "On 24 Nov Maria wrote:\n\nI cannot come.\n\nWhat shall we do?",
        "Maria wrote:\n> I cannot come\nand I can",
        "thanks for 2 books\nOn Friday we said:\n> a",
        "Here is the turnout:\n> 80 % came\n> 20 % wrote",
        "one\n--\ntwo\n\nthree\n" + "four\n" * 12,
        "--\nP.S. Bring the keys",
        "```\n> not a quote\n\n--\ncode\n```",
        "```\n> never closed",
        "I am writing from the office",
        "Sent with the best wishes of all of us",
        "From: Boston\nTo: New York\nDate: 3 May",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        "In confidence, a message for the recipient",
        "_____\nBelow the line",
        "f(x) > 3",
        "A> only one",
        "***",
        "From: a\nSubject: b\n\nTo: c",
        "a line of a long paragraph\n" * 40,
        "```\ncode\n```\nMaria wrote at 10:00:",
    ],
)
def test_what_might_be_somebodys_words_stays(body):
    assert read(body).words.split() == body.split()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (">From now on we meet on Fridays.", "From now on we meet on Fridays."),
        ("Yes\n\nOn Wednesday,\n24 Nov 2026 at 10:00, Maria <m@a.example> wrote:\n> a", "Yes"),
        ("Yes\n\n24 Nov 2026 at 10:00\nMaria <m@a.example> wrote:\n> a", "Yes"),
        ("Yes.\nMaria <m@a.example> wrote:\n> a", "Yes."),
        ("Yes\n\nMaria, 2026-11-24 <m@a.example>\n\n> a", "Yes"),
        ("Yes\n\nThis mail was scanned for viruses by Avast antivirus", "Yes"),
        ("Yes\n\n-----Original Message-----\n\n> a\n\nNo", "Yes\n\n> a\n\nNo"),
        ("Yes\n\n> From: m@a.example\n> To: b\n> Subject: c\n>\n> d", "Yes"),
        ("Yes\n\n-- \nA\n\n> q\n", "Yes\n\n> q"),
        ("\n".join(("Yes", "-- ", *("line",) * 12)), "Yes"),
    ],
)
def test_what_surely_is_not_theirs_goes(body, words):
    assert read(body).words == words


def test_an_answer_that_may_be_anywhere_is_kept_whole():
    above, below = (
        "From: Maria <m@a.example>\nSent: Tuesday\nSubject: Hello",
        "From: A\nSent: x\nSubject: y\nz",
    )

    reading = read(f"{above}\n\nWho comes?\n\nI do.\n\n{below}")

    assert reading.words == "Who comes?\n\nI do.\n\nz"
    assert reading.kind is Kind.UNCLEAR


def test_quoted_and_signed_are_told_too():
    reading = read("Yes\n\n-- \nMaria\n\nOn 24 Nov 2026, Bo <b@a.example> wrote:\n> Who?\n")

    assert (reading.words, reading.signature) == ("Yes", "-- \nMaria".replace("-- ", "--"))
    assert reading.quoted == "On 24 Nov 2026, Bo <b@a.example> wrote:\n> Who?"


def test_a_quote_that_answers_nothing_has_no_words():
    assert read("On 24 Nov 2026, Bo <b@a.example> wrote:\n> Who?\n").words == ""
    assert read("> by hand\n").words == "> by hand"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>One<p>Two", "One\n\nTwo"),
        ("a</p>b", "a\nb"),
        ("<li>loose</li>", "- loose"),
        ('<a href="https://example.org">example.org</a> <a href="mailto:a@b.c">me</a>', "example.org me"),
        ('<a href="https://example.org"><img alt="logo"></a>', ""),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("one<hr>two", "one\ntwo"),
        ('<span style="display:none">preview</span>Hi', "Hi"),
        ("<!-- note -->a<!-- never closed", "a never closed"),
        ("<!DOCTYPE html><?xml a?>a <1 </b>", "a <1"),
        ("<style>a{}</style>b<script>never closed", "bnever closed"),
        ("<!--a<!--b", "ab"),
        ("a <!b", "a b"),
        ('<i x="' + ">" * 6 + "a", ">>>>>a"),
        ("1 < 2", "1 < 2"),
        ("a <b", "a <b"),
        ('<a title="x > y">kept</a><a title=\'"\'>too</a>', "keptto" + "o"),
        ('<blockquote style="margin:0 0 0 40px;border:none;padding:0px">mine</blockquote>', "mine"),
        ('<div class="gmail_signature">I wrote into it</div>', "I wrote into it"),
        (f'<div>a</div><div class="gmail_signature">{"long " * 400}</div>', "a\n" + ("long " * 400).strip()),
        (f"a{ORIGINAL_BEGINS}b", "ab"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a" + "<i x='" + "y" * 5000 + '">">b', "a" + '">b'),
    ],
)
def test_a_page_becomes_text(page, words):
    assert read("", page).words == words


def test_a_page_is_read_where_only_it_tells_what_is_quoted():
    page = '<div>Yes</div><div class="yahoo_quoted"><div>Who comes?</div></div>'

    assert read("Yes\n\nWho comes?", page).words == "Yes"
    assert read("Yes\n\nWho comes?", "<div>Yes</div>").words == "Yes\n\nWho comes?"


def test_command_line():
    told, complaints = StringIO(), StringIO()

    done = main(["read"], StringIO(json.dumps({"text": "Yes\n-- \nBo"})), told, complaints)

    assert (done, json.loads(told.getvalue())) == (
        0,
        {"words": "Yes", "quoted": "", "signature": "--\nBo", "kind": "plain", "is_cut": False},
    )


@pytest.mark.parametrize(("arguments", "said"), [([], "{}"), (["read"], "no"), (["read"], "[]")])
def test_command_line_says_what_it_cannot_read(arguments, said):
    complaints = StringIO()

    assert main(arguments, StringIO(said), StringIO(), complaints) == 4
    assert "python -m engines.replies" in complaints.getvalue()
