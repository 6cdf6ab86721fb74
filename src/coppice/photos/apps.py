"""Photos that people give: read with care, made anew, kept under random names, shown through a door."""

from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "coppice.photos"
