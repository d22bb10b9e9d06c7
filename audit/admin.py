"""The audit log as staff read it. Nobody writes here."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from audit.read_only import ReadOnly

if TYPE_CHECKING:
    EntryModelAdmin = admin.ModelAdmin[Entry]
else:
    EntryModelAdmin = admin.ModelAdmin


@admin.register(Entry)
class EntryAdmin(ReadOnly, EntryModelAdmin):
    """A list to search by the exact id of an actor, a subject or a target, and a page for each entry."""

    list_display = ("at", "event", "actor", "subject", "target_id", "clause")
    list_display_links = ("at", "event")
    list_filter = ("event", "clause", "target_type")
    search_fields = ("=actor", "=subject", "=target_id")
    search_help_text = _("The whole id of an actor, a subject or a target")
    date_hierarchy = "at"
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("event", "at", "actor", "subject", "clause")}),
        (_("Target"), {"fields": ("target_type", "target_id")}),
        (_("Details"), {"fields": ("readable_details",)}),
        (_("Integrity"), {"fields": ("leaf_hash", "is_intact")}),
    )
    readonly_fields = ("readable_details", "is_intact")

    @admin.display(description=_("details"), empty_value="–")
    def readable_details(self, entry: Entry) -> SafeString:
        """Show one line for each detail."""
        return format_html_join(
            "", "<div>{}: <code>{}</code></div>", ((name, _as_text(value)) for name, value in entry.details.items())
        )

    @admin.display(description=_("matches its leaf hash"), boolean=True)
    def is_intact(self, entry: Entry) -> bool:
        """Tell whether the row still is what was written."""
        return entry.leaf_hash == entry.expected_leaf_hash()


def _as_text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
