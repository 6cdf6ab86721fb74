"""A roster of 50,000 comes in while others write; again it changes nothing, corrected just that.

The file of `coppice make-roster` is uploaded, its columns are matched, its preview is leafed through and it
is applied, three times: new, the same again, and with another job title for one person in a hundred.
Meanwhile somebody else logs check-ins one after the other; the longest of them is how long a writer waits.
"""

import csv
import io
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.browsers import Answer, Browser
from bench.installation import Installation, installation
from bench.machine import at_most, cpu_seconds, memory_peak, table, wanted
from bench.scene import Scene, seed

PEOPLE = 50_000
LONGEST_WAIT = 5.0
LONGEST_REQUEST = 3.0
MOST_MEMORY = 600
LONGEST_JOB = 600
CORRECTED_ONE_IN = 100
COUNTS = re.compile(r"(\d+) added, (\d+) changed, (\d+) unchanged, (\d+) skipped")


class OtherWriter:
    """Somebody who logs check-ins one after the other, and knows how long each took."""

    def __init__(self, place: Installation, scene: Scene) -> None:
        self._browser = Browser(place.port, session=scene.staff_session)
        self._path = f"/communities/{scene.communities[0]}/check-ins/new/"
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self.waits: list[tuple[float, float]] = []
        self.refused = 0
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join(timeout=60)

    def longest_wait(self, since: float = 0.0, until: float = float("inf")) -> float:
        """The seconds of the longest check-in that was going on between two moments."""
        return max((end - start for start, end in self.waits if start < until and end > since), default=0.0)

    def _write(self) -> None:
        while not self._is_over.is_set():
            today = time.strftime("%Y-%m-%d", time.gmtime())
            fields = {"once": secrets.token_hex(12), "spoken_on": today, "mood": "steady"}
            answer = self._browser.post(self._path, fields)
            ended = time.monotonic()
            self.waits.append((ended - answer.seconds, ended))
            self.refused += answer.status != 302
            time.sleep(0.02)


@dataclass(frozen=True)
class Step:
    """One step of a file, from and until when, and the seconds of processor time that it took."""

    name: str
    since: float
    until: float
    cpu: float


@dataclass
class Pass:
    """One file on its way in: its steps, how long each request took, and what came of it."""

    name: str
    place: Installation
    writer: OtherWriter
    steps: list[Step] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    counts: tuple[int, ...] = ()

    def step[T](self, name: str, do: Callable[[], T]) -> T:
        assert self.place.server is not None
        started, cpu = time.monotonic(), cpu_seconds(self.place.server.pid)
        result = do()
        used = cpu_seconds(self.place.server.pid) - cpu
        self.steps.append(Step(f"{self.name}: {name}", started, time.monotonic(), used))
        return result

    def asked(self, answer: Answer, status: int) -> Answer:
        if answer.status != status:
            raise RuntimeError(f"{self.name}: {answer.status} instead of {status}")
        self.requests.append(answer.seconds)
        return answer


def main(*, people: int = PEOPLE) -> list[str]:
    """Bring the roster in three times; return which counts are wrong and who waited too long."""
    with installation() as place:
        scene = seed(place, communities=5, people=20, meetings=2)
        file = place.home / "roster.csv"
        place.coppice("make-roster", str(file), "--people", str(people))
        content = file.read_bytes()
        corrected, changes = _corrected(content)
        place.start()
        assert place.server is not None
        writer = OtherWriter(place, scene)
        new = _bring_in(Pass("new", place, writer), scene, content)
        again = _bring_in(Pass("again", place, writer), scene, content)
        mended = _bring_in(Pass("corrected", place, writer), scene, corrected)
        writer.stop()
        peak = memory_peak(place.server.pid)
        place.stop(patience=30)
        expected = [(people, 0, 0, 0), (0, 0, people, 0), (0, changes, people - changes, 0)]
        return _report([new, again, mended], expected, writer, peak)


