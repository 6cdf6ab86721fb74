"""A server on this machine is found by a name."""

import pytest

from coppice.lib.addresses import address


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("::1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("coppice.example", "http://coppice.example:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
        ("2001:db8::7", "http://[2001:db8::7]:8000"),
    ],
)
def test_address(host: str, found: str) -> None:
    assert address(host, 8000) == found
