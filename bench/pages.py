"""What a page costs: CPU-milliseconds, requests a second, waiting, memory and queries.

The program board and a community's Now page, signed in, beside a bare Django view with one query and a plain
list of 20 rows on the same server. The pages take turns in every round, so that what else the machine does
falls on all of them; CPU time is that of the server's whole process tree, the steadiest figure on a shared
machine. To add a page, add a line to `pages_of`.
"""

import json
from collections import defaultdict

from bench.browsers import Crowd, crowd
from bench.installation import Installation, installation
from bench.machine import cpu_seconds, memory, share, table
from bench.scene import Scene, seed

ROUNDS = 3
CONNECTIONS = (1, 8, 32)
REQUESTS = {1: 60, 8: 160, 32: 320}
WARM_UP = 30
SIZES = {10: (1, 3, 2), 1_000: (26, 78, 13), 100_000: (100, 5000, 21)}
MOST_CPU = 8.0
MOST_MEMORY = 150.0
MOST_QUERIES = 12


def pages_of(scene: Scene) -> dict[str, tuple[str, str]]:
    """Return each page's name with its address and the session that asks for it."""
    return {
        "program board": (f"/programs/{scene.program}/", scene.staff_session),
        "community Now": (f"/communities/{scene.communities[0]}/", scene.member_session),
        "one query, bare": ("/bench/one-query/", ""),
        "20 rows, plain": ("/bench/twenty-rows/", ""),
    }


OURS = ("program board", "community Now")


def main() -> int:
    """Measure costs, memory and queries; return 0 when the aims are met."""
    with installation(settings="bench.settings") as place:
        scene = seed(place, communities=100, people=5000, meetings=25)
        print(f"100 communities, 5,000 members, two years of meetings: {scene.rows:,} rows", flush=True)
        place.start()
        assert place.server is not None
        at_rest = memory(place.server.pid)
        costs = _costs(place, pages_of(scene))
        resident, proportional = memory(place.server.pid)
        place.stop()
    print(
        table(
            ("memory of the stack, MB", "resident", "proportional"),
            [
                ("at rest", *(f"{figure:.0f}" for figure in at_rest)),
                ("after the load", f"{resident:.0f}", f"{proportional:.0f}"),
            ],
        ),
        flush=True,
    )
    is_cheap = all(costs[page] <= MOST_CPU for page in OURS)
    return 0 if _queries_hold() and is_cheap and proportional <= MOST_MEMORY else 1


def _costs(place: Installation, pages: dict[str, tuple[str, str]]) -> dict[str, float]:
    """Print the table of costs and return the CPU-ms of each page on one connection."""
    assert place.server is not None
    for address, session in pages.values():
        _visit(place, address, session, requests=WARM_UP, connections=4)
    met: dict[tuple[str, int], list[tuple[Crowd, float]]] = defaultdict(list)
    for _ in range(ROUNDS):
        for connections in CONNECTIONS:
            for name, (address, session) in pages.items():
                before = cpu_seconds(place.server.pid)
                visited = _visit(
                    place, address, session, requests=REQUESTS[connections], connections=connections
                )
                met[name, connections].append((visited, cpu_seconds(place.server.pid) - before))
    rows = []
    costs = {}
    for (name, connections), rounds in met.items():
        seconds = [one for visited, _ in rounds for one in visited.seconds]
        cost = 1000 * sum(used for _, used in rounds) / len(seconds)
        rate = len(seconds) / sum(visited.elapsed for visited, _ in rounds)
        waits = (f"{share(seconds, portion) * 1000:.0f}" for portion in (0.5, 0.95, 0.99))
        rows.append((name, connections, f"{cost:.2f}", f"{rate:.0f}", *waits))
        costs.setdefault(name, cost)
    print(
        table(("page", "connections", "CPU-ms", "requests/s", "p50 ms", "p95 ms", "p99 ms"), rows), flush=True
    )
    return costs


def _visit(place: Installation, address: str, session: str, *, requests: int, connections: int) -> Crowd:
    visited = crowd(
        place.port,
        lambda browser, _: browser.get(address),
        requests=requests,
        connections=connections,
        session=session,
    )
    if visited.statuses != {200: requests}:
        raise RuntimeError(f"{address} answered {visited.statuses}")
    return visited


def _queries_hold() -> bool:
    """Print how many queries each page takes with few and many rows; they must be equal and few."""
    counts: dict[str, list[int]] = defaultdict(list)
    heads = []
    for size, (communities, people, meetings) in SIZES.items():
        with installation(settings="bench.settings") as place:
            scene = seed(place, communities=communities, people=people, meetings=meetings)
            heads.append(f"{scene.rows:,} rows (aim {size:,})")
            for name, count in _queries(place, scene).items():
                counts[name].append(count)
    print(table(("queries", *heads), [(name, *row) for name, row in counts.items()]), flush=True)
    return all(len(set(counts[page])) == 1 and counts[page][0] <= MOST_QUERIES for page in OURS)


def _queries(place: Installation, scene: Scene) -> dict[str, int]:
    """Count the queries of each page by Django's own client, inside the installation."""
    done = place.python("-m", "bench.queries", given=json.dumps(pages_of(scene)))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout))
