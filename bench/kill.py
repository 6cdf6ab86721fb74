"""No acknowledged change is lost and none happens twice, however often the server is killed.

Four clients log check-ins with leaders through the real form, each with its own key, while the server is
killed with SIGKILL at random and started again. A client that got no answer sends the same form with the same
key again, blindly. At the end every acknowledged check-in must be there, exactly once.
"""

import random
import secrets
import sqlite3
import threading
import time
from contextlib import closing

from bench.browsers import Browser
from bench.installation import Installation, installation
from bench.machine import at_most, table, wanted
from bench.scene import Scene, seed

KILLS = 50
CLIENTS = 4
LONGEST_LIFE = 1.2
LONGEST_RETURN = 5.0
ROWS = "SELECT blockers, count(*) FROM stewardship_leadercheckin GROUP BY blockers"


class Writer:
    """One client that writes until it is told to stop, and knows what was acknowledged."""

    def __init__(self, place: Installation, scene: Scene) -> None:
        self.place, self.scene = place, scene
        self.acknowledged: list[str] = []
        self.sent = 0
        self.retried = 0
        self.refused: dict[int, int] = {}
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._write, daemon=True)

    def _write(self) -> None:
        browser = Browser(self.place.port, session=self.scene.staff_session)
        while not self.done.is_set():
            key = secrets.token_hex(12)
            community = random.choice(self.scene.communities)
            fields = {"once": key, "spoken_on": _today(), "mood": "steady", "blockers": key}
            self._send_until_answered(browser, f"/communities/{community}/check-ins/new/", fields, key)

    def _send_until_answered(self, browser: Browser, path: str, fields: dict[str, str], key: str) -> None:
        while True:
            self.sent += 1
            try:
                answer = browser.post(path, fields)
            except OSError:
                self.retried += 1
                time.sleep(0.05)
                continue
            if answer.status == 302:
                self.acknowledged.append(key)
            else:
                self.refused[answer.status] = self.refused.get(answer.status, 0) + 1
            return


def main(*, kills: int = KILLS) -> list[str]:
    """Kill the server `kills` times; return what was lost or doubled, or a return that came late."""
    with installation() as place:
        scene = seed(place, communities=20, people=60, meetings=2)
        place.start()
        writers = [Writer(place, scene) for _ in range(CLIENTS)]
        for writer in writers:
            writer.thread.start()
        returns = []
        for number in range(kills):
            time.sleep(random.uniform(0.05, LONGEST_LIFE))
            place.kill()
            returns.append(place.start())
            print(f"\r{number + 1} of {kills} kills", end="", flush=True)
        print()
        for writer in writers:
            writer.done.set()
        for writer in writers:
            writer.thread.join(timeout=60)
        place.stop()
        return _report(place, writers, returns)


def _report(place: Installation, writers: list[Writer], returns: list[float]) -> list[str]:
    acknowledged = [key for writer in writers for key in writer.acknowledged]
    with closing(sqlite3.connect(place.home / "coppice.sqlite3")) as database:
        rows = dict(database.execute(ROWS).fetchall())
    lost = [key for key in acknowledged if key not in rows]
    doubled = [key for key, count in rows.items() if key and count > 1]
    refused = sum(sum(writer.refused.values()) for writer in writers)
    rows_of_table = [
        ("kills", len(returns)),
        ("acknowledged changes", len(acknowledged)),
        ("sent again blindly", sum(writer.retried for writer in writers)),
        ("answers that were neither", refused),
        ("acknowledged and lost", len(lost)),
        ("happened twice", len(doubled)),
        ("seconds until back, median", f"{sorted(returns)[len(returns) // 2]:.2f}"),
        ("seconds until back, longest", f"{max(returns):.2f}"),
    ]
    print(table(("kill", ""), rows_of_table))
    return [
        *wanted("acknowledged changes", len(acknowledged), "some", is_met=bool(acknowledged)),
        *at_most("acknowledged and lost", len(lost), 0),
        *at_most("happened twice", len(doubled), 0),
        *at_most("answers that were neither", refused, 0),
        *at_most("seconds until back", max(returns), LONGEST_RETURN),
    ]


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())
