"""Disclosures as staff see them. Nothing is edited: a step is a form and a service call."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from audit.read_only import ReadOnly
from disclosures.admin import desk, material, page, queue, steps
from disclosures.models import Approval, DisclosureRequest, Package

if TYPE_CHECKING:
    RequestModelAdmin = admin.ModelAdmin[DisclosureRequest]
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    RequestModelAdmin = AnyModelAdmin = admin.ModelAdmin


@admin.register(DisclosureRequest)
class DisclosureRequestAdmin(ReadOnly, RequestModelAdmin):
    """A queue, a page for each request, and a form for each step."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow whoever may file requests."""
        return request.user.has_perm("disclosures.file_request")

    def get_urls(self) -> list[URLPattern]:
        """Give every address: there is no other page of a request."""
        guarded = self.admin_site.admin_view
        name = "disclosures_disclosurerequest"
        return [
            path("", guarded(self.changelist_view), name=f"{name}_changelist"),
            path("add/", guarded(self.add_view), name=f"{name}_add"),
            path("<uuid:object_id>/", guarded(self.change_view), name=f"{name}_change"),
            path("<uuid:object_id>/<slug:step>/", guarded(self.step_view), name=f"{name}_step"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Show the queue."""
        return self._render(request, "queue", queue.context(request))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """File a draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._answer(request, steps.file_draft(request))

    def change_view(
        self, request: HttpRequest, object_id: Any, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one request."""
        return self._render(request, "request", page.context(request, self._get(request, object_id)))

    def step_view(self, request: HttpRequest, object_id: UUID, step: str) -> HttpResponseBase:
        """Show the form of a step, or take it."""
        disclosure = self._get(request, object_id)
        return steps.guard(steps.find(step), lambda asked: self._answer(asked, steps.take(asked, disclosure, step)))(
            request
        )

    def _get(self, request: HttpRequest, object_id: UUID) -> DisclosureRequest:
        self._check_view(request)
        return get_object_or_404(DisclosureRequest.objects.select_related("author", "decided_by"), pk=object_id)

    def _check_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _answer(self, request: HttpRequest, outcome: steps.Outcome) -> HttpResponse:
        if isinstance(outcome, HttpResponse):
            return outcome
        if isinstance(outcome, DisclosureRequest):
            return redirect(outcome)
        return self._render(request, "step", outcome)

    def _render(self, request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
        self._check_view(request)
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/disclosures/{template}.html", context)


@admin.register(Approval)
class ApprovalAdmin(ReadOnly, AnyModelAdmin):
    """Who approved what, and how they had signed in."""

    list_display = ("at", "request", "step", "reviewer", "two_factor", "sign_in_age_seconds")
    list_filter = ("step",)
    list_select_related = ("request", "reviewer")
    fields = ("request", "step", "reviewer", "at", "two_factor", "sign_in_age_seconds", "written_rationale")
    readonly_fields = ("written_rationale",)
    date_hierarchy = "at"

    @admin.display(description=_("rationale"))
    def written_rationale(self, approval: Approval) -> str:
        """Open the rationale, or say that it can't be."""
        return material.readable(approval, "rationale")


@admin.register(Package)
class PackageAdmin(ReadOnly, AnyModelAdmin):
    """What was released: names of fields and a hash; the values are kept nowhere."""

    list_display = ("at", "request", "officer", "sha256")
    list_select_related = ("request", "officer")
    fields = ("request", "officer", "at", "fields", "sha256")
    date_hierarchy = "at"


admin.site.index = desk.with_work(admin.site.index)  # type: ignore[method-assign,assignment] # as allauth has its sign-in put there
