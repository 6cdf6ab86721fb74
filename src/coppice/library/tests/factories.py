"""Real rows for the tests of the library and of what stands around it."""

import io
import zipfile
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.crypto import get_random_string

from coppice.communities.models import Membership
from coppice.library import actions
from coppice.library.actions import Contents
from coppice.library.actions import practices as writing
from coppice.library.actions import uploads as uploading
from coppice.library.models import Folder, Item, Picture, Upload
from coppice.library.practice_models import (
    WORDS,
    Practice,
    PracticeReview,
    PracticeTopic,
    PracticeTrial,
    PracticeVersion,
    PracticeVoice,
)
from coppice.library.template_models import TemplatePlace
from coppice.photos import actions as photos
from coppice.photos.renditions import Pictures

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj"


def a_file(content: bytes = b"Dear friend", name: str = "letter.txt") -> ContentFile:
    """A file as a form brings it."""
    return ContentFile(content, name=name)


def send_file(by: Membership, content: bytes = b"Dear friend", name: str = "letter.txt") -> Upload:
    """A file that is here as a whole, and no part of the library yet."""
    return uploading.take(by, a_file(content, name), key="")


def add_file(by: Membership, content: bytes = b"Dear friend", name: str = "letter.txt", **said: Any) -> Item:
    """A file in the library of somebody's community."""
    contents = Contents(upload=send_file(by, content, name))
    return actions.add(by.community, contents, by=by, **{"title": "Letter", "licence": "own", **said})


def add_page(by: Membership, markdown: str = "Dear **friend**", **said: Any) -> Item:
    """A page in the library of somebody's community."""
    contents = Contents(markdown=markdown)
    return actions.add(by.community, contents, by=by, **{"title": "Letter", "licence": "own", **said})


def add_link(by: Membership, address: str = "https://example.org/", **said: Any) -> Item:
    """A link in the library of somebody's community."""
    contents = Contents(address=address)
    return actions.add(by.community, contents, by=by, **{"title": "Letter", "licence": "own", **said})


def answers(words: str = "", **others: str) -> dict[str, str]:
    """The answers that a practice is made of, all with the same words."""
    said = dict.fromkeys(WORDS, words or "Call on the same evening")
    return {**said, "evidence": "several", **others}


def write_practice(by: Membership, **said: Any) -> Practice:
    """A draft of a practice in somebody's community."""
    given = {"kind": "promising", "words": answers(), "licence": "own", **said}
    return writing.write(by.community, by=by, **given)


def publish_practice(by: Membership, reviewer: Membership, **said: Any) -> Practice:
    """A practice that was read by somebody else and is published; nobody was told yet."""
    practice = writing.ask_review(write_practice(by, **said), by=by)
    writing.review(practice, by=reviewer, is_ready=True)
    return writing.publish(practice, by=by)


def document(**parts: str) -> bytes:
    """A packed file with these parts, by their names with __ for slashes and _ for dots, such as a DOCX."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


def furnish(by: Membership, words: str, pictures: Pictures) -> dict[str, Any]:
    """A folder, a page in two versions, a file with its picture, and a file on its way.

    Returns what their addresses take, by the names of the arguments.
    """
    community = by.community
    folder = Folder.objects.create(community=community, name=f"{words} folder")
    place = TemplatePlace.objects.create(provider=community.program.provider, key="charter", language="en")
    said = {
        "title": f"{words} page",
        "about": f"{words} about",
        "source": f"{words} source",
        "folder": folder,
    }
    page = add_page(by, f"{words} first", topics=[f"{words} topic"], **said)
    actions.renew(page, Contents(markdown=f"{words} second"), by=by, note=f"{words} note")
    file = add_file(by, f"{words} letter".encode(), f"{words}.txt", title=f"{words} file")
    photos.put(Picture, pictures, alt="", held_by=file.current)
    upload = Upload.objects.create(
        key=get_random_string(32), membership=by, name=f"{words}.pdf", size=10, received=3
    )
    practice, asked = _practices(by, words)
    return {
        "place_id": place.pk,
        "practice_id": practice.pk,
        "practice_review": asked.pk,
        "voice": practice.voices.get(),
        "folder_id": folder.pk,
        "item_id": page.pk,
        "number": 1,
        "version_id": file.current_id,
        "upload_key": upload.key,
    }


def _practices(by: Membership, words: str) -> tuple[Practice, Practice]:
    """One that is published, is its writer's own story and was tried, and one that waits for a review."""
    now = timezone.now()
    said = answers(words, title=f"{words} practice", source=f"{words} source")
    given = {"community": by.community, "kind": "lesson", "added_by": by, **said}
    practice = Practice.objects.create(
        state="published", looked_at=now, published_at=now, told_at=now, **given
    )
    PracticeTopic.objects.create(practice=practice, name=f"{words} topic", key=f"{words.lower()} topic")
    PracticeVersion.objects.create(practice=practice, number=1, added_by=by, **said)
    PracticeVoice.objects.create(practice=practice, membership=by, answer="named", answered_at=now)
    PracticeTrial.objects.create(practice=practice, membership=by, words=f"{words} tried")
    asked = Practice.objects.create(state="asked", **given)
    PracticeReview.objects.create(
        practice=asked, membership=by, is_ready=False, good=f"{words} good", missing=f"{words} missing"
    )
    return practice, asked
