"""How long somebody waits for a proposal: from the click to the first one shown, and to the final columns.

A browser asks the real server to work a formation out again, as the studio's button does; the clock is the
wall's, so whatever else the machine does counts.
"""

import json
import os
import statistics
import time

from bench.installation import Installation, installation
from bench.machine import at_most, table

PEOPLE = 84
ROUNDS = 5
MOST_FIRST, MOST_FINAL = 1.0, 5.0
PATIENCE = 60_000  # milliseconds
CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> list[str]:
    """Measure some rounds; return the aims that the median misses."""
    from bench.forming import bring_in

    with installation() as place:
        bring_in(place, PEOPLE)
        done = place.python("-m", "bench.waiting")
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        place.start()
        waits = _waits(place, **json.loads(done.stdout))
    rows = [(number, f"{first:.2f}", f"{final:.2f}", f"{load:.1f}") for number, first, final, load in waits]
    heads = (f"{PEOPLE} people, seconds from the click", "first proposal", "final columns", "load")
    print(table(heads, rows), flush=True)
    first = statistics.median(first for _, first, _, _ in waits)
    final = statistics.median(final for _, _, final, _ in waits)
    return [
        *at_most("first proposal shown, s (median)", first, MOST_FIRST),
        *at_most("final columns shown, s (median)", final, MOST_FINAL),
    ]


def _waits(place: Installation, *, session: str, studio: str) -> list[tuple[int, float, float, float]]:
    """For each round its number, the seconds to the first and to the final proposal, and the load."""
    from playwright.sync_api import sync_playwright

    cookie = {"name": "sessionid", "value": session, "url": place.address}
    waits = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        context = chromium.new_context()
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(place.address + studio)
        for number in range(1, ROUNDS + 1):
            started = time.monotonic()
            page.locator("#again button").click(no_wait_after=True)
            page.locator("#first-proposal").wait_for()
            first = time.monotonic() - started
            page.locator(".columns .column").first.wait_for()
            waits.append((number, first, time.monotonic() - started, os.getloadavg()[0]))
        chromium.close()
    return waits


def inside() -> dict[str, str]:
    """Make the first proposal, in the process that calls it; return who looks at it, and where."""
    from django.conf import settings

    from bench.forming import set_up
    from bench.scene import _session_of
    from coppice.formation import tasks

    formation = set_up(settings.HOME / "roster.csv")
    tasks.propose.call(formation_id=formation.pk)
    return {"session": _session_of(formation.created_by), "studio": formation.get_absolute_url()}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(inside()))
