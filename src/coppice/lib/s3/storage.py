"""Django's storage in a bucket; nobody gets an address there, views give files out behind their door."""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import urllib3
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from coppice.lib.s3.bucket import Bucket
from coppice.lib.s3.signing import Keys

BUFFER = 256 * 1024


class ObjectReader(io.RawIOBase):
    """One object, read from wherever one seeks to; bytes come as they are read."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        self.bucket, self.object_name = bucket, name
        self.answer: urllib3.BaseHTTPResponse = bucket.get(name)
        self.size = int(self.answer.headers["content-length"])
        self.place = self.read_to = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        self.place = max(0, begin + offset)
        return self.place

    def readinto(self, buffer: Any) -> int:
        if self.place >= self.size:
            return 0
        if self.place != self.read_to:
            self.answer.close()
            self.answer = self.bucket.get(self.object_name, start=self.place)
            self.read_to = self.place
        piece = self.answer.read(min(len(buffer), self.size - self.place))
        if not piece:
            raise OSError(f"{self.object_name} ends at {self.place} of {self.size} bytes")
        buffer[: len(piece)] = piece
        self.place = self.read_to = self.place + len(piece)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self.answer.close()
            self.answer.release_conn()
        super().close()


@deconstructible
class S3Storage(Storage):
    """Files in one bucket of a server that speaks S3, under `prefix`.

    `endpoint` is the server's address, such as "https://s3.eu-central-1.amazonaws.com". Files are opened for
    reading alone, and written whole.
    """

    def __init__(
        self, *, endpoint: str, bucket: str, region: str, key: str, secret: str, prefix: str = ""
    ) -> None:
        self.bucket = Bucket(endpoint=endpoint, name=bucket, keys=Keys(key, secret, region))
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("Files in a bucket are read as bytes; what is new is saved whole.")
        return File(io.BufferedReader(ObjectReader(self.bucket, self._key(name)), BUFFER), name)

    def _save(self, name: str, content: Any) -> str:
        self.bucket.put(self._key(name), content)
        return name

    def delete(self, name: str) -> None:
        self.bucket.delete(self._key(name))

    def exists(self, name: str) -> bool:
        try:
            self.bucket.look(self._key(name))
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return self.bucket.look(self._key(name)).size

    def get_modified_time(self, name: str) -> datetime:
        return self.bucket.look(self._key(name)).changed_at

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the names of folders and of files in a folder; none where there is no such folder."""
        begin = len(path.rstrip("/")) + 1
        inside = [name[begin:] for name in self.names_in(path.rstrip("/"))]
        folders = {name.partition("/")[0] for name in inside if "/" in name}
        return sorted(folders), [name for name in inside if "/" not in name]

    def names_in(self, folder: str) -> Iterator[str]:
        """Yield the names of all files in a folder and its folders."""
        begin = len(self.prefix)
        return (key[begin:] for key in self.bucket.names(self._key(f"{folder}/")))

    def _key(self, name: str) -> str:
        return self.prefix + name.replace("\\", "/")
