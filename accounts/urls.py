"""The pages of a person's own account, besides allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("i18n/setlang/", views.switch_language, name="set_language"),
    path("my/data/", views.show_my_data, name="my_data"),
    path("my/data/reveal/", views.reveal_data, name="reveal_data"),
    path("my/data/<slug:field>/edit/", views.edit_data, name="edit_data"),
    path("my/openings/", views.show_openings, name="my_openings"),
    path("my/security/", views.show_security, name="my_security"),
    path("my/cancel/", views.show_cancellation, name="my_cancel"),
    path("my/cancel/request/", views.request_cancellation, name="request_cancellation"),
    path("my/cancel/undo/", views.undo_cancellation, name="undo_cancellation"),
]
