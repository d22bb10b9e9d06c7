"""Pages that open or change personal data ask who it is again, unless that was proven within five minutes."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.two_factor import has_second_factor, is_fresh

View = Callable[..., HttpResponse]


def fresh_sign_in_required(view: View) -> View:
    """Show the view only after a fresh sign-in: with the second factor, where the account has one (clause 3.2).

    A form that was sent is kept in the sealed session meanwhile and goes on afterwards. No page is kept by a cache.
    """

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        response: HttpResponse = suspend_request(request, way_to_prove(request))
        return response

    return guarded


def way_to_prove(request: HttpRequest) -> str:
    """Give the address of the page that asks for the second factor, or for the password where there is none."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    if has_second_factor(request.user):
        methods = [method for method in methods if method["id"] != "reauthenticate"]
    return str(methods[0]["url"])
