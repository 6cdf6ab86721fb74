"""A server on the loopback that answers for one bucket as Amazon's documents say S3 does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

PAGE = 2
LISTED = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{}{}</ListBucketResult>'


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
            return self._say(400, b"<Code>XAmzContentSHA256Mismatch</Code>")
        self.server.objects[self._name()] = body
        return self._say(200)

    def do_GET(self) -> None:
        if self.server.trouble:
            return self._say(self.server.trouble, b"<Code>AccessDenied</Code>")
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            return self._say(200, self._listed(query["prefix"][0], query.get("continuation-token", [""])[0]))
        body = self.server.objects.get(self._name())
        if body is None:
            return self._say(404, b"<Code>NoSuchKey</Code>")
        start = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        if start and self.server.knows_ranges:
            return self._say(206, body[int(start[1]) :])
        return self._say(200, body)

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self.server.objects.pop(self._name(), None)
        self._say(204)

    def log_message(self, *_said: Any) -> None:
        """Keep quiet."""

    def _name(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/shelf/")

    def _listed(self, prefix: str, after: str) -> bytes:
        found = sorted(name for name in self.server.objects if name.startswith(prefix) and name > after)
        keys = "".join(f"<Contents><Key>{escape(name)}</Key></Contents>" for name in found[:PAGE])
        token = f"<NextContinuationToken>{found[PAGE - 1]}</NextContinuationToken>" if found[PAGE:] else ""
        return LISTED.format(keys, token).encode()

    def _say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("last-modified", "Fri, 24 May 2013 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def serving() -> Iterator[ThreadingHTTPServer]:
    """Serve the bucket "shelf", whose `objects` are bytes by name; with a `trouble`, nothing is given out."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.objects, server.trouble, server.knows_ranges = {}, 0, True
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
