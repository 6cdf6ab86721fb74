"""Where a server on this machine is found."""

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on


def address(host: str, port: int) -> str:
    """Return the address of a server that listens here: by name, for no passkey is kept for a number."""
    if host in LOOPBACK | EVERYWHERE:
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
