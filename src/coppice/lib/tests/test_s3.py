"""Files in a bucket: signatures as Amazon's examples have them, and a storage on a server that speaks S3.

With COPPICE_TEST_S3 ("http://KEY:SECRET@host:port/bucket") the same is asked of that server as well.
"""

import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import unquote, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse

from coppice.lib.files import delete_strays, files_in
from coppice.lib.s3.bucket import BucketTrouble
from coppice.lib.s3.signing import Keys, Request, signed
from coppice.lib.s3.storage import S3Storage
from coppice.lib.tests.s3_server import serving

REAL = os.environ.get("COPPICE_TEST_S3", "")
KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
HOST = "examplebucket.s3.amazonaws.com"
AT = datetime(2013, 5, 24, tzinfo=UTC)
PUT = {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}
WELCOME = sha256(b"Welcome to Amazon S3.").hexdigest()


def storage_on(address: str) -> S3Storage:
    parts = urlsplit(address)
    return S3Storage(
        endpoint=f"{parts.scheme}://{parts.hostname}:{parts.port}",
        bucket=parts.path.strip("/"),
        region="us-east-1",
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
        prefix="coppice",
    )


@pytest.fixture(params=["ours", pytest.param("real", marks=pytest.mark.skipif(
    not REAL, reason="COPPICE_TEST_S3 names no server that speaks S3"
))])  # fmt: skip
def shelf(request, monkeypatch):
    """A storage in an empty bucket, which is the default one as well."""
    with serving() as server:
        address = (
            REAL if request.param == "real" else f"http://key:secret@127.0.0.1:{server.server_port}/shelf"
        )
        shelf = storage_on(address)
        for name in list(shelf.names_in("library")):
            shelf.delete(name)
        shelf.test_server = server
        monkeypatch.setattr(default_storage, "_wrapped", shelf)
        yield shelf


@pytest.mark.parametrize(
    ("request_", "signature"),
    [
        (
            Request("GET", HOST, "/test.txt", headers={"Range": "bytes=0-9"}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            Request("PUT", HOST, "/test$file.text", headers=PUT, payload=WELCOME),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            Request("GET", HOST, "/", query={"lifecycle": ""}),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            Request("GET", HOST, "/", query={"prefix": "J", "max-keys": "2"}),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ],
    ids=["get", "put", "configuration", "list"],
)
def test_signatures_are_those_of_amazons_examples(request_, signature):
    assert signed(request_, KEYS, at=AT)["authorization"].endswith(f"Signature={signature}")


def test_a_file_comes_back_as_it_was_saved(shelf):
    content = bytes(range(256)) * 3000
    name = shelf.save("library/ab/größe 1+1.bin", ContentFile(content))
    empty = shelf.save("library/ab/empty", ContentFile(b""))

    with shelf.open(name) as file, shelf.open(empty) as nothing:
        assert (file.read(), nothing.read()) == (content, b"")
    assert (shelf.size(name), shelf.exists(name), shelf.exists("library/none")) == (len(content), True, False)
    assert shelf.get_modified_time(name) < datetime.now(UTC) + timedelta(minutes=1)
    with pytest.raises(FileNotFoundError):
        shelf.open("library/none")
    with pytest.raises(ValueError, match="saved whole"):
        shelf.open(name, "wb")


def test_a_server_that_knows_no_ranges_gives_no_wrong_bytes(shelf):
    name = shelf.save("library/ab/digits", ContentFile(b"0123456789"))
    shelf.test_server.knows_ranges = False

    with shelf.open(name) as file:
        file.seek(5)
        with pytest.raises(BucketTrouble):
            file.read()


def test_a_file_is_read_from_anywhere_and_streamed_with_its_length(shelf):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "words")
        archive.writestr("long", os.urandom(600_000))
    name = shelf.save("library/ab/packed", ContentFile(packed.getvalue()))

    with shelf.open(name) as file, zipfile.ZipFile(file) as archive:
        read = (archive.namelist(), archive.read("mimetype"), len(archive.read("long")))
    whole = shelf.open(name)
    answer = FileResponse(whole, as_attachment=True, filename="a.zip")

    assert read == (["mimetype", "long"], b"words", 600_000)
    assert answer["Content-Length"] == str(len(packed.getvalue()))
    assert b"".join(answer) == packed.getvalue()
    whole.close()


def test_everything_in_a_folder_is_listed_and_strays_go(shelf):
    names = [shelf.save(f"library/{number:02}/x", ContentFile(b"x")) for number in range(5)]
    shelf.save("library-pieces/1", ContentFile(b"x"))

    listed = files_in("library")
    gone = delete_strays(listed, named=names[:2], before=datetime.now(UTC) + timedelta(days=1))
    shelf.delete("library/none")
    shelf.delete("library-pieces/1")

    assert (sorted(listed), gone) == (names, 3)
    assert (shelf.listdir("library"), shelf.listdir("library/00/")) == ((["00", "01"], []), ([], ["x"]))
    assert sorted(files_in("library")) == names[:2]


def test_what_the_bucket_refuses_is_said(shelf):
    if shelf.test_server.server_port != urlsplit(shelf.bucket.origin).port:
        shelf = storage_on(REAL.replace("/coppice", "/no-such-bucket"))
    else:
        shelf.test_server.trouble = 403

    with pytest.raises(BucketTrouble, match=r"AccessDenied|NoSuchBucket|InvalidAccessKeyId"):
        list(shelf.names_in("library"))


def test_a_server_that_is_away_is_trouble():
    with serving() as server:
        gone = storage_on(f"http://key:secret@127.0.0.1:{server.server_port}/shelf")
    gone.bucket.pool.connection_pool_kw["retries"] = 0

    with pytest.raises(BucketTrouble):
        gone.size("library/x")
