"""Archives as plain values: mailboxes, exports of Slack and Discourse, tables."""

import gzip
import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from unittest import mock

import pytest

from coppice.conversations.importing import (
    discourse,
    kinds,
    mails,
    mbox,
    packed,
    sheets,
    slack,
    subjects,
    unpacking,
)
from coppice.conversations.importing.errors import ArchiveTooLarge, BrokenArchive, NoArchive, PartTooLarge
from coppice.conversations.importing.joining import Stub, join
from coppice.conversations.importing.values import Entry, LeftOut, Reason
from coppice.conversations.tests.archives import archive_bytes, mailbox
from coppice.lib.tables import TableRefused

DAY = datetime(2020, 1, 1, tzinfo=UTC)


def zipped(**files: object) -> BytesIO:
    """A zip of files, whose names have "__" for "/"; objects are written as JSON."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as box:
        for name, content in files.items():
            data = content if isinstance(content, (str, bytes)) else json.dumps(content)
            ending = "" if "." in name else ".json"
            box.writestr(name.replace("__", "/") + ending, data)
    whole.seek(0)
    return whole


def only(file: BytesIO) -> Entry | LeftOut:
    (found,) = mails.entries(file)
    return found


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("[Rides] Re: AW: SV: Vans", ("Vans", True)),
        ("RE[2]: [Rides] Re: Vans (was: Cars)", ("Vans", True)),
        ("Fwd: Vans", ("Vans", False)),
        ("[Rides]", ("[Rides]", False)),
        ("Re: ", ("", True)),
        ("Antw: Vans?", ("Vans?", True)),
    ],
)
def test_what_a_subject_says(subject, said):
    assert subjects.plain(subject) == said


def test_a_line_in_somebodys_words_begins_no_mail():
    words = "Hello,\n\nFrom 9:30 on 3 May 2019 we drive.\n\n>From the start\n>>From quoted\n"
    file = mailbox(f"From: a@x.example\nSubject: S\n\n{words}", "From: b@x.example\n\nTwo\n")

    found = list(mbox.mails(file))

    assert len(found) == 2
    assert b"\nFrom 9:30 on" in found[0].raw
    assert b"\nFrom the start\n>From quoted" in found[0].raw
    assert mbox.mail_at(file, offset=found[1].offset, length=found[1].length).strip().endswith(b"Two")


def test_a_mail_that_is_too_long_is_left_out_and_the_next_one_read():
    file = mailbox("From: a@x.example\n\n" + "long\n" * 50, "From: b@x.example\n\nShort\n")

    with mock.patch.object(mbox, "LARGEST_MAIL", 100):
        first, second = mails.entries(file)

    assert first == LeftOut(Reason.LARGE)
    assert isinstance(second, Entry)


@pytest.mark.parametrize(
    ("headers", "writer"),
    [
        ("From: Jane Doe <JANE@x.example>", ("Jane Doe", "jane@x.example")),
        ("From: jane at x.example (Jane Doe)", ("Jane Doe", "jane@x.example")),
        ("From: jane@x.example (=?utf-8?q?J=C3=A4ne?=)", ("Jäne", "jane@x.example")),
        ("From: jane_doe@x.example", ("Jane Doe", "jane_doe@x.example")),
        ("From: ja...@x.example", ("Ja", "")),
        ("From: 'Jane' via Rides <l@y.example>\nReply-To: jane@x.example", ("Jane", "jane@x.example")),
        ("From: Jane via Rides <l@y.example>\nReply-To: l@y.example", ("Jane", "")),
        ("From: Nobody", ("Nobody", "")),
    ],
)
def test_who_wrote_a_mail(headers, writer):
    found = only(mailbox(f"{headers}\nSubject: S\n\nHi\n"))

    assert isinstance(found, Entry)
    assert (found.name, found.address) == writer


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Date: Tue, 3 Mar 2015 12:00:00 +0200", datetime(2015, 3, 3, 10, tzinfo=UTC)),
        ("Date: Tue, 3 Mar 2015 12:00:00 -0000", datetime(2015, 3, 3, 12, tzinfo=UTC)),
        ("Date: Tue, 3 Mar 2095 12:00:00 +0000", datetime(2015, 3, 3, 10, 2, 11, tzinfo=UTC)),
        ("Date: Thu, 1 Jan 1970 00:00:00 +0000", datetime(2015, 3, 3, 10, 2, 11, tzinfo=UTC)),
        ("Date: yesterday", datetime(2015, 3, 3, 10, 2, 11, tzinfo=UTC)),
    ],
)
def test_when_a_mail_was_written(date, at):
    found = only(mailbox(f"From: a@x.example\n{date}\n\nHi\n"))

    assert isinstance(found, Entry)
    assert found.at == at


def test_letters_of_old_mails_are_read():
    head = b"From a  Tue Mar  3 10:02:11 2015\nFrom: a@x.example\n"

    plain = only(BytesIO(head + b"\nGr\xfc\xdfe\n"))
    wrong = only(BytesIO(head + b"Content-Type: text/plain; charset=x-odd\n\nGr\xc3\xbc\xc3\x9fe\n"))

    assert [each.markdown for each in (plain, wrong) if isinstance(each, Entry)] == ["Grüße", "Grüße"]


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        ("Subject: no writer\n\nHi\n", Reason.BROKEN),
        ("From: a@x.example\nAuto-Submitted: auto-replied\n\nAway\n", Reason.AUTOMATIC),
        ("From: rides-request@x.example\n\nConfirm\n", Reason.AUTOMATIC),
        ("From: a@x.example\nSubject: Rides Digest, Vol 3, Issue 9\n\nHi\n", Reason.DIGEST),
        ("From: a@x.example\n\n\n", Reason.EMPTY),
        ("From: a@x.example\n" + "X: boundary=\n" * 400 + "\nHi\n", Reason.BROKEN),
    ],
)
def test_what_is_left_out(mail, reason):
    assert only(mailbox(mail)) == LeftOut(reason)


def test_what_lists_put_below_goes():
    footer = "_" * 30 + "\nRides mailing list\nRides@x.example\nhttps://x.example/listinfo/rides\n"
    scrubbed = "-" * 14 + " next part " + "-" * 14 + "\nAn HTML attachment was scrubbed...\nURL: <http://x>\n"

    found = only(mailbox(f"From: a@x.example\n\nWe drive.\n{scrubbed}{footer}"))

    assert isinstance(found, Entry)
    assert found.markdown == "We drive."


def test_conversations_are_joined_by_what_mails_answer_else_by_subject_within_days():
    def stub(key: str, day: int, subject: str = "vans", **more: object) -> Stub:
        return Stub(key, DAY.replace(day=day), subject, **more)  # type: ignore[arg-type]

    stubs = [
        stub("c", 3, is_reply=True, parents=("lost",)),
        stub("a", 1),
        stub("b", 2, is_reply=True, parents=("a",)),
        stub("d", 4, "other", parents=("lost",)),
        stub("e", 9),
        stub("f", 10, "renamed", parents=("known",)),
        Stub("g", DAY.replace(month=6), "vans", is_reply=True),
        stub("h", 11, "", thread="t"),
        stub("i", 12, "vans", thread="t"),
    ]

    assert join(stubs, {"known": "#7"}) == ["a", "a", "a", "a", "e", "#7", "g", "h", "h"]


def test_packed_mailboxes_are_unpacked_within_bounds():
    content = archive_bytes()
    takeout = zipped(**{"Takeout__Groups__rides.mbox": content})

    for file in (BytesIO(gzip.compress(content)), takeout):
        with unpacking.unpacked(file) as whole:
            assert kinds.kind_of(whole, "x") == kinds.MAIL
            assert len(list(mails.entries(whole))) == 55
        with (
            mock.patch.object(unpacking, "LARGEST_UNPACKED", 1000),
            pytest.raises(ArchiveTooLarge),
            unpacking.unpacked(file),
        ):
            pass


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"%PDF-1.7 \x00\x01\x02\x03\x04", NoArchive),
        (b"just words\nand more of them\n", NoArchive),
        (b"", NoArchive),
        (b"PK\x03\x04 cut", BrokenArchive),
        (b'text,author\n"open,x\n', TableRefused),
    ],
)
def test_what_is_no_archive_is_refused(content, refusal):
    file = BytesIO(content)
    with pytest.raises(refusal), unpacking.unpacked(file) as whole:
        kinds.kind_of(whole, "x.csv")


def slack_export(**more: object) -> BytesIO:
    users = [
        {"id": "U1", "name": "ana", "profile": {"real_name": "Ana Ruiz", "email": "ANA@x.example"}},
        {"id": "U2", "name": "ben", "real_name": "Ben Ode"},
        {"id": "U3", "name": "bot", "is_bot": True},
    ]
    monday = [
        {
            "ts": "1577869200.000100",
            "user": "U1",
            "text": "Who drives, <@U2>?",
            "thread_ts": "1577869200.000100",
        },
        {"ts": "1577869260.000200", "user": "U2", "text": "Loose *bold* &amp; `*code*`"},
        {
            "ts": "1577869320.000300",
            "user": "U2",
            "text": "<https://x.example|Look> in <#C1|rides>",
            "thread_ts": "1577869200.000100",
            "reactions": [{"name": "+1", "users": ["U1", "U9"]}],
            "files": [{"name": "list.pdf"}],
        },
        {"ts": "1577869380.000400", "user": "U1", "text": "Soon after"},
        {"ts": "1577890000.000500", "user_profile": {"real_name": "Guest"}, "text": "Later"},
        {"ts": "1577890001.000600", "user": "U3", "text": "beep"},
        {"ts": "1577890002.000700", "user": "U1", "subtype": "channel_join", "text": "joined"},
        {"ts": "1577890003.000800", "user": "U1", "subtype": "tombstone"},
        {"ts": "1577890004.000900", "user": "U1", "text": " "},
        {"ts": "soon", "user": "U1", "text": "When?"},
        "no message",
    ]
    return zipped(
        users=users,
        channels=[{"id": "C1", "name": "rides"}],
        **{"rides__2020-01-01.json": monday, "secret__2020-01-01.json": [{"ts": "1.0", "text": "psst"}]},
        **more,
    )


def test_people_whom_slack_lists_no_longer_are_people_and_only_machines_are_left_out():
    def message(number: int, **said: object) -> dict[str, object]:
        return {"ts": f"157786920{number}.0001", "text": f"word {number}", **said}

    file = slack_export(
        **{
            "rides__2020-01-03.json": [
                message(1, user="U7", user_profile={"real_name": "Kim Deactivated", "name": "kim"}),
                message(2, user="U7"),
                message(3, user="U8"),
                message(4, user="U8", bot_id="B1", username="deploys"),
                message(5, user="U8", subtype="bot_message"),
                message(6, user="USLACKBOT"),
            ]
        }
    )

    found = list(slack.entries(file))[-7:-1]

    assert [each.name for each in found if isinstance(each, Entry)] == ["Kim Deactivated"] * 2 + [""]
    assert [each.reason for each in found if isinstance(each, LeftOut)] == ["automatic"] * 3


def test_an_export_of_slack():
    file = slack_export(**{"..__..__evil.json": "x", "rides__2020-01-02.json": "{broken"})

    found = list(slack.entries(file))

    assert kinds.kind_of(file, "export.zip") == kinds.SLACK
    said = [each for each in found if isinstance(each, Entry)]
    assert [(each.name, each.markdown) for each in said] == [
        ("Ana Ruiz", "Who drives, @Ben Ode?"),
        ("Ben Ode", "Loose **bold** & `*code*`"),
        ("Ben Ode", "[Look](https://x.example) in #rides\n\n(Not taken along: list.pdf)"),
        ("Ana Ruiz", "Soon after"),
        ("Guest", "Later"),
    ]
    threads = [each.thread for each in said]
    assert (threads[0] == threads[2], threads[1] == threads[3], len(set(threads))) == (True, True, 3)
    assert said[0].key == "slack:C1/1577869200.000100"
    assert (said[0].title, said[0].address) == ("Who drives, @Ben Ode?", "ana@x.example")
    assert said[2].reactions == {"helpful": ("ana@x.example",)}
    assert said[0].at == datetime(2020, 1, 1, 9, 0, 0, 100, tzinfo=UTC)
    reasons = [each.reason for each in found if isinstance(each, LeftOut)]
    assert sorted(reasons) == ["automatic", "automatic", "broken", "deleted", "empty", "private"]


def topic(**more: object) -> dict[str, object]:
    posts = [
        {
            "post_number": 1,
            "username": "ana",
            "name": "Ana Ruiz",
            "created_at": "2020-01-01T09:00:00.000Z",
            "cooked": "<p>Who <b>drives</b>?</p>",
        },
        {
            "post_number": 2,
            "username": "ben",
            "created_at": "2020-01-01T10:00:00.000Z",
            "raw": '[quote="ana, post:1, topic:7"]\nWho drives?\n[/quote]\n\nMe. ![van|690x388](upload://x.png)',
        },
        {"post_number": 3, "username": "system", "cooked": "<p>Closed</p>"},
        {"post_number": 4, "username": "eve", "cooked": "<p>Rude</p>", "hidden": True},
        {"post_number": 5, "username": "eve", "cooked": ""},
        {"post_number": "six", "username": "eve", "cooked": "<p>x</p>"},
    ]
    return {"id": 7, "title": "Rides", "post_stream": {"posts": posts}, **more}


def test_topics_of_discourse():
    latest = {
        "latest_posts": [
            {"topic_id": 8, "post_number": 1, "username": "ana", "raw": "Hi", "topic_title": "T"}
        ]
    }
    file = zipped(**{"7": topic(), "8": topic(id=9, archetype="private_message"), "posts": latest})

    found = list(discourse.entries(file))

    assert kinds.kind_of(file, "topics.zip") == kinds.DISCOURSE
    assert kinds.kind_of(BytesIO(json.dumps([topic()]).encode()), "t.json") == kinds.DISCOURSE
    said = [each for each in found if isinstance(each, Entry)]
    assert [(each.key, each.thread, each.title, each.name) for each in said] == [
        ("discourse:7/1", "discourse/7", "Rides", "Ana Ruiz"),
        ("discourse:7/2", "discourse/7", "Rides", "ben"),
        ("discourse:8/1", "discourse/8", "T", "ana"),
    ]
    assert said[0].markdown == "Who drives?"
    assert said[1].markdown == "> ana:\n> Who drives?\n\n\n\nMe. van"
    assert (said[0].at, said[2].at) == (DAY.replace(hour=9), None)
    reasons = [each.reason for each in found if isinstance(each, LeftOut)]
    assert reasons[:4] == ["automatic", "deleted", "empty", "broken"]
    assert sorted(reasons[4:]) == ["automatic", *["private"] * 5]


def test_somebodys_own_archive_of_discourse():
    table = (
        "topic_title,categories,is_pm,post_raw,url,created_at\n"
        "Rides,General,No,I drive,https://x.example/t/rides/7/3,2020-01-01 09:00:00 UTC\n"
        "Secret,-,Yes,psst,https://x.example/t/secret/9/1,2020-01-01 09:00:00 UTC\n"
        "Rides,General,No,,https://x.example/t/rides/7/4,\n"
        "Rides,General,No,Where?,nowhere,\n"
    )
    name = "user_archive-ana-200101-090000.zip"

    for file in (zipped(**{"user_archive.csv": table, "preferences": {}}), BytesIO(table.encode())):
        first, *rest = discourse.entries(file, filename=name)
        assert kinds.kind_of(file, name) == kinds.DISCOURSE
        assert rest == [LeftOut(Reason.PRIVATE), LeftOut(Reason.EMPTY), LeftOut(Reason.BROKEN)]
        assert isinstance(first, Entry)
        assert (first.key, first.name, first.markdown) == ("discourse:7/3", "ana", "I drive")
        assert first.at == DAY.replace(hour=9)


def test_a_table_says_who_wrote_what_where_and_when():
    content = (
        b"Date;Autor;Correo;Asunto;Mensaje;Other\n"
        b"2020-01-01 09:00;Ana;ana@x.example;Rides;Who?;x\n"
        b"2020-01-02;Ben;;Re: Rides;Me;\n"
        b"soon;Ben;;;Loose;\n;;;Rides;;\n"
    )
    file = BytesIO(content)
    table = sheets.table_of(file, "a.csv")
    columns = sheets.guess(table)

    found = list(sheets.entries(table, columns, None))

    assert kinds.kind_of(file, "a.csv") == kinds.TABLE
    assert columns == ["at", "name", "address", "title", "text", ""]
    said = [each for each in found if isinstance(each, Entry)]
    assert [(each.name, each.address, each.title, each.markdown, each.thread) for each in said] == [
        ("Ana", "ana@x.example", "Rides", "Who?", "table/rides"),
        ("Ben", "", "Rides", "Me", "table/rides"),
        ("Ben", "", "", "Loose", ""),
    ]
    assert [each.at for each in said] == [DAY.replace(hour=9), DAY.replace(day=2), None]
    assert found[-1] == LeftOut(Reason.EMPTY)


def test_a_table_that_is_unclear_is_asked_about():
    table = sheets.table_of(BytesIO(b"id,parent,date,text\n1,,03/04/2020,Who?\n2,1,05/04/2020,Me\n"), "a.csv")
    columns = sheets.guess(table)

    first, second = sheets.entries(table, columns, True)

    assert not sheets.is_clear(table, columns, None)
    assert not sheets.is_clear(table, ["", "", "", ""], True)
    assert sheets.is_clear(table, columns, False)
    assert [look.is_open for look in sheets.looks(table)] == [False, False, True, False]
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    assert first.at == datetime(2020, 4, 3, tzinfo=UTC)
    assert second.parents == (first.key,)


def test_a_json_file_above_what_is_read_at_once_is_refused_and_a_table_comes_line_by_line(monkeypatch):
    monkeypatch.setattr(packed, "LARGEST_JSON", 2000)
    monkeypatch.setattr(discourse, "LARGEST_JSON", 2000)
    long = json.dumps([topic() for _number in range(20)])
    row = "Rides,No,words,https://x.example/t/7/{},2020-01-01\n"
    rows = "".join(row.format(number) for number in range(99))
    own = f"topic_title,is_pm,post_raw,url,created_at\n{rows}"

    for large in (BytesIO(long.encode()), zipped(**{"topics__1.json": long})):
        with pytest.raises(PartTooLarge):
            list(discourse.entries(large))
    for table in (BytesIO(own.encode()), zipped(**{"user_archive.csv": own})):
        assert len(list(discourse.entries(table))) == 99
