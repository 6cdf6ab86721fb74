"""The archive of a mailing list with 20,000 mails comes in while others write; again it brings nothing.

The file is uploaded by the page, its preview is looked at and its conversations are brought in. Somebody
else logs check-ins meanwhile, one after the other; the longest of them is how long a writer waits.
"""

import random
import re
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from bench.browsers import Answer, Browser
from bench.installation import Installation, installation
from bench.machine import at_most, cpu_seconds, memory_peak, table, wanted
from bench.roster import OtherWriter
from bench.scene import Scene, seed

MAILS = 20_000
IN_A_CONVERSATION = 6
WRITERS = 300
LONGEST_WAIT = 5.0
MOST_MEMORY = 400
MOST_CPU = 400
LONGEST_JOB = 600
OPTIONS = ("--count",)
WILL = re.compile(r"Bring ([\d,]+) posts in")
CAME = re.compile(r"([\d,]+) posts were brought in")
WORDS = [
    "rides",
    "letter",
    "clinic",
    "driver",
    "card",
    "friday",
    "phone",
    "board",
    "insurance",
    "van",
    "lift",
    "county",
    "form",
    "neighbour",
]


def mailbox(mails: int) -> bytes:
    """Return a mailbox of conversations as long as `IN_A_CONVERSATION`, most mails quoting the one before."""
    chance, at = random.Random(1), datetime(2006, 1, 2, 8, tzinfo=UTC)
    written: list[str] = []
    before = body = subject = ""
    for number in range(mails):
        at += timedelta(minutes=chance.randrange(10, 500))
        is_first = number % IN_A_CONVERSATION == 0
        quote = (
            "" if is_first else "\n\nOn Monday Somebody <x@y.example> wrote:\n> " + body.replace("\n", "\n> ")
        )
        subject = f"About {' '.join(chance.sample(WORDS, 4))} {number}" if is_first else subject
        answers = "" if is_first else f"In-Reply-To: <{before}>\nReferences: <{before}>\n"
        who = chance.randrange(WRITERS)
        body = "\n".join(" ".join(chance.choices(WORDS, k=12)) for _line in range(chance.randrange(2, 9)))
        before = f"{number}@list.example"
        written.append(
            f"From w{who} at x.example  {at:%a %b %d %H:%M:%S %Y}\n"
            f"From: Writer {who} <w{who}@x.example>\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\n"
            f"Subject: {'' if is_first else 'Re: '}[list] {subject}\nMessage-ID: <{before}>\n{answers}"
            f"\n{body}{quote}\n\n"
        )
    return "".join(written).encode()


def main(*words: str) -> list[str]:
    """Bring an archive in, and once more; return which figures are beyond their aims.

    `--count 2000` makes it smaller; the aims for time are then smaller too.
    """
    mails = int(words[1]) if words[:1] == ("--count",) else MAILS
    content = mailbox(mails)
    with installation() as place:
        scene = seed(place, communities=5, people=20, meetings=2)
        place.start()
        assert place.server is not None
        writer = OtherWriter(place, scene)
        path = f"/communities/{scene.communities[0]}/talk/archives/"
        rows = []
        came = []
        for name in ("new", "again"):
            for step, *figures in _bring_in(place, scene, path, content, came):
                rows.append((f"{name}: {step}", *figures))
                print(*rows[-1], flush=True)  # who stops it in between has what was measured until then
        writer.stop()
        peak = memory_peak(place.server.pid)
        place.stop(patience=30)
    cpu = sum(float(row[2]) for row in rows[:2])
    print(table(("step", "seconds", "CPU-s"), rows))
    facts = [
        ("posts brought in, new and again", f"{came[0]} and {came[1]}"),
        ("megabytes of the file", f"{len(content) / 1e6:.0f}"),
        ("longest wait of another writer, s", f"{writer.longest_wait():.2f}"),
        ("memory at its peak, MB", f"{peak:.0f}"),
    ]
    print(table(("archive", ""), facts))
    return [
        *wanted("posts brought in", came, f"[{mails}, 0]", is_met=came == [mails, 0]),
        *at_most("CPU-s to read and bring in", cpu, MOST_CPU * mails / MAILS),
        *at_most("refusals of the other writer", writer.refused, 0),
        *at_most("longest wait of another writer, s", writer.longest_wait(), LONGEST_WAIT),
        *at_most("memory at its peak, MB", peak, MOST_MEMORY),
    ]


def _bring_in(
    place: Installation, scene: Scene, path: str, content: bytes, came: list[int]
) -> Iterator[tuple[str, str, str]]:
    """Seconds and processor seconds of reading, then of bringing in; `came` gets how many posts came."""
    assert place.server is not None
    browser = Browser(place.port, session=scene.staff_session)
    started, cpu = time.monotonic(), cpu_seconds(place.server.pid)

    def passed() -> tuple[str, str]:
        nonlocal started, cpu
        before, used = (started, cpu)
        started, cpu = time.monotonic(), cpu_seconds(place.server.pid)  # type: ignore[union-attr]
        return f"{started - before:.1f}", f"{cpu - used:.1f}"

    fields = {"once": secrets.token_hex(12), "key": secrets.token_hex(12)}
    address = browser.upload(path, fields, name="list.mbox", content=content).location
    page = _wait(browser, address, lambda body: "Throw the file away" in body)
    yield "upload and read", *passed()
    if not WILL.search(page):
        came.append(0)
        return
    browser.post(f"{address}posts/", {"once": secrets.token_hex(12)})
    page = _wait(browser, address, lambda body: bool(CAME.search(body)))
    found = CAME.search(page)
    assert found is not None
    came.append(int(found[1].replace(",", "")))
    yield "bring in", *passed()


def _wait(browser: Browser, address: str, is_done: Callable[[str], bool]) -> str:
    started = time.monotonic()
    while time.monotonic() - started < LONGEST_JOB:
        answer: Answer = browser.get(address)
        body = answer.body.decode()
        if answer.status != 200 or "notice-foxglove" in body:
            raise RuntimeError(body[-500:])
        if is_done(body):
            return body
        time.sleep(1)
    raise RuntimeError(f"{address} was not done within {LONGEST_JOB} s")
