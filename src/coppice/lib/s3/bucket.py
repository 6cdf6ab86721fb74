"""One bucket: putting, getting, deleting and listing objects, over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import IO, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import urllib3

from coppice.lib.s3.signing import NOTHING, Keys, Request, signed

BLOCK = 1024 * 1024
TIMEOUT = urllib3.Timeout(connect=5, read=60)
RETRIES = urllib3.Retry(
    total=3, backoff_factor=0.3, status_forcelist=(500, 502, 503, 504), allowed_methods=None, redirect=0
)
"""Putting the same bytes under the same name twice, or deleting twice, is as good as once."""


class BucketTrouble(OSError):
    """The bucket did not do what was asked; says with which status and, in its words, why."""


@dataclass(frozen=True)
class Object:
    """What the bucket knows of one object; `size` is in bytes."""

    size: int
    changed_at: datetime


class Bucket:
    """Objects by their names in one bucket of a server, addressed as `endpoint/bucket/name`."""

    def __init__(self, *, endpoint: str, name: str, keys: Keys) -> None:
        parts = urlsplit(endpoint)
        self.origin, self.host = f"{parts.scheme}://{parts.netloc}", parts.netloc
        self.path, self.keys = f"{parts.path.rstrip('/')}/{name}", keys
        self.pool = urllib3.PoolManager(retries=RETRIES, timeout=TIMEOUT, maxsize=16)

    def put(self, name: str, content: IO[bytes]) -> None:
        """Keep a whole file under a name; the server compares it with its digest. Raises BucketTrouble."""
        digest, size = sha256(), 0
        content.seek(0)
        while block := content.read(BLOCK):
            digest.update(block)
            size += len(block)
        content.seek(0)
        headers = {"content-length": str(size), "content-type": "application/octet-stream"}
        body: Any = content if size else b""
        self._ask("PUT", name, headers=headers, body=body, payload=digest.hexdigest())

    def get(self, name: str, *, start: int = 0) -> urllib3.BaseHTTPResponse:
        """Return a file from a byte on, to be read and closed.

        Raises FileNotFoundError, BucketTrouble.
        """
        headers = {"range": f"bytes={start}-"} if start else {}
        answer = self._ask("GET", name, headers=headers, preload_content=False)
        if start and answer.status != 206:  # a server that gives the whole would give other bytes
            answer.close()
            raise BucketTrouble(f"GET {name}: {answer.status} from byte {start} on")
        return answer

    def look(self, name: str) -> Object:
        """Return what is known of a file. Raises FileNotFoundError, BucketTrouble."""
        headers = self._ask("HEAD", name).headers
        return Object(int(headers["content-length"]), parsedate_to_datetime(headers["last-modified"]))

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is deleted already. Raises BucketTrouble."""
        self._ask("DELETE", name)

    def names(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin so, a thousand to a request. Raises BucketTrouble."""
        query = {"list-type": "2", "prefix": prefix}
        while True:
            answer = self._ask("GET", "", query=query)
            page = ElementTree.fromstring(answer.data)  # noqa: S314 -- of the bucket that we chose
            space = page.tag.partition("}")[0] + "}" if page.tag.startswith("{") else ""
            yield from (each.text or "" for each in page.iterfind(f"{space}Contents/{space}Key"))
            more = page.findtext(f"{space}NextContinuationToken")
            if not more:
                return
            query = {**query, "continuation-token": more}

    def _ask(
        self,
        method: str,
        name: str,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,
        payload: str = NOTHING,
        preload_content: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        path = f"{self.path}/{name}" if name else self.path
        request = Request(method, self.host, path, query or {}, headers or {}, payload)
        address = f"{self.origin}{request.quoted_path}"
        if request.quoted_query:
            address += f"?{request.quoted_query}"
        said = signed(request, self.keys, at=datetime.now(UTC))
        try:
            answer = self.pool.request(
                method, address, body=body, headers=said, preload_content=preload_content
            )
        except urllib3.exceptions.HTTPError as trouble:
            raise BucketTrouble(f"{method} {name}: {trouble}") from trouble
        if answer.status == 404 and name:
            answer.close()
            raise FileNotFoundError(name)
        if answer.status >= 300:
            why = answer.data[:500].decode("utf-8", "replace")
            raise BucketTrouble(f"{method} {name}: {answer.status} {why}")
        return answer
