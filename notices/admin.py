"""Deliveries as staff see them: what is waiting, what failed, and one thing to do about it."""

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.read_only import ReadOnly
from notices import services
from notices.exceptions import NoticeError
from notices.models import Notice

if TYPE_CHECKING:
    NoticeModelAdmin = admin.ModelAdmin[Notice]
else:
    NoticeModelAdmin = admin.ModelAdmin


@admin.register(Notice)
class NoticeAdmin(ReadOnly, NoticeModelAdmin):
    """A list of deliveries. Nothing is edited; no address is shown."""

    list_display = ("created_at", "kind", "account", "state", "attempts", "error", "next_try_at", "sent_at")
    list_display_links = ("created_at", "kind")
    list_filter = ("state", "kind")
    search_fields = ("=to__id", "=id", "=about_id")
    search_help_text = _("The whole id of an account, a notice or what it is about")
    date_hierarchy = "created_at"
    actions = ("try_again",)
    fieldsets = (
        (None, {"fields": ("kind", "account", "about_type", "about_id", "details", "created_at", "read_at")}),
        (
            _("Delivery"),
            {"fields": ("state", "one_off", "attempts", "last_tried_at", "next_try_at", "sent_at", "error")},
        ),
    )
    readonly_fields = ("account",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Tell whether this person may put a failed delivery back in the queue."""
        return request.user.has_perm("notices.retry_notice")

    @admin.display(description=_("account"))
    def account(self, notice: Notice) -> str:
        """Name the account by its id."""
        return str(notice.to_id)

    @admin.action(description=_("Try the failed ones again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        """Put each failed delivery back in the queue, and say how many couldn't be."""
        outcomes = [_queued_again(notice, request.user) for notice in queryset]  # type: ignore[arg-type]  # staff
        done, refused = sum(outcomes), len(outcomes) - sum(outcomes)
        if done:
            text = ngettext("%d notice is waiting to be sent again.", "%d notices are waiting to be sent again.", done)
            self.message_user(request, text % done, messages.SUCCESS)
        if refused:
            text = ngettext("%d notice can't be sent again.", "%d notices can't be sent again.", refused)
            self.message_user(request, text % refused, messages.WARNING)


def _queued_again(notice: Notice, actor: AbstractBaseUser) -> bool:
    try:
        services.try_again(notice_id=notice.pk, actor=actor)
    except NoticeError:
        return False
    return True
