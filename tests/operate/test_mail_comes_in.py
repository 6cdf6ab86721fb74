"""Mail comes in at the server's port: kept through a kill, done once, and through a real Postfix."""

import email
import email.policy
import json
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.installation import HOST, ROOT, Installation, installation
from tests.redis_server import until

DOMAIN = "lists.test"  # what the lab's Postfix brings to the port INBOUND
POSTFIX, INBOUND, READERS = 2525, 2526, 2527
LAB = ROOT.parent / "shared" / "tools" / "mail_lab" / "mta_lab.sh"

PLAN_A_MEETING = """
import django; django.setup()
import json
from django.db import transaction
from coppice.communities.tests.factories import add_member, enroll, make_community
from coppice.meetings import notices
from coppice.meetings.tests.factories import make_meeting
from coppice.notifications.inbound import addresses
meeting = make_meeting(make_community())
add_member(meeting.community, "Rosa", role="leader")
def member(address):
    row = enroll(meeting.community.program, address.partition("@")[0], email=address)
    return add_member(meeting.community, enrollment=row)
with transaction.atomic():
    messages = [notices.planned(meeting, to=member(each)) for each in ("ana@full.test", "ben@gone.test")]
print(json.dumps([addresses.address(addresses.Use.REPLY, each) for each in messages]))
"""

WHAT_CAME_OF_IT = """
import django; django.setup()
import json, re
from coppice.meetings.models import MeetingReply
from coppice.notifications.inbound_models import AddressStanding, ReceivedMail
from coppice.notifications.models import Message
passed_on = Message.objects.filter(occasion__startswith="meeting-answered_with_words").order_by("pk")
print(json.dumps({
    "replies": list(MeetingReply.objects.values_list("answer", flat=True)),
    "waiting": ReceivedMail.objects.filter(state="received").count(),
    "outcomes": list(ReceivedMail.objects.order_by("pk").values_list("outcome", flat=True)),
    "passed_on": [re.findall("mail number [0-9]", message.text) for message in passed_on],
    "standings": list(AddressStanding.objects.values_list("address", "hard")),
}))
"""


def told(place: Installation, script: str) -> object:
    done = place.python("-c", script)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def reply(to: str, words: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ana@full.test", to, "Re: Can you come?"
    mail["Message-ID"] = f"<{words.replace(' ', '-')}@full.test>"
    mail.set_content(f"Yes, {words}\n")
    return mail


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_server_that_is_killed_loses_and_doubles_no_mail(tables: Path) -> None:
    with installation(tables=tables) as place:
        port = free_port()
        place.environment |= {"COPPICE_MAIL_INBOUND_DOMAIN": DOMAIN, "COPPICE_INBOUND_PORT": str(port)}
        place.start()
        to, _ben = told(place, PLAN_A_MEETING)
        for number in range(2):
            mail = reply(to, f"mail number {number}")
            with smtplib.SMTP(HOST, port, timeout=30) as carrier:
                carrier.send_message(mail)
                place.kill()  # it has said 250, and had no time for more
            place.start()
            with smtplib.SMTP(HOST, port, timeout=30) as carrier:
                carrier.send_message(mail)  # a carrier that did not hear the 250 brings it again
        until(lambda: told(place, WHAT_CAME_OF_IT)["waiting"] == 0)

        assert told(place, WHAT_CAME_OF_IT) == {
            "replies": ["coming"],
            "waiting": 0,
            "outcomes": ["taken"] * 2,
            "passed_on": [["mail number 0"], ["mail number 1"]],
            "standings": [],
        }


class Readers:
    """The mail server of our readers: it takes what is for full.test, and knows nobody at gone.test."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.endswith("@gone.test"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.fixture
def readers() -> Iterator[Readers]:
    """A real Postfix between us and the mail server of our readers; what it has in the lab is its own."""
    for is_missing, why in (
        (not LAB.exists(), f"the mail lab is not at {LAB}"),
        (not shutil.which("postfix"), "no Postfix is installed"),
        (os.geteuid() != 0, "Postfix starts only for root"),
        (any(map(is_taken, (POSTFIX, INBOUND, READERS))), "the lab's ports are taken"),
    ):
        if is_missing:
            pytest.skip(why)
    readers = Readers()
    controller = Controller(readers, hostname=HOST, port=READERS)
    controller.start()
    # Not in a folder of pytest's: Postfix is another user of the system.
    with tempfile.TemporaryDirectory(prefix="mail-lab-") as folder:
        Path(folder).chmod(0o755)
        lab = f"{folder}/lab"
        environment = {**os.environ, "MAIL_LAB": lab, "MAIL_CONFIG": lab}
        command = ["bash", str(LAB)]
        try:
            done = subprocess.run(
                [*command, "start"], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                pytest.skip(f"Postfix does not start here: {done.stderr[-300:]}")
            yield readers
        finally:
            subprocess.run([*command, "stop"], env=environment, capture_output=True, check=False)
            controller.stop()


def is_taken(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex((HOST, port)) == 0


def test_a_round_trip_through_a_real_mail_server(readers: Readers, tables: Path) -> None:
    with installation(tables=tables) as place:
        place.environment |= {
            "COPPICE_MAIL_INBOUND_DOMAIN": DOMAIN,
            "COPPICE_INBOUND_PORT": str(INBOUND),
            "COPPICE_MAIL_FROM": f"Coppice <coppice@{DOMAIN}>",
            "COPPICE_SMTP_HOST": HOST,
            "COPPICE_SMTP_PORT": str(POSTFIX),
        }
        place.start()
        told(place, PLAN_A_MEETING)
        until(lambda: readers.mails)
        [invitation] = readers.mails
        answer = reply(str(invitation["Reply-To"].addresses[0].addr_spec), "I come")
        with smtplib.SMTP(HOST, POSTFIX, timeout=30) as carrier:
            carrier.send_message(answer)
        until(lambda: "ben@gone.test" in str(told(place, WHAT_CAME_OF_IT)))
        until(lambda: told(place, WHAT_CAME_OF_IT)["replies"])

        said = told(place, WHAT_CAME_OF_IT)
        assert invitation["To"] == "ana@full.test"
        assert said["replies"] == ["coming"]
        assert ["ben@gone.test", 1] in said["standings"]
