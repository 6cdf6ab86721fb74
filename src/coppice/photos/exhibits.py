"""An object on a gallery's wall, as pages draw it."""

from collections.abc import Sequence
from dataclasses import dataclass

from coppice.photos.models import Photo


@dataclass(frozen=True)
class Exhibit:
    """Whose object it is, what it is and what it tells; `url` is that of its photo, "" without one.

    `path` leads to more about its owner, "" where there is no more.
    """

    name: str
    thing: str
    story: str
    topics: Sequence[str] = ()
    photo: Photo | None = None
    url: str = ""
    path: str = ""

    @property
    def alt(self) -> str:
        """What is read aloud in the photo's place."""
        return self.photo.words_for(self.thing) if self.photo else ""


def with_version(path: str, photo: Photo) -> str:
    """Return the address of a photo, another one once the photo is another one."""
    return f"{path}?{photo.version}"
