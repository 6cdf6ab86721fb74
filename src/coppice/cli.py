"""The command line: `coppice serve`, `coppice backup` and what else runs an installation."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from coppice.lib.addresses import address

Command = Callable[[argparse.Namespace], int]

DONE, REFUSED = 0, 1
MISREAD, NOBODY, LATER = (
    65,
    67,
    75,
)  # EX_DATAERR, EX_NOUSER, EX_TEMPFAIL of sysexits.h: mail servers know them
DATES = {"day-first": True, "month-first": False}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or unwell, 2 misspelt."""
    options = _options(list(sys.argv[1:] if arguments is None else arguments))
    try:
        _configure(options)
    except ImproperlyConfigured as wrong:
        print(wrong, file=sys.stderr)
        return _undone(options)
    from django.db import OperationalError
    from django.utils.translation import gettext as _

    from coppice.lib.errors import DomainError

    try:
        return options.command(options)
    except DomainError as refusal:
        print(refusal.sentence, file=sys.stderr)
    except OperationalError as failure:
        print(_("The database does not do what it should: %s") % failure, file=sys.stderr)
        print(_("`coppice check` tells more."), file=sys.stderr)
    except OSError as failure:
        reasons = {"file": failure.filename, "reason": failure.strerror}
        print(_("%(file)s cannot be used: %(reason)s.") % reasons, file=sys.stderr)
    return _undone(options)


def _undone(options: argparse.Namespace) -> int:
    """A mail waits for an installation that is unwell, and is brought again."""
    return LATER if options.command in (read_reply, take_mail) else REFUSED


def serve(options: argparse.Namespace) -> int:
    """Serve the pages and run the jobs, until it is stopped."""
    from coppice import health, server
    from coppice.ui import fonts

    tables = health.migrations()
    if not tables.is_well:
        print(tables.sentence, file=sys.stderr)
        return REFUSED
    fonts.build()
    if options.dev:
        from django.utils import autoreload

        autoreload.run_with_reloader(server.serve, host=options.host, port=options.port)
    else:
        server.serve(host=options.host, port=options.port)
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Copy the database, the files and the secret key into one file, while the server runs."""
    from django.utils.translation import gettext as _

    from coppice import backups

    manifest = backups.write(options.file)
    counts = {"rows": sum(manifest.rows.values()), "files": manifest.uploads}
    print(_("The backup is whole. Rows: %(rows)d, files: %(files)d.") % counts)
    return DONE


def restore(options: argparse.Namespace) -> int:
    """Bring a backup back into an empty home; the server must not be running."""
    from django.utils.translation import gettext as _

    from coppice import backups, server

    with server.nobody_serving():
        set_aside = backups.restore(options.file, replace=options.replace)
    print(_("Everything in the backup is here again. Now run `coppice migrate` and start the server."))
    if set_aside is not None:
        print(_("What was here before is in %s.") % set_aside)
    return DONE


def check(options: argparse.Namespace) -> int:
    """Look at settings, database, jobs, address, mail and backups, and say what to mend."""
    from coppice import health

    conditions = [health.test_mail(options.mail_to)] if options.mail_to else health.every_condition()
    for condition in conditions:
        print(f"{'ok  ' if condition.is_well else 'MEND'}  {condition.name:<11} {condition.sentence}")
    return DONE if all(condition.is_well for condition in conditions) else REFUSED


def migrate(options: argparse.Namespace) -> int:
    """Make the tables as this version of Coppice wants them."""
    return _manage("migrate", *options.arguments)


def makemigrations(options: argparse.Namespace) -> int:
    """Write the migrations that changed models need (for developers)."""
    return _manage("makemigrations", *options.arguments)


def manage(options: argparse.Namespace) -> int:
    """Run any of Django's own commands, such as `coppice manage shell`."""
    return _manage(*options.arguments)


def demo(options: argparse.Namespace) -> int:
    """Show the product with made-up people: sets up, prints a door for each kind of person, and serves."""
    from django.conf import settings
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from coppice import server
    from coppice.demo import story
    from coppice.demo.doors import doors
    from coppice.ui import fonts

    _manage("migrate", "--verbosity", "0")
    fonts.build()
    story.tell()
    base = settings.BASE_URL
    print(_("Look around as:"))
    for door in doors():
        print(f"  {base}{reverse('demo:sign_in', args=[door.key])}  {door.words}")
    print(
        f"  {base}{reverse('notifications:outbox')}  " + _("everybody's mail, kept here and never sent"),
        flush=True,
    )
    if not options.seed_only:
        server.serve(host=options.host, port=options.port)
    return DONE


def index(options: argparse.Namespace) -> int:
    """Make anew what search looks in, while the server runs; needed only when it finds too little."""
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    from coppice.search import indexing
    from coppice.search.sources import Source

    def tell(source: Source, done: int, whole: int) -> None:
        last = "\n" if done >= whole else ""
        print(f"\r{source.label}: {done:,} / {whole:,}", end=last, flush=True)

    count = indexing.rebuild(tell)
    words = ngettext("%(count)d thing can be found.", "%(count)d things can be found.", count)
    print(words % {"count": count} if count else _("There is nothing to be found yet."))
    return DONE


