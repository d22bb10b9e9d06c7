"""The inbox."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from notices import services, words
from notices.models import Notice

PER_PAGE = 20


@never_cache
@require_safe
@login_required
def show_inbox(request: HttpRequest) -> HttpResponse:
    """List what the reader was told, newest first."""
    inbox = Notice.objects.in_inbox(request.user)
    page = Paginator(inbox, PER_PAGE).get_page(request.GET.get("page"))
    letters = [{"notice": notice, "words": words.render(notice)} for notice in page]
    context = {"page": page, "letters": letters, "unread_notices": inbox.unread().count()}
    return render(request, "notices/inbox.html", context)


@require_POST
@login_required
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.mark_all_read(user=request.user)  # type: ignore[arg-type]  # login_required leaves no anonymous reader
    return redirect("notices")
