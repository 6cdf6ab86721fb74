"""Addresses of practices."""

from django.urls import path

from coppice.library.views import practice_links, practice_steps, practice_writing, practices

IN_A_COMMUNITY = "communities/<int:community_id>/practices"
ONE = "practices/<int:practice_id>"

practice_paths = [
    path(f"{IN_A_COMMUNITY}/", practices.practices, name="practices"),
    path(f"{IN_A_COMMUNITY}.csv", practices.practices_file, name="practices_file"),
    path(f"{IN_A_COMMUNITY}/new/", practice_writing.practice_new, name="practice_new"),
    path(f"{ONE}/", practices.practice, name="practice"),
    path(f"{ONE}.<slug:ending>", practices.practice_to_keep, name="practice_to_keep"),
    path(f"{ONE}/versions/<int:number>/", practices.practice_version, name="practice_version"),
    path(f"{ONE}/edit/", practice_writing.practice_edit, name="practice_edit"),
    path(f"{ONE}/review/", practice_writing.practice_review, name="practice_review"),
    path(f"{ONE}/review-request/", practice_steps.practice_asking, name="practice_asking"),
    path(f"{ONE}/publication/", practice_steps.practice_publication, name="practice_publication"),
    path(f"{ONE}/trial/", practice_steps.practice_trial, name="practice_trial"),
    path(f"{ONE}/trial/removal/", practice_steps.practice_trial_removal, name="practice_trial_removal"),
    path(f"{ONE}/doubt/", practice_steps.practice_doubt, name="practice_doubt"),
    path(f"{ONE}/confirmation/", practice_steps.practice_confirmation, name="practice_confirmation"),
    path(f"{ONE}/removal/", practice_steps.practice_aside, name="practice_aside"),
    path(f"{ONE}/return/", practice_steps.practice_return, name="practice_return"),
    path("own-practices/<str:token>/", practice_links.own_practice, name="own_practice"),
]
