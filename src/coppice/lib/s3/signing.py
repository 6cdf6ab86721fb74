"""Signing requests as Amazon's Signature Version 4 asks.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
NOTHING = sha256(b"").hexdigest()


@dataclass(frozen=True)
class Keys:
    """Who asks, and of which region and service."""

    key: str
    secret: str = field(repr=False)
    region: str
    service: str = "s3"


@dataclass(frozen=True)
class Request:
    """What is asked: `path` and `query` as they are, not yet quoted; `payload` is the SHA-256 of the body."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    payload: str = NOTHING

    @property
    def quoted_path(self) -> str:
        return quote(self.path, safe="/-_.~")

    @property
    def quoted_query(self) -> str:
        """Names and values quoted, in the order of the names."""
        return "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
            for name, value in sorted(self.query.items())
        )


def signed(request: Request, keys: Keys, *, at: datetime) -> dict[str, str]:
    """Return the headers of a request, with its signature among them, as of a moment."""
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {
        **{name.lower(): " ".join(value.split()) for name, value in request.headers.items()},
        "host": request.host,
        "x-amz-content-sha256": request.payload,
        "x-amz-date": moment,
    }
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            request.method,
            request.quoted_path,
            request.quoted_query,
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            names,
            request.payload,
        ]
    )
    scope = f"{moment[:8]}/{keys.region}/{keys.service}/aws4_request"
    to_sign = "\n".join([ALGORITHM, moment, scope, sha256(canonical.encode()).hexdigest()])
    secret = f"AWS4{keys.secret}".encode()
    for part in scope.split("/"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    signature = hmac.digest(secret, to_sign.encode(), "sha256").hex()
    credential = f"{keys.key}/{scope}"
    said = f"{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "authorization": said}
