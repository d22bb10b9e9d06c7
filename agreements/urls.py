from django.urls import path

from agreements import views

urlpatterns = [
    path("agreements/", views.list_agreements, name="agreements"),
    path("agreements/<slug:slug>/", views.show_agreement, name="agreement"),
    path("agreements/<slug:slug>/<int:number>/<slug:language>/", views.show_version, name="agreement_version"),
    path("agreements/<slug:slug>/<int:number>/<slug:language>/text.md", views.serve_bytes, name="agreement_bytes"),
    path("my/agreements/", views.show_my_agreements, name="my_agreements"),
]
