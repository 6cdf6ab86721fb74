"""Surveys: instruments, waves of them, and what people answered."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "coppice.surveys"
