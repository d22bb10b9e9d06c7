"""Addresses of the inbox."""

from django.urls import path

from notices import views

urlpatterns = [
    path("", views.show_inbox, name="notices"),
    path("read/", views.mark_read, name="notices_read"),
]
