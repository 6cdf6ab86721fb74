"""Addresses of templates, in a community's library and at a provider."""

from django.urls import path

from coppice.library.views import provider_templates, templates

IN_A_LIBRARY = "communities/<int:community_id>/library/templates/"
AT_A_PROVIDER = "providers/<int:provider_id>/templates/"

template_paths = [
    path(IN_A_LIBRARY, templates.templates, name="templates"),
    path(f"{IN_A_LIBRARY}<slug:template_key>/", templates.template, name="template"),
    path(
        f"{IN_A_LIBRARY}<slug:template_key>/<slug:language>.<slug:ending>",
        templates.file,
        name="template_file",
    ),
    path(f"{IN_A_LIBRARY}<slug:template_key>/<slug:language>/copy/", templates.copy, name="template_copy"),
    path("templates/<int:place_id>/", templates.found, name="template_found"),
    path(AT_A_PROVIDER, provider_templates.templates, name="provider_templates"),
    path(f"{AT_A_PROVIDER}<slug:template_key>/", provider_templates.template, name="provider_template"),
    path(
        f"{AT_A_PROVIDER}<slug:template_key>/<slug:language>.<slug:ending>",
        provider_templates.file,
        name="provider_template_file",
    ),
    path(
        f"{AT_A_PROVIDER}<slug:template_key>/<slug:language>/edit/",
        provider_templates.edit,
        name="provider_template_edit",
    ),
    path(
        f"{AT_A_PROVIDER}<slug:template_key>/<slug:language>/original/",
        provider_templates.putting_aside,
        name="template_putting_aside",
    ),
    path(
        f"{AT_A_PROVIDER}<slug:template_key>/<slug:language>/own/",
        provider_templates.taking_up,
        name="template_taking_up",
    ),
]
