"""Who may go where, by how they signed in; and what is shown where a value of an account can't be opened."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.two_factor import has_second_factor, signed_in_with_two_factors
from audit import services as audit
from audit.events import Event
from vault.exceptions import SealError

View = Callable[[HttpRequest], HttpResponse]


def second_factor_for_staff(get_response: View) -> View:
    """Keep the staff pages from everybody who hasn't proven two factors in this session; show them the way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_staff_page(request) and request.user.is_authenticated and not signed_in_with_two_factors(request):
            return to_second_factor(request)
        return get_response(request)

    return middleware


def is_staff_page(request: HttpRequest) -> bool:
    """Tell whether the address is one of the admin site's; signing out needs no second factor."""
    return request.path.startswith(reverse("admin:index")) and request.path != reverse("admin:logout")


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """Send somebody to prove their second factor and come back, or to set one up."""
    if not has_second_factor(request.user):
        messages.warning(request, _("Staff pages open with a second factor only. Please set one up first."))
        return redirect("mfa_index")
    back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    address = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return redirect(f"{address}?{urlencode({'next': back})}")


class BrokenValues:
    """Where a page meets a value that can't be opened, write that down and say so, whichever page it is."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a `SealError`; what the page had begun to change is rolled back by then."""
        if not isinstance(error, SealError):
            return None
        person = request.user if isinstance(request.user, User) else None
        with transaction.atomic():
            audit.record(Event.VALUE_BROKEN, actor=person, subject=person, error=type(error).__name__)
        return HttpResponse(render_to_string("value_broken.html"), status=500)
