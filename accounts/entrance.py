"""The way in: allauth's own addresses, every change in one transaction, and the project's sign-up."""

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth import urls as allauth_urls
from allauth.account.views import SignupView
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path
from django.views.generic.edit import FormView

from accounts.exceptions import BelowSelfConsentAge
from accounts.services.register import refuse_sign_up
from agreements.exceptions import StatementRefused

View = Callable[..., HttpResponse]
Pattern = URLPattern | URLResolver

REFUSED_AT = "sign_up_refused_at"  # in the session
REFUSED_FOR = 60 * 60  # seconds in which another date of birth gets the same answer


class SignUpView(SignupView):  # type: ignore[misc] # allauth has no types
    """Sign-up, with two more answers: the agreement has changed meanwhile, and you are too young."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form. An address in the URL, which others may see, is neither used nor kept there."""
        if "email" in request.GET:
            query = request.GET.copy()
            del query["email"]
            return redirect(f"{request.path}?{query.urlencode()}".rstrip("?"))
        answer: HttpResponse = too_young(request) if was_refused(request) else super().get(request, *args, **kwargs)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Register, or show the fields of an address in the country that was chosen."""
        if was_refused(request):
            return too_young(request)
        answer: HttpResponse = self.reload() if "reload" in request.POST else super().post(request, *args, **kwargs)
        return answer

    def reload(self) -> HttpResponse:
        """Show the form as it was typed, with the fields of the countries that were chosen."""
        form = self.get_form()
        form.leave_unchecked()
        answer: HttpResponse = self.form_invalid(form)
        return answer

    def get_initial(self) -> dict[str, Any]:
        """Fill in nothing beforehand."""
        return FormView.get_initial(self)

    def form_valid(self, form: Any) -> HttpResponse:
        """Register, or say why not."""
        try:
            answer: HttpResponse = super().form_valid(form)
        except StatementRefused as refusal:  # superseded since the form was checked
            form.refuse(refusal)
            answer = self.form_invalid(form)
        except BelowSelfConsentAge:
            refuse_sign_up()
            self.request.session[REFUSED_AT] = time.time()
            answer = too_young(self.request)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the text that the form's statement speaks of."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"agreement_text": context["form"].agreement_text}


def was_refused(request: HttpRequest) -> bool:
    """Tell whether this browser was refused within the last hour, so that a child can't simply type another year."""
    refused_at: float = request.session.get(REFUSED_AT, 0)
    return time.time() - refused_at < REFUSED_FOR


def too_young(request: HttpRequest) -> HttpResponse:
    """Say plainly why not; nothing that was typed is kept (clause 1.0)."""
    return render(request, "account/sign_up_refused.html", {"age": settings.AGE_OF_SELF_CONSENT}, status=403)


def in_one_transaction(view: View) -> View:
    """Run a view that changes something in one transaction, so that no audit entry or notice parts from its change."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return wrapped


def wrap(patterns: Iterable[Pattern]) -> None:
    """Put every view among the patterns into one transaction."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            wrap(pattern.url_patterns)
        else:
            pattern.callback = in_one_transaction(pattern.callback)


urlpatterns: list[Pattern] = [
    path("signup/", SignUpView.as_view(), name="account_signup"),
    *allauth_urls.urlpatterns,
]
wrap(urlpatterns)
