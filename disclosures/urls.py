"""Addresses of disclosures for people without a role."""

from django.urls import path

from disclosures import views

urlpatterns = [path("my/disclosures/", views.show_my_disclosures, name="my_disclosures")]
