"""The agreements as staff read them. Nobody writes here: a service publishes texts, people make engagements."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Engagement, Text, Version
from audit.read_only import ReadOnly

if TYPE_CHECKING:
    AgreementModelAdmin = admin.ModelAdmin[Agreement]
    VersionModelAdmin = admin.ModelAdmin[Version]
    EngagementModelAdmin = admin.ModelAdmin[Engagement]
    TextInlineAdmin = admin.StackedInline[Text, Version]
else:
    AgreementModelAdmin = VersionModelAdmin = EngagementModelAdmin = admin.ModelAdmin
    TextInlineAdmin = admin.StackedInline


@admin.register(Agreement)
class AgreementAdmin(ReadOnly, AgreementModelAdmin):
    list_display = ("slug", "required_at_sign_up")


class TextInline(ReadOnly, TextInlineAdmin):
    """The texts of a version as they were, with a link to the page that people read."""

    model = Text
    can_delete = False
    extra = 0
    fields = ("language", "title", "sha256", "page", "body")
    readonly_fields = ("page",)

    @admin.display(description=_("as people read it"))
    def page(self, text: Text) -> SafeString:
        return format_html('<a href="{}">{}</a>', text.get_absolute_url(), text.title)


@admin.register(Version)
class VersionAdmin(ReadOnly, VersionModelAdmin):
    list_display = ("agreement", "number", "state", "material", "announced_at", "effective_at")
    list_display_links = ("agreement", "number")
    list_filter = ("agreement", "state")
    list_select_related = ("agreement",)
    inlines = (TextInline,)


@admin.register(Engagement)
class EngagementAdmin(ReadOnly, EngagementModelAdmin):
    list_display = ("at", "kind", "basis", "version", "language", "surface", "user_id")
    list_display_links = ("at", "kind")
    list_filter = ("kind", "basis", "surface", "version__agreement", "language")
    list_select_related = ("version__agreement",)
    search_fields = ("=user_id",)
    search_help_text = _("The whole id of an account")
    date_hierarchy = "at"
    show_full_result_count = False