def _bring_in(this: Pass, scene: Scene, content: bytes) -> Pass:
    """Do what a manager does, and look at three pages of the preview."""
    browser = Browser(this.place.port, session=scene.staff_session)

    def upload() -> str:
        path = f"/programs/{scene.program}/roster-imports/"
        fields = {"once": secrets.token_hex(12)}
        answer = browser.upload(path, fields, name="roster.csv", content=content)
        address = this.asked(answer, 302).location
        _wait(browser, address, lambda answer: bool(answer.onward))
        return address

    def match(address: str) -> None:
        this.asked(browser.get(address), 200)
        this.asked(browser.post(address, {"once": secrets.token_hex(12)}), 302)
        _wait(browser, address, lambda answer: bool(answer.onward))

    def leaf_through(address: str) -> None:
        for query in ("", "?page=900", "?show=check"):
            this.asked(browser.get(f"{address}preview/{query}"), 200)

    def apply(address: str) -> None:
        this.asked(browser.post(f"{address}application/", {"once": secrets.token_hex(12)}), 302)
        last = _wait(browser, address, lambda answer: COUNTS.search(answer.body.decode()) is not None)
        found = COUNTS.search(last.body.decode())
        assert found is not None
        this.counts = tuple(map(int, found.groups()))

    address = this.step("upload and read", upload)
    this.step("match and compare", lambda: match(address))
    this.step("three pages of the preview", lambda: leaf_through(address))
    this.step("apply", lambda: apply(address))
    browser.close()
    return this


def _wait(browser: Browser, address: str, is_done: Callable[[Answer], bool]) -> Answer:
    """Ask how far the job is, as the page does, until there is something to do."""
    started = time.monotonic()
    while time.monotonic() - started < LONGEST_JOB:
        answer = browser.get(f"{address}progress/", HX_Request="true")
        if answer.status != 200 or b"notice-foxglove" in answer.body:
            raise RuntimeError(answer.body.decode()[-500:])
        if is_done(answer):
            return answer
        time.sleep(0.25)
    raise RuntimeError(f"{address} was not done within {LONGEST_JOB} s")


def _corrected(content: bytes) -> tuple[bytes, int]:
    """Return the file with another job title for one person in a hundred, and how many that are."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    title = rows[0].index("Job title")
    names = list(dict.fromkeys(row[0] for row in rows[1:] if row[0]))
    corrected = set(names[::CORRECTED_ONE_IN])
    for row in rows[1:]:
        if row[0] in corrected:
            row[title] = "Corrected title"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig"), len(corrected)


def _report(
    passes: list[Pass], expected: list[tuple[int, ...]], writer: OtherWriter, peak: float
) -> list[str]:
    steps = [
        (
            step.name,
            f"{step.until - step.since:.1f}",
            f"{step.cpu:.1f}",
            f"{writer.longest_wait(step.since, step.until):.2f}",
        )
        for one in passes
        for step in one.steps
    ]
    print(table(("step", "seconds", "CPU-s", "longest wait of another writer, s"), steps))
    print(
        table(
            ("file", "added", "changed", "unchanged", "skipped"), [(one.name, *one.counts) for one in passes]
        )
    )
    longest_request = max(seconds for one in passes for seconds in one.requests)
    facts = [
        ("check-ins by the other writer", len(writer.waits)),
        ("of those refused", writer.refused),
        ("longest wait of the other writer, s", f"{writer.longest_wait():.2f}"),
        ("longest request of the manager, s", f"{longest_request:.2f}"),
        ("memory at its peak, MB", f"{peak:.0f}"),
    ]
    print(table(("roster", ""), facts))
    counts = [one.counts for one in passes]
    return [
        *wanted("people of each pass", counts, f"{expected}", is_met=counts == expected),
        *at_most("refusals of the other writer", writer.refused, 0),
        *at_most("longest wait of the other writer, s", writer.longest_wait(), LONGEST_WAIT),
        *at_most("longest request of the manager, s", longest_request, LONGEST_REQUEST),
        *at_most("memory at its peak, MB", peak, MOST_MEMORY),
    ]
