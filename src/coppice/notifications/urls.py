"""Addresses of notifications."""

from django.urls import path

from coppice.notifications import push_views, text_views, views

app_name = "notifications"
urlpatterns = [
    path("mail/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("mail/subscription/<str:token>/", views.subscription, name="subscription"),
    path("mail/in/<str:provider>/<str:secret>/", views.webhook, name="webhook"),
    path("mail/reports/<str:provider>/<str:secret>/", views.report_webhook, name="report_webhook"),
    path("mail/received/<int:mail_id>/", views.received, name="received"),
    path("mail/received/<int:mail_id>/file/", views.received_file, name="received_file"),
    path("me/mail/", views.preferences, name="preferences"),
    path("me/mail/<str:list_key>/", views.preference, name="preference"),
    path("me/push/", push_views.browsers, name="browsers"),
    path("me/push/<int:browser_id>/removal/", push_views.browser_removal, name="browser_removal"),
    path("me/texts/", text_views.texts, name="texts"),
    path("me/texts/confirmation/", text_views.text_confirmation, name="text_confirmation"),
    path("me/texts/removal/", text_views.text_removal, name="text_removal"),
    path("texts/in/<str:secret>/", text_views.text_webhook, name="text_webhook"),
    path("outbox/texts/", text_views.outbox_texts, name="outbox_texts"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:message_id>/", views.outbox_message, name="outbox_message"),
    path("outbox/<int:message_id>/html/", views.outbox_html, name="outbox_html"),
]