def seed(options: argparse.Namespace) -> int:
    """Write the demo's made-up people into this installation, to develop with."""
    from coppice.demo import story

    story.tell()
    return DONE


def make_roster(options: argparse.Namespace) -> int:
    """Write a made-up roster as people's own tools export them, the same for the same seed."""
    from coppice.demo import seeding

    options.file.write_bytes(seeding.roster(options.people, seed=options.seed, topics=options.topics))
    return DONE


def play_room(options: argparse.Namespace) -> int:
    """Let made-up people take part in a live room of a demo that is running, so that you can see it live."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    from coppice.demo import crowd

    answers = crowd.play(
        options.at or settings.BASE_URL,
        code=options.code,
        people=options.people,
        seconds=options.seconds,
        seed=options.seed,
        is_meant=options.among_real_people,
    )
    print(_("They have left. Answers that they sent: %d") % answers)
    return DONE


def create_admin(options: argparse.Namespace) -> int:
    """Open a provider with its first administrator, who signs in with this address."""
    from django.utils.translation import gettext as _

    from coppice.accounts.models import Person
    from coppice.programs import actions

    person = Person.objects.with_email(options.email).first() or Person.objects.create_user(
        options.email, name=options.name or options.email
    )
    provider = actions.create_provider(
        options.provider, administrator=person, called=options.name or options.email
    )
    print(
        _("%(person)s administers %(provider)s, and can sign in now.")
        % {"person": person, "provider": provider}
    )
    return DONE


def import_roster(options: argparse.Namespace) -> int:
    """Bring a roster file into a program, with the columns guessed, in one transaction."""
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    from coppice.programs import actions
    from coppice.programs.models import Program

    program = Program.objects.filter(pk=options.program).first()
    if program is None:
        print(_("There is no program with this number."), file=sys.stderr)
        return REFUSED
    content = options.file.read_bytes()
    roster_import = actions.begin_import(program, content=content, filename=options.file.name, by=None)
    counts = actions.finish_import(roster_import, day_first=DATES.get(options.dates), by=None)
    print(_("%(add)d added, %(change)d changed, %(unchanged)d unchanged, %(skip)d skipped.") % counts)
    roster_import.refresh_from_db(fields=["rows_to_answer"])
    if left_out := roster_import.rows_to_answer:
        print(
            ngettext(
                "%(count)d row may be somebody with a new address, and was left out. "
                "Bring the file in on the program's page to say who it is.",
                "%(count)d rows may be people with a new address, and were left out. "
                "Bring the file in on the program's page to say who they are.",
                left_out,
            )
            % {"count": left_out}
        )
    return DONE


def read_reply(options: argparse.Namespace) -> int:
    """Read one whole mail from standard input: what a calendar program answers to an invitation."""
    from coppice.lib.errors import DomainError
    from coppice.meetings import errors
    from coppice.meetings.actions import mailed_replies
    from coppice.meetings.itip_replies import LARGEST, Unread, UnreadError, read_mail

    try:
        outcome = mailed_replies.take(read_mail(sys.stdin.buffer.read(LARGEST + 1)))
    except UnreadError as unread:
        if unread.why is Unread.AUTOMATIC:  # an answer to it could go round for ever
            return DONE
        print(f"{errors.NoAnswer.sentence} ({unread.why})", file=sys.stderr)
        return MISREAD
    except DomainError as refusal:
        print(refusal.sentence, file=sys.stderr)
        return NOBODY
    print(outcome.value)
    return DONE


def inbound(options: argparse.Namespace) -> int:
    """Take mail that mail servers bring to a port of ours, by SMTP or LMTP, until it is stopped."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    from coppice.notifications.inbound import listening

    if not settings.MAIL_INBOUND_DOMAIN:
        print(_("Set COPPICE_MAIL_INBOUND_DOMAIN to the domain whose mail comes in here."), file=sys.stderr)
        return REFUSED
    is_lmtp = options.lmtp or settings.INBOUND_LMTP
    listener = listening.listen(host=options.host, port=options.port, is_lmtp=is_lmtp)
    place = {"domain": settings.MAIL_INBOUND_DOMAIN, "host": options.host, "port": options.port}
    print(_("Mail to %(domain)s is taken at %(host)s:%(port)d.") % place, flush=True)
    listening.wait_for_the_end(listener)
    return DONE


def take_mail(options: argparse.Namespace) -> int:
    """Take one whole mail from standard input, or all that is new in a maildir."""
    from django.utils.translation import gettext as _

    from coppice.notifications.inbound import folders, taking

    if options.maildir is not None:
        taken, refused = folders.take_maildir(options.maildir)
        print(_("Mails taken: %(taken)d, not for us: %(refused)d.") % {"taken": taken, "refused": refused})
        return DONE
    raw = sys.stdin.buffer.read(taking.LARGEST + 1)
    try:
        folders.take_file(raw, mail_from=options.sender, rcpt_to=options.to)
    except (taking.TooLarge, taking.TooTangled) as refusal:
        print(refusal.sentence, file=sys.stderr)
        return MISREAD
    except taking.NotOurs as refusal:
        print(refusal.sentence, file=sys.stderr)
        return NOBODY
    return DONE


