"""Believable data to look around in; installed only where the demo runs."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "coppice.demo"
