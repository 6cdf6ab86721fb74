"""Asking, answering, sending, reminding and ending."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coppice.history.models import Entry
from coppice.notifications.actions import mute
from coppice.notifications.models import Message
from coppice.programs.models import Affiliation, Enrollment, Organization
from coppice.surveys import actions, notices, tasks
from coppice.surveys.answers import answers_in
from coppice.surveys.errors import (
    AlreadySent,
    AnswersMissing,
    ClosesTooEarly,
    NobodyToAsk,
    NobodyToRemind,
    WaveOver,
)
from coppice.surveys.models import Answer, Participant, Response, Wave
from coppice.surveys.tests.factories import (
    WHOLE,
    administrator_of,
    answer,
    end,
    enroll,
    make_instrument,
    make_program,
    open_wave,
)

pytestmark = pytest.mark.django_db
Anonymity = Wave.Anonymity


def questions_of(wave):
    return {question.key: question for question in wave.instrument.document.questions}


def kept_by(participant):
    rows = Answer.objects.filter(response__participant=participant).order_by("pk")
    return answers_in(participant.wave.instrument.document, rows)


def pass_days(days):
    """Let that many days pass for every wave and mail there is."""
    ago = timedelta(days=days)
    for wave in Wave.objects.all():
        Wave.objects.filter(pk=wave.pk).update(opened_at=wave.opened_at - ago, closes_at=wave.closes_at - ago)
    for each in Participant.objects.all():
        each.asked_at = each.asked_at and each.asked_at - ago
        each.reminded_at = each.reminded_at and each.reminded_at - ago
        each.save()


def test_everybody_whom_mail_reaches_is_asked_once():
    program = make_program(people=3)
    enroll(program, "On Paper", contact_mode=Enrollment.ContactMode.PAPER)
    gone = enroll(program, "Gone Already")
    Enrollment.objects.filter(pk=gone.pk).update(ended_at=timezone.now())
    left = enroll(program, "Left Mail")
    mute(left.person, list_key=notices.list_key(program))

    wave = open_wave(program)

    assert (wave.participants.count(), wave.without_mail) == (3, 2)
    mails = Message.objects.filter(occasion=f"survey-asked:{wave.pk}")
    assert sorted(mails.values_list("recipient__name", flat=True)) == ["Person 0", "Person 1", "Person 2"]
    assert actions.write_waiting(wave) == 0
    assert Entry.objects.filter(verb="survey.opened").get().detail == {"people": 3}


def test_somebody_who_leaves_the_mail_meanwhile_gets_none():
    program = make_program(people=1)
    wave = actions.open_wave(
        make_instrument(program),
        name="Spring",
        closes_on=timezone.localdate() + timedelta(days=9),
        anonymity="counted",
        by=administrator_of(program),
    )
    mute(program.enrollments.get().person, list_key=notices.list_key(program))

    assert actions.write_waiting(wave) == 1
    assert Message.objects.count() == 0


def test_a_wave_needs_people_and_time():
    program = make_program(people=0)
    instrument = make_instrument(program)
    asked = {"name": "Spring", "anonymity": "counted", "by": administrator_of(program)}
    today = timezone.localdate(timezone=program.zone)

    with pytest.raises(ClosesTooEarly):
        actions.open_wave(instrument, closes_on=today, **asked)
    with pytest.raises(NobodyToAsk):
        actions.open_wave(instrument, closes_on=today + timedelta(days=1), **asked)
    assert Wave.objects.count() == 0


def test_people_can_answer_until_the_end_of_the_last_day_where_the_program_is():
    program = make_program(people=1, time_zone="America/Chicago")
    wave = open_wave(program)

    assert wave.closes_at.astimezone(program.zone).strftime("%H:%M") == "00:00"
    assert wave.last_day == timezone.localdate(timezone=program.zone) + timedelta(days=14)


def test_somebody_in_two_organizations_is_counted_where_most_were_asked():
    program = make_program(people=2)
    small = Organization.objects.create(program=program, name="Ash House")
    both = enroll(program, "Of Both", organization=small)
    Affiliation.objects.create(enrollment=both, organization=program.organizations.get(name="Oak House"))
    loner = enroll(program, "No House")

    wave = open_wave(program)

    assert wave.participants.get(enrollment=both).organization.name == "Oak House"
    assert wave.participants.get(enrollment=loner).organization is None


def test_answers_are_kept_as_one_goes_and_changed():
    wave = open_wave()
    participant = wave.participants.first()
    questions = questions_of(wave)
    everything = {
        "role": "office",
        "reached": ["phone", "web"],
        "years": 2.5,
        "opened": timezone.localdate(),
        "load": 3,
        "skills": {"listen": 5, "write": 1},
        "order": ["books", "peers"],
        "friend": 0,
        "words": "Hello",
    }

    actions.save_answers(participant, questions=questions.values(), answers=everything)
    first = kept_by(participant)
    actions.save_answers(participant, questions=[questions["words"], questions["load"]], answers={"load": 4})

    assert first == everything
    assert kept_by(participant) == {**{k: v for k, v in everything.items() if k != "words"}, "load": 4}
    assert Response.objects.get().is_sent is False


def test_what_must_be_answered_is_asked_for_before_it_counts():
    wave = open_wave()
    participant = wave.participants.first()
    questions = questions_of(wave).values()
    actions.save_answers(participant, questions=questions, answers={**WHOLE, "skills": {"listen": 1}})

    with pytest.raises(AnswersMissing):
        actions.send(participant)
    actions.save_answers(participant, questions=questions, answers=WHOLE)
    actions.send(participant)

    participant.refresh_from_db()
    assert participant.has_answered
    assert Response.objects.values_list("is_sent", "sent_on").get() == (
        True,
        timezone.localdate(timezone=wave.zone),
    )


def test_what_skip_rules_leave_out_goes_when_it_is_sent():
    wave = open_wave()
    participant = wave.participants.first()

    answer(participant, role="people", opened=timezone.localdate(), web_words="nowhere")

    assert kept_by(participant) == {"role": "people", "skills": {"listen": 4, "write": 2}}


def test_answers_that_were_sent_can_be_changed_while_there_is_time():
    wave = open_wave()
    participant = wave.participants.first()
    answer(participant)

    answer(participant, role="office")
    end(wave)

    assert (kept_by(participant)["role"], Response.objects.count()) == ("office", 1)
    with pytest.raises(WaveOver):
        answer(participant)


def test_an_anonymous_answer_leads_to_nobody_and_stays():
    wave = open_wave(anonymity=Anonymity.ANONYMOUS)
    participant = wave.participants.first()

    answer(participant, words="Mine")

    participant.refresh_from_db()
    sent = Response.objects.get()
    assert (participant.has_answered, sent.participant, sent.is_sent) == (True, None, True)
    assert sorted(sent.answers.values_list("question", flat=True)) == ["role", "skills", "skills", "words"]
    with pytest.raises(AlreadySent):
        answer(participant, words="Another")


def test_two_runs_of_an_instrument_never_mix():
    program = make_program(people=2)
    instrument = make_instrument(program)
    spring, autumn = open_wave(program, instrument=instrument), open_wave(program, instrument=instrument)
    who = program.enrollments.order_by("pk").first()

    answer(spring.participants.get(enrollment=who), role="people")
    answer(autumn.participants.get(enrollment=who), role="office")

    roles = Answer.objects.filter(question="role").values_list("response__wave", "item")
    assert sorted(roles) == sorted([(spring.pk, "people"), (autumn.pk, "office")])


def test_nobody_is_reminded_more_than_twice_nor_within_two_days():
    program = make_program(people=2)
    wave = open_wave(program)
    by = administrator_of(program)
    answer(wave.participants.get(enrollment__name="Person 0"))

    with pytest.raises(NobodyToRemind):
        actions.remind(wave, by=by)
    counts = []
    for _time in range(3):
        pass_days(3)
        wave.refresh_from_db()
        try:
            counts.append(actions.remind(wave, by=by))
        except NobodyToRemind:
            counts.append(0)
        while actions.write_waiting(wave):
            pass

    assert counts == [1, 1, 0]
    mails = Message.objects.filter(occasion=f"survey-reminded:{wave.pk}")
    assert sorted(mails.values_list("recipient__name", "period")) == [("Person 1", "1"), ("Person 1", "2")]


def test_a_wave_that_is_over_reminds_nobody_and_ends_once():
    wave = end(open_wave())

    assert not wave.is_open
    with pytest.raises(WaveOver):
        actions.remind(wave, by=None)
    with pytest.raises(WaveOver):
        actions.close(wave, by=None)


def test_the_clock_writes_and_reminds_by_day(monkeypatch):
    program = make_program(people=1)
    wave = open_wave(program)

    def clock(hour):
        moment = timezone.now().replace(hour=hour)
        monkeypatch.setattr(tasks.timezone, "localtime", lambda timezone: moment)
        tasks.send_reminders.call()
        tasks.write_mail.call()
        return Message.objects.filter(occasion=f"survey-reminded:{wave.pk}").count()

    seen = [clock(12)]
    pass_days(8)
    seen += [clock(20), clock(12), clock(12)]
    pass_days(5)
    seen += [clock(9), clock(9)]
    pass_days(5)
    seen += [clock(9)]

    assert seen == [0, 0, 1, 1, 2, 2, 2]
