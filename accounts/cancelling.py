"""What somebody whose account is being cancelled can still reach (clause 3.2)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import State

REACHABLE = {
    "my_cancel",
    "undo_cancellation",
    "agreements",
    "agreement",
    "agreement_version",
    "agreement_bytes",
    "set_language",
    "account_logout",
    "healthz",
    "readyz",
    "mailbox",
}


class CancellingMiddleware:
    """While an account is being cancelled, lead its owner to the one choice there is: undo it, or leave it running."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        """Let through what is reachable; `resolver_match` is known only here."""
        match = request.resolver_match
        if match is None or match.url_name in REACHABLE:
            return None
        cancelling = request.user.is_authenticated and request.user.state == State.CANCELLING
        return redirect("my_cancel") if cancelling else None
