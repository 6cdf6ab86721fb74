"""Asking a virus scanner that speaks clamd's protocol over a real socket."""

import socket
import socketserver
import struct
import threading

import pytest

from coppice.lib.scanning import ScannerUnreachable, scan

VIRUS = b"X5O!P%@AP"


class Clamd(socketserver.StreamRequestHandler):
    """One connection of the daemon: reads INSTREAM's pieces to their end, then says what it found."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        read = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            read += self.rfile.read(length)
            if len(read) > 1000:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(b"stream: Eicar-Test FOUND\0" if VIRUS in read else b"stream: OK\0")


@pytest.fixture
def clamd():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield "tcp://{}:{}".format(*server.server_address)
        server.shutdown()
        thread.join()


def test_a_clean_file_has_nothing_in_it_and_another_is_named(clamd):
    assert scan([b"Dear ", b"", b"friend"], scanner=clamd) == ""
    assert scan([VIRUS[:4], VIRUS[4:]], scanner=clamd) == "Eicar-Test"


def test_a_scanner_by_a_local_socket_is_asked_the_same(tmp_path):
    class Local(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    path = tmp_path / "clamd"
    with Local(str(path), Clamd) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        found = scan([VIRUS], scanner=f"unix:{path}")
        server.shutdown()
        thread.join()

    assert found == "Eicar-Test"


def test_a_scanner_that_takes_no_such_file_tells_nothing(clamd):
    with pytest.raises(ScannerUnreachable):
        scan([b"x" * 2000], scanner=clamd)


def test_a_scanner_that_is_away_tells_nothing():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = "tcp://{}:{}".format(*taken.getsockname())

    with pytest.raises(ScannerUnreachable):
        scan([b"Dear friend"], scanner=nobody)
    with pytest.raises(ScannerUnreachable):
        scan([b"Dear friend"], scanner="tcp://localhost:what")
