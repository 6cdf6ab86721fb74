"""What a page costs: CPU-milliseconds, requests a second, waiting, memory and queries.

The program board and a community's Now page, signed in, beside a bare Django view with one query and a plain
list of 20 rows on the same server. The pages take turns in every round, so that what else the machine does
falls on all of them; CPU time is that of the server's whole process tree, the steadiest figure on a shared
machine, and the machine's load stands beside it. Then every page with a list is asked for its queries with
few rows and with many. To add a page, add a line to `pages_of` or `lists_of`.
"""

import json
import os
from collections import defaultdict

from bench.browsers import Crowd, crowd
from bench.installation import Installation, installation
from bench.machine import at_most, cpu_seconds, memory, share, table, wanted
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


def lists_of(scene: Scene) -> dict[str, tuple[str, str]]:
    """Return the pages whose lists grow with the rows, and who reads them."""
    program, community = f"/programs/{scene.program}/", f"/communities/{scene.communities[0]}/"
    staff, member = scene.staff_session, scene.member_session
    return {
        "program board": (program, staff),
        "community Now": (community, member),
        "community Now, staff": (community, staff),
        "home": ("/", staff),
        "home, member": ("/", member),
        "my communities": ("/communities/", member),
        "leader calls": (f"{program}leader-calls/", staff),
        "counts of a program": (f"{program}summary/", staff),
        "roster": (f"{program}people/", staff),
        "roster, file": (f"{program}people.csv", staff),
        "roster imports": (f"{program}roster-imports/", staff),
        "formations": (f"{program}formations/", staff),
        "invitation words": (f"{program}invitation-words/", staff),
        "history": (f"{program}history/", staff),
        "mail": (f"{program}mail/", staff),
        "people": (f"{community}people/", member),
        "people, staff": (f"{community}people/", staff),
        "invitations": (f"{community}invitations/", staff),
        "meetings": (f"{community}meetings/", member),
        "meeting": (f"/meetings/{scene.meeting}/", member),
        "attendance": (f"/meetings/{scene.meeting_held}/attendance/", staff),
    }


def main() -> list[str]:
    """Measure costs, memory and queries; return the aims that are missed."""
    with installation(settings="bench.settings") as place:
        scene = seed(place, communities=100, people=5000, meetings=25)
        print(f"100 communities, 5,000 members, two years of meetings: {scene.rows:,} rows", flush=True)
        place.start()
        assert place.server is not None
        at_rest = memory(place.server.pid)
        costs = costs_of(place, pages_of(scene))
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
    aims = [at_most(f"{page}, CPU-ms on one connection", costs[page], MOST_CPU) for page in OURS]
    aims.append(at_most("memory after the load, MB", proportional, MOST_MEMORY))
    for page, (fewest, *others) in _query_counts().items():
        same = wanted(
            f"{page}, queries with more rows",
            others,
            f"the same as with few, {fewest}",
            is_met={*others} == {fewest},
        )
        aims += [at_most(f"{page}, queries", fewest, MOST_QUERIES), same]
    return [missed for aim in aims for missed in aim]


def costs_of(place: Installation, pages: dict[str, tuple[str, str]]) -> dict[str, float]:
    """Print the table of costs and return the CPU-ms of each page on one connection."""
    assert place.server is not None
    for address, session in pages.values():
        _visit(place, address, session, requests=WARM_UP, connections=4)
    met: dict[tuple[str, int], list[tuple[Crowd, float]]] = defaultdict(list)
    loads: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for connections in CONNECTIONS:
            for name, (address, session) in pages.items():
                before = cpu_seconds(place.server.pid)
                visited = _visit(
                    place, address, session, requests=REQUESTS[connections], connections=connections
                )
                met[name, connections].append((visited, cpu_seconds(place.server.pid) - before))
                loads[name, connections].append(os.getloadavg()[0])
    rows = []
    costs: dict[str, float] = {}
    for (name, connections), rounds in met.items():
        seconds = [one for visited, _ in rounds for one in visited.seconds]
        cost = 1000 * sum(used for _, used in rounds) / len(seconds)
        rate = len(seconds) / sum(visited.elapsed for visited, _ in rounds)
        waits = (f"{share(seconds, portion) * 1000:.0f}" for portion in (0.5, 0.95, 0.99))
        load = sum(loads[name, connections]) / len(rounds)
        rows.append((name, connections, f"{cost:.2f}", f"{rate:.0f}", *waits, f"{load:.1f}"))
        costs.setdefault(name, cost)
    heads = ("page", "connections", "CPU-ms", "requests/s", "p50 ms", "p95 ms", "p99 ms", "load")
    print(table(heads, rows), flush=True)
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


def _query_counts() -> dict[str, list[int]]:
    """Print and return how many queries each page takes, with few rows first."""
    counts: dict[str, list[int]] = defaultdict(list)
    costs: dict[str, float] = {}
    heads = []
    for size, (communities, people, meetings) in SIZES.items():
        with installation(settings="bench.settings") as place:
            scene = seed(place, communities=communities, people=people, meetings=meetings)
            heads.append(f"{scene.rows:,} rows (aim {size:,})")
            for name, (count, cost) in _queries(place, scene).items():
                counts[name].append(count)
                costs[name] = cost
    rows = [(name, *row, f"{costs[name]:.1f}") for name, row in counts.items()]
    print(table(("queries", *heads, "CPU-ms of the most rows"), rows), flush=True)
    return counts


def _queries(place: Installation, scene: Scene) -> dict[str, tuple[int, float]]:
    """Count the queries of each page by Django's own client, inside the installation, and its CPU-ms."""
    done = place.python("-m", "bench.queries", given=json.dumps(lists_of(scene)))
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return dict(json.loads(done.stdout))
