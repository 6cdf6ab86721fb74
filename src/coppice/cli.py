"""The command line: `coppice serve`, `coppice backup` and what else runs an installation."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

Command = Callable[[argparse.Namespace], int]

DONE, REFUSED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or unwell, 2 misspelt."""
    options = _parser().parse_args(arguments)
    _configure(options)
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
    return REFUSED


def serve(options: argparse.Namespace) -> int:
    """Serve the pages and run the jobs, until it is stopped."""
    from coppice import health, server

    tables = health.migrations()
    if not tables.is_well:
        print(tables.sentence, file=sys.stderr)
        return REFUSED
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
    """Look at the settings, the database, the disk, the jobs and the mail, and say what to mend."""
    from coppice import health

    conditions = health.every_condition()
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


def _manage(*arguments: str) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["coppice", *arguments])
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="coppice", description="Form, run and sustain communities of practice."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add(commands, serve, _serve_options)
    _add(commands, backup, _file_option)
    _add(commands, restore, _restore_options)
    _add(commands, check)
    for command in (migrate, makemigrations, manage):
        _add(commands, command, _pass_on)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    command: Command,
    options: Callable[[argparse.ArgumentParser], None] | None = None,
) -> None:
    summary = (command.__doc__ or "").splitlines()[0]
    name = command.__name__.replace("_", "-")
    passes_on = options is _pass_on
    parser = commands.add_parser(name, help=summary, description=summary, add_help=not passes_on)
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


def _pass_on(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT")


def _configure(options: argparse.Namespace) -> None:
    """Set up Django, with the settings that the options imply where the environment leaves them open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coppice.settings")
    os.umask(0o077)  # what we write names people: nobody else on this machine may read it
    if options.command is serve:
        os.environ.setdefault("COPPICE_BASE_URL", f"http://{options.host}:{options.port}")
        if options.dev:
            os.environ["COPPICE_DEBUG"] = "yes"
    import django

    django.setup()
