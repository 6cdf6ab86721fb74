"""Addresses of programs."""

from django.urls import path

from coppice.programs.views import imports, people, programs, record, staff, trust

app_name = "programs"
urlpatterns = [
    path("programs/new/", programs.create, name="create"),
    path("programs/<int:program_id>/edit/", programs.edit, name="edit"),
    path("programs/<int:program_id>/mail-test/", programs.mail_test, name="mail_test"),
    path("programs/<int:program_id>/mail-test/arrival/", programs.mail_arrival, name="mail_arrival"),
    path("programs/<int:program_id>/people/", people.people, name="people"),
    path("programs/<int:program_id>/people.csv", people.people_file, name="people_file"),
    path("programs/<int:program_id>/people/new/", people.enroll, name="enroll"),
    path("enrollments/<int:enrollment_id>/", people.enrollment, name="enrollment"),
    path("enrollments/<int:enrollment_id>/removal/", people.removal, name="removal"),
    path("enrollments/<int:enrollment_id>/readmission/", people.readmission, name="readmission"),
    path("programs/<int:program_id>/roster-imports/", imports.imports, name="imports"),
    path("roster-imports/<int:roster_import_id>/", imports.columns, name="import"),
    path("roster-imports/<int:roster_import_id>/preview/", imports.preview, name="import_preview"),
    path(
        "roster-imports/<int:roster_import_id>/application/", imports.application, name="import_application"
    ),
    path("roster-imports/<int:roster_import_id>/answers/", imports.answers, name="import_answers"),
    path("roster-imports/<int:roster_import_id>/progress/", imports.progress, name="import_progress"),
    path("programs/<int:program_id>/history/", record.history, name="history"),
    path("programs/<int:program_id>/mail/", record.mail, name="mail"),
    path("programs/<int:program_id>/mail/trust/", trust.mail_trust, name="mail_trust"),
    path("programs/<int:program_id>/mail/trust/lookup/", trust.mail_lookup, name="mail_lookup"),
    path("programs/<int:program_id>/mail/trust/progress/", trust.mail_progress, name="mail_progress"),
    path("programs/<int:program_id>/mail/resending/", record.mail_resending, name="mail_resending"),
    path(
        "programs/<int:program_id>/mail/<int:message_id>/resending/",
        record.message_resending,
        name="message_resending",
    ),
    path(
        "programs/<int:program_id>/mail/addresses/<int:standing_id>/trial/",
        record.address_trial,
        name="address_trial",
    ),
    path("programs/<int:program_id>/funders/", staff.funders, name="funders"),
    path("providers/<int:provider_id>/staff/", staff.staff, name="staff"),
    path("providers/<int:provider_id>/staff/<int:post_id>/end/", staff.end_post, name="end_post"),
]
