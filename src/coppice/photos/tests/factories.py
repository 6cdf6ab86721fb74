"""Photos as phones and computers send them."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SECRET = b"canary of a place"


def picture(size: tuple[int, int] = (64, 48), colour: str = "#357a5a", *, mode: str = "RGB") -> Image.Image:
    """Return a plain picture whose left upper quarter is red."""
    image = Image.new("RGB", size, colour)
    image.paste("#c03020", (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def content(image: Image.Image | None = None, kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture as a file."""
    written = io.BytesIO()
    (image or picture()).save(written, kind, **options)
    return written.getvalue()


def upload(data: bytes | None = None, name: str = "IMG_0042.jpg") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content() if data is None else data, "image/jpeg")
