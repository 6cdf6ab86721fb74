"""The library of a community: files, links and pages, in few folders and under many topics."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "coppice.library"
