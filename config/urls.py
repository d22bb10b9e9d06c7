"""Every address of the site. Each app owns its own; this file gives them their place."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import views

# Staff sign in where everybody does, with the same second factor; the admin has no door of its own.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's documented way

# So with the password: there a fresh sign-in is asked for, and the change is recorded and told to the account's owner.
password_page = RedirectView.as_view(pattern_name="account_change_password")
admin.site.password_change = admin.site.password_change_done = password_page  # type: ignore[method-assign,assignment]  # as above

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("accounts.entrance")),
    path("admin/", admin.site.urls),
    path("notices/", include("notices.urls")),
    path("", include("accounts.urls")),
    path("", include("agreements.urls")),
    path("", include("disclosures.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

if settings.LOCAL:
    urlpatterns.append(path("mailbox/", views.show_mailbox, name="mailbox"))
