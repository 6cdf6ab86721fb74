"""Addresses of decisions."""

from django.urls import path

from coppice.conversations.views import deciding, decision_links, decisions, remarks

WORDS = "decisions/<int:decision_id>/words/<slug:words_key>/"

urlpatterns = [
    path("communities/<int:community_id>/talk/decisions/", decisions.record, name="decisions"),
    path("threads/<int:thread_id>/decisions/new/", decisions.new, name="decision_new"),
    path("decisions/<int:decision_id>/", decisions.decision, name="decision"),
    path("decisions/<int:decision_id>/answers.csv", decisions.answers_file, name="decision_file"),
    path("decisions/<int:decision_id>/answer/", deciding.answer, name="decision_answer"),
    path(
        "decisions/<int:decision_id>/answers/<int:membership_id>/",
        deciding.answer_for_somebody,
        name="decision_for_somebody",
    ),
    path("decisions/<int:decision_id>/change/", decisions.edit, name="decision_edit"),
    path("decisions/<int:decision_id>/outcome/", decisions.outcome, name="decision_outcome"),
    path(f"{WORDS}flag/", remarks.flagging, name="words_flag"),
    path(f"{WORDS}hiding/", remarks.hiding, name="words_hiding"),
    path(f"{WORDS}decision/", remarks.deciding, name="words_deciding"),
    path("own-decisions/<str:token>/", decision_links.own_decision, name="own_decision"),
    path("own-decisions/<str:token>/answer/", decision_links.own_answer, name="own_answer"),
    path("own-decisions/<str:token>/resolution/", decision_links.own_resolution, name="own_resolution"),
    path("decision-objections/<int:ballot_id>/", deciding.objection, name="decision_objection"),
    path("decision-objections/<int:ballot_id>/resolution/", deciding.resolution, name="decision_resolution"),
]
