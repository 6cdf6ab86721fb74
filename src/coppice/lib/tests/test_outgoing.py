"""Nothing is ever posted into our own network, whatever a name leads to."""

import datetime
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from coppice.lib import outgoing
from coppice.lib.outgoing import NotOutside, PinnedConnection, public_address


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["224.0.0.1"],
        ["0.0.0.0"],
        ["::1"],
        ["fe80::1%eth0"],
        ["fd00::1"],
        ["::ffff:10.0.0.7"],
        ["2002:0a00:0007::1"],
        ["64:ff9b::10.0.0.7"],
        ["8.8.8.8", "10.0.0.7"],
    ],
)
def test_a_name_that_leads_inside_gets_nothing(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    leads_to(monkeypatch, *addresses)

    with pytest.raises(NotOutside):
        outgoing.post("https://push.example/a", b"", {})


def test_a_public_name_is_connected_to_by_an_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leads_to(monkeypatch, "2001:4860:4860::8888", "8.8.8.8", "64:ff9b::8.8.8.8")
    assert public_address("push.example") == "8.8.8.8"

    asked = []

    def refuse(place: tuple[str, int], *_: object, **__: object) -> socket.socket:
        asked.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(ConnectionRefusedError):
        outgoing.post("https://push.example/a?b=c", b"", {})
    assert asked == [("8.8.8.8", 443)]


def test_who_answers_a_letter_at_a_time_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "SECONDS_IN_ALL", 0.3)
    ended = threading.Event()

    def dribble(listening: socket.socket) -> None:
        connection, _place = listening.accept()
        with connection:
            for letter in b"HTTP/1.1 201 Created\r\nX: " + b"a" * 1000:
                if ended.wait(0.05):
                    return
                try:
                    connection.send(bytes([letter]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=dribble, args=[listening], daemon=True)
        thread.start()
        begun = time.monotonic()
        with pytest.raises((OSError, http.client.HTTPException)):
            outgoing.post(told, b"", {}, exempt=told)
        ended.set()
        thread.join()

    assert time.monotonic() - begun < 20


def test_the_certificate_must_be_of_the_name_not_of_the_address(tmp_path: Path) -> None:
    file = certificate(tmp_path, "push.example")
    trusted = ssl.create_default_context(cafile=str(file))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=answer, args=(listener, serving, 2), daemon=True)
        thread.start()
        right = PinnedConnection("push.example", "127.0.0.1", port, trusted)
        right.request("POST", "/a", b"x")
        assert right.getresponse().status == 201
        right.close()

        wrong = PinnedConnection("other.example", "127.0.0.1", port, trusted)
        with pytest.raises(ssl.SSLCertVerificationError):
            wrong.request("POST", "/a", b"x")
        wrong.close()
        thread.join()


def answer(listener: socket.socket, context: ssl.SSLContext, times: int) -> None:
    for _ in range(times):
        plain, _whose = listener.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as secured:
                said = b""
                while not said.endswith(b"\r\n\r\nx") and (more := secured.recv(10_000)):
                    said += more
                secured.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        except OSError:
            plain.close()


def certificate(folder: Path, host: str) -> Path:
    """Make a certificate that trusts itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file
