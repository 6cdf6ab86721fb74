"""A hundred thousand mixed requests on 32 connections, and not one "database is locked".

One in five logs a check-in with a leader through the real form, one in twenty reads the program board, one in
four a community's first page, the others the health page. Nothing but 200 and 302 may come back.
"""

import secrets
import time

from bench.browsers import Answer, Browser, crowd
from bench.installation import installation
from bench.machine import at_most, cpu_seconds, memory, share, table, wanted
from bench.scene import seed

REQUESTS = 100_000
CONNECTIONS = 32
LONGEST = 7200.0


def main(*, requests: int = REQUESTS) -> list[str]:
    """Send the requests, print what came back, and return what was not answered well."""
    with installation() as place:
        scene = seed(place, communities=20, people=200, meetings=4)
        place.start()
        assert place.server is not None
        day = time.strftime("%Y-%m-%d", time.gmtime())

        def ask(browser: Browser, number: int) -> Answer:
            community = scene.communities[number % len(scene.communities)]
            place_in_mix = number % 20
            if place_in_mix % 5 == 0:
                fields = {"once": secrets.token_hex(12), "spoken_on": day, "mood": "steady"}
                return browser.post(f"/communities/{community}/check-ins/new/", fields)
            if place_in_mix == 1:
                return browser.get(f"/programs/{scene.program}/")
            return browser.get("/health/" if place_in_mix % 3 else f"/communities/{community}/")

        met = crowd(
            place.port,
            ask,
            requests=requests,
            connections=CONNECTIONS,
            session=scene.staff_session,
            longest=LONGEST,
        )
        processor, resident = cpu_seconds(place.server.pid), memory(place.server.pid)[0]
        place.stop()
        log = (place.home / "server.log").read_text()
    locked = log.count("database is locked")
    rows = [
        ("requests answered", met.count),
        *((f"status {status or 'none (broken)'}", count) for status, count in sorted(met.statuses.items())),
        ("database is locked", locked),
        ("requests a second", f"{met.count / met.elapsed:.0f}"),
        ("CPU-ms a request", f"{processor * 1000 / max(1, met.count):.2f}"),
        *((f"p{round(p * 100)} ms", f"{share(met.seconds, p) * 1000:.0f}") for p in (0.5, 0.95, 0.99)),
        ("longest ms", f"{max(met.seconds) * 1000:.0f}"),
        ("server's memory MB", f"{resident:.0f}"),
    ]
    print(table(("load", ""), rows))
    statuses = sorted(met.statuses)
    return [
        *wanted("statuses", statuses, "200 and 302 alone", is_met=met.statuses.keys() <= {200, 302}),
        *at_most("database is locked", locked, 0),
        *wanted("requests answered", met.count, f"{requests}", is_met=met.count == requests),
    ]
