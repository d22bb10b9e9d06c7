"""Who may go where, by how they signed in."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.two_factor import has_second_factor, signed_in_with_two_factors

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
