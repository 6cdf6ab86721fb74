"""The verbs of programs: create one, staff it, enroll people, bring a roster in."""

from coppice.programs.actions.mail import send_again, send_all_again, try_address_again
from coppice.programs.actions.own_words import say_of_oneself
from coppice.programs.actions.people import change_enrollment, end_enrollment, enroll, readmit
from coppice.programs.actions.programs import (
    change_program,
    confirm_mail,
    create_program,
    create_provider,
    test_mail,
)
from coppice.programs.actions.roster_files import forget_files_with, throw_away_files
from coppice.programs.actions.rosters import (
    apply_import,
    begin_import,
    claim_import,
    compare_import,
    finish_import,
    match_columns,
    read_import,
    say_who,
    start_applying,
)
from coppice.programs.actions.staff import add_staff, remove_staff, seat_funder

__all__ = [
    "add_staff",
    "apply_import",
    "begin_import",
    "change_enrollment",
    "change_program",
    "claim_import",
    "compare_import",
    "confirm_mail",
    "create_program",
    "create_provider",
    "end_enrollment",
    "enroll",
    "finish_import",
    "forget_files_with",
    "match_columns",
    "read_import",
    "readmit",
    "remove_staff",
    "say_of_oneself",
    "say_who",
    "seat_funder",
    "send_again",
    "send_all_again",
    "start_applying",
    "test_mail",
    "throw_away_files",
    "try_address_again",
]
