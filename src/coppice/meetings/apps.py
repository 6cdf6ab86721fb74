"""Meetings: dates, replies, attendance, the pulse after, calendar files."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "coppice.meetings"
