"""Counts the queries of pages, inside an installation: reads pages and sessions as JSON, prints counts."""

import json
import sys


def count(address: str, session: str) -> int:
    """Return how many queries one page takes; the second visit counts, as the first may fill caches."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    if "--show" in sys.argv:
        print("\n".join(query["sql"] for query in queries), file=sys.stderr)
    return len(queries)


if __name__ == "__main__":
    import django

    django.setup()
    pages = json.load(sys.stdin)
    print(json.dumps({name: count(address, session) for name, (address, session) in pages.items()}))
