"""Profiles: what people need and know, beginning with what a poll of everybody says."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "coppice.profiles"
