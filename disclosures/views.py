"""What a person sees of the disclosures about them."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from disclosures.disclosed import disclosed_about, tell

PER_PAGE = 20


@never_cache
@require_safe
@login_required
def show_my_disclosures(request: HttpRequest) -> HttpResponse:
    """List every disclosure about the reader, newest first (clause 1.3)."""
    reader = cast("User", request.user)  # login_required leaves no anonymous one
    page = Paginator(disclosed_about(reader.id), PER_PAGE).get_page(request.GET.get("page"))
    disclosures = [tell(package, reader.id) for package in page]
    return render(request, "disclosures/my_disclosures.html", {"page": page, "disclosures": disclosures})
