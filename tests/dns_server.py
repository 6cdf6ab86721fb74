"""A DNS server on the loopback, for tests: it tells the records that it is given, or nothing at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Zone:
    """Records by name and type as a zone file writes them: `zone["a.example", "TXT"] = ['"v=spf1"']`."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.is_silent = False
        self.address = ""
        self.asked: list[tuple[str, str]] = []

    def __setitem__(self, key: tuple[str, str], values: list[str]) -> None:
        self.records[key] = values

    def answer(self, wire: bytes) -> bytes | None:
        """Return what goes back for a question, or None for silence."""
        query = dns.message.from_wire(wire)
        [question] = query.question
        name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if self.is_silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        if values := self.records.get((name, kind)):
            response.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, values))
        elif name not in {each for each, _ in self.records}:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()


@contextmanager
def dns_server() -> Iterator[Zone]:
    """Run the server on a free port; `zone.address` is its "host:port"."""
    zone = Zone()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.1)
        zone.address = f"127.0.0.1:{listener.getsockname()[1]}"
        is_over = threading.Event()

        def serve() -> None:
            while not is_over.is_set():
                try:
                    wire, whose = listener.recvfrom(4096)
                    told = zone.answer(wire)
                except (TimeoutError, dns.exception.DNSException):
                    continue
                if told is not None:
                    listener.sendto(told, whose)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield zone
        finally:
            is_over.set()
            thread.join()
