"""Addresses of profiles."""

from django.urls import URLPattern, path

from coppice.profiles.views import assessments, own, people

app_name = "profiles"
urlpatterns: list[URLPattern] = [
    path("programs/<int:program_id>/needs/", assessments.needs, name="needs"),
    path("needs-assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
    path("needs-assessments/<int:assessment_id>/gaps.csv", assessments.gaps_file, name="gaps_file"),
    path("programs/<int:program_id>/profiles/", people.people, name="people"),
    *own.addresses(),
]