def read_again(options: argparse.Namespace) -> int:
    """Try mails anew that came in and could not be read, after an upgrade; the server does it at once."""
    from django.utils.translation import gettext as _

    from coppice.notifications.inbound import handling

    print(_("Mails that are tried again: %(count)d.") % {"count": handling.try_failed_again()})
    return DONE


def _manage(*arguments: str) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["coppice", *arguments])
    return DONE


def _options(words: list[str]) -> argparse.Namespace:
    for command in PASSED_ON:
        if words[:1] == [command.__name__]:  # what follows is for Django to read, options too
            return argparse.Namespace(command=command, arguments=words[1:])
    return _parser().parse_args(words)


PASSED_ON = (migrate, makemigrations, manage)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="coppice", description="Form, run and sustain communities of practice."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, serve, _serve_options)
    _add(commands, backup, _file_option)
    _add(commands, restore, _restore_options)
    _add(commands, check, _check_options)
    _add(commands, demo, _demo_options)
    _add(commands, index)
    _add(commands, seed)
    _add(commands, make_roster, _make_roster_options)
    _add(commands, play_room, _play_room_options)
    _add(commands, create_admin, _create_admin_options)
    _add(commands, import_roster, _import_roster_options)
    _add(commands, read_reply)
    _add(commands, inbound, _inbound_options)
    _add(commands, take_mail, _take_mail_options)
    _add(commands, read_again)
    for command in PASSED_ON:
        _add(commands, command)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    command: Command,
    options: Callable[[argparse.ArgumentParser], None] | None = None,
) -> None:
    summary = (command.__doc__ or "").splitlines()[0]
    name = command.__name__.replace("_", "-")
    parser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=command)
    if options is not None:
        options(parser)


def _serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="port, 0 for any free one (default: %(default)s)"
    )
    parser.add_argument(
        "--dev", action="store_true", help="show errors in full and restart when a file changes"
    )


def _file_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup, a .tar.gz")


def _restore_options(parser: argparse.ArgumentParser) -> None:
    _file_option(parser)
    parser.add_argument(
        "--replace", action="store_true", help="put what is here now aside, instead of refusing a home in use"
    )


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mail-to", metavar="ADDRESS", help="send one test mail there instead")


def _demo_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port (default: %(default)s)")
    parser.add_argument("--seed-only", action="store_true", help="set everything up and stop before serving")


def _make_roster_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--topics",
        type=int,
        choices=range(13),
        default=0,
        help="also ask for wishes among so many topics, needs, expertise, hours and companions",
    )


def _play_room_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "code", nargs="?", default="", help="the room's code (default: that of the demo's front page)"
    )
    parser.add_argument(
        "--at", default="", metavar="ADDRESS", help="where Coppice runs (default: COPPICE_BASE_URL)"
    )
    parser.add_argument("--people", type=int, choices=range(1, 601), metavar="1-600", default=60)
    parser.add_argument("--seconds", type=float, default=120.0, help="for how long (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same answers")
    parser.add_argument(
        "--among-real-people",
        action="store_true",
        help="also where Coppice is no demo; history cannot be undone",
    )


def _create_admin_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email")
    parser.add_argument("--name", default="")
    parser.add_argument("--provider", required=True, help="name of the provider to open")


def _import_roster_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", type=int, help="number of the program, as in its address")
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--dates",
        choices=sorted(DATES),
        help="what comes first in dates that can be read both ways, such as 03/04/2026",
    )


def _inbound_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=2525, help="port (default: %(default)s)")
    parser.add_argument("--lmtp", action="store_true", help="speak LMTP instead of SMTP")


def _take_mail_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--maildir", type=Path, metavar="FOLDER", help="take what is new there instead")
    parser.add_argument(
        "--to", default="", metavar="ADDRESS", help="the envelope's recipient, if you know it"
    )
    parser.add_argument("--sender", default=None, metavar="ADDRESS", help="the envelope's sender, likewise")


def _configure(options: argparse.Namespace) -> None:
    """Set up Django, with the settings that the options imply where the environment leaves them open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coppice.settings")
    os.umask(0o077)  # what we write names people: nobody else on this machine may read it
    if options.command is demo:
        os.environ["COPPICE_DEMO"] = "yes"
        os.environ.setdefault("COPPICE_HOME", "var/demo")
        os.environ.setdefault("COPPICE_BASE_URL", address(options.host, options.port))
    if options.command is serve:
        os.environ.setdefault("COPPICE_BASE_URL", address(options.host, options.port))
        if options.dev:
            os.environ["COPPICE_DEBUG"] = "yes"
    import django

    django.setup()
