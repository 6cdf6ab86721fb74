"""Counts the queries of pages, inside an installation: reads pages and sessions as JSON, prints figures."""

import json
import sys
import time

VISITS = 5


def measure(address: str, session: str) -> tuple[int, float]:
    """Return how many queries one page takes, and its CPU-ms at best; the first visit may fill caches."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    count = len(queries)  # the next request empties the log
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    if "--show" in sys.argv:
        print("\n".join(query["sql"] for query in queries), file=sys.stderr)
    costs = []
    for _ in range(VISITS):
        before = time.process_time()
        client.get(address)
        costs.append(time.process_time() - before)
    return count, 1000 * min(costs)


if __name__ == "__main__":
    import django

    django.setup()
    pages = json.load(sys.stdin)
    print(json.dumps({name: measure(address, session) for name, (address, session) in pages.items()}))
