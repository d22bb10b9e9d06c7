"""Accounts as staff see them: read-only, without a protected value. What changes an account is a form and a service."""

from typing import Any, cast

from allauth.account import admin as allauth_account_admin  # noqa: F401 - registers what is replaced here
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.mfa import admin as allauth_mfa_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as allauth_sessions_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth import admin as django_auth_admin  # noqa: F401
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.erasure_steps import checklist
from accounts.exceptions import LastSuperuser
from accounts.forms.staff import FindForm, RolesForm
from accounts.middleware import to_second_factor
from accounts.models import Erasure, ErasureStep, State, User
from accounts.services.erasure import run_erasure_again
from accounts.services.staff import set_roles
from accounts.two_factor import is_fresh
from audit.read_only import ReadOnly


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    """Rows that can be looked at, by whoever has the permission to, and nothing else."""


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Accounts, found by e-mail address without the address ever standing in a URL, a list or a page."""

    change_list_template = "admin/accounts/user/change_list.html"
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("__str__", "state", "is_active", "is_staff", "department", "joined_at")
    list_filter = ("state", "is_staff", "groups")
    date_hierarchy = "joined_at"
    ordering = ("-joined_at",)
    fields = (
        "id",
        "state",
        "erase_at",
        "is_active",
        "is_staff",
        "is_superuser",
        "department",
        "roles",
        "language",
        "joined_at",
        "last_login",
    )

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """List the roles of a member of staff."""
        return ", ".join(group.name for group in user.groups.all()) or "–"

    def get_urls(self) -> list[URLPattern]:
        """Add the two forms."""
        find = path("find/", self.admin_site.admin_view(self.find), name="accounts_user_find")
        roles = path("<uuid:user_id>/roles/", self.admin_site.admin_view(self.set_roles), name="accounts_user_roles")
        return [find, roles, *super().get_urls()]

    def find(self, request: HttpRequest) -> HttpResponse:
        """Look an account up by its exact e-mail address, sent in the body of the request."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not ratelimit.consume(request, action="find_account", user=request.user):
            return cast(HttpResponse, ratelimit.respond_429(request))
        form = FindForm(request.POST or None, actor=cast(User, request.user))
        if form.is_valid():
            return redirect("admin:accounts_user_change", form.user.pk)
        return self._page(request, form, _("Find an account"), _("Find"))

    def set_roles(self, request: HttpRequest, user_id: Any) -> HttpResponse:
        """Say what a person may do as a member of staff; it takes a superuser and a fresh sign-in."""
        if not request.user.is_superuser:
            raise PermissionDenied
        if not is_fresh(request):
            return to_second_factor(request)
        user = get_object_or_404(User, pk=user_id)
        form = RolesForm(request.POST or None, user=user)
        if form.is_valid():
            return self._save_roles(request, user, form)
        return self._page(request, form, _("Roles of %(account)s") % {"account": user}, _("Save"))

    def _save_roles(self, request: HttpRequest, user: User, form: RolesForm) -> HttpResponse:
        try:
            set_roles(user_id=user.pk, actor=cast(User, request.user), **form.cleaned_data)
        except LastSuperuser:
            messages.error(request, _("Somebody must be able to administer the platform: this is the last who can."))
        else:
            messages.success(request, _("The roles are saved."))
        return redirect("admin:accounts_user_change", user.pk)

    def _page(self, request: HttpRequest, form: Any, title: Any, button: Any) -> HttpResponse:
        context = {"form": form, "title": title, "button": button, "opts": self.opts}
        context |= self.admin_site.each_context(request) | {"back": reverse("admin:accounts_user_changelist")}
        return render(request, "admin/accounts/user/form.html", context)


class EmailAddressAdmin(ReadOnlyAdmin):
    """Whether addresses are confirmed, not which they are; allauth's own page shows and searches them in clear."""

    list_display = ("__str__", "user", "primary", "verified")
    list_filter = ("primary", "verified")
    fields = ("user", "primary", "verified")


class AuthenticatorAdmin(ReadOnlyAdmin):
    """Which second factors there are, without their secrets."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    fields = ("user", "type", "created_at", "last_used_at")


class UserSessionAdmin(ReadOnlyAdmin):
    """Who is signed in; allauth's own page searches a user name, which accounts don't have."""

    list_display = ("user", "created_at", "last_seen_at")
    fields = ("user", "created_at", "last_seen_at")


class RoleAdmin(ReadOnlyAdmin):
    """Roles and what they may do; who has one is set on the account's page."""

    ordering = ("name",)
    fields = ("name", "permissions")


class StepInline(admin.TabularInline):  # type: ignore[type-arg] # generic in the stubs only
    """The checklist of one erasure."""

    model = ErasureStep
    fields = readonly_fields = ("name", "attempts", "done_at", "last_error")
    can_delete = False
    max_num = 0


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    """How far erasures are; an unfinished one can be run again (clause 3.2)."""

    list_display = ("__str__", "started_at", "finished_at", "steps_done", "last_error")
    list_filter = (("finished_at", admin.EmptyFieldListFilter),)
    fields = ("user", "started_at", "finished_at")
    inlines = (StepInline,)
    actions = ("run_again",)

    @admin.display(description=_("steps done"))
    def steps_done(self, erasure: Erasure) -> str:
        """Count the steps that are done."""
        return f"{erasure.steps.exclude(done_at=None).count()} / {len(checklist())}"

    @admin.display(description=_("last error"))
    def last_error(self, erasure: Erasure) -> str:
        """Name the step that isn't done, and why."""
        stuck = erasure.steps.filter(done_at=None).first()
        return f"{stuck.name}: {stuck.last_error}" if stuck else "–"

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Tell whether this person may run an erasure again."""
        return request.user.has_perm("accounts.run_erasure")

    @admin.action(description=_("Run the unfinished ones again"), permissions=["run"])
    def run_again(self, request: HttpRequest, queryset: QuerySet[Erasure]) -> None:
        """Run each unfinished erasure now, and say how many are finished then."""
        unfinished = [erasure.pk for erasure in queryset.filter(finished_at=None)]
        states = [run_erasure_again(account_id=pk, actor=cast(User, request.user)) for pk in unfinished]
        done, waiting = states.count(State.ERASED), len(states) - states.count(State.ERASED)
        text = _("Finished: %(done)d. Still waiting: %(waiting)d.") % {"done": done, "waiting": waiting}
        self.message_user(request, text, messages.WARNING if waiting else messages.SUCCESS)


admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])
admin.site.register(Group, RoleAdmin)
admin.site.register(EmailAddress, EmailAddressAdmin)
admin.site.register(Authenticator, AuthenticatorAdmin)
admin.site.register(UserSession, UserSessionAdmin)
