"""Addresses of profiles."""

from django.urls import path

from coppice.profiles.views import assessments

app_name = "profiles"
urlpatterns = [
    path("programs/<int:program_id>/needs/", assessments.needs, name="needs"),
    path("needs-assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
    path("needs-assessments/<int:assessment_id>/gaps.csv", assessments.gaps_file, name="gaps_file"),
]
