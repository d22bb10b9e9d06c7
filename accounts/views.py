"""A person's own account: see and correct their data, see who has seen it, cancel."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts import services
from accounts.exceptions import InvalidTransition, LastSuperuser
from accounts.forms.cancellation import CancellationForm
from accounts.forms.correction import CorrectionForm
from accounts.forms.profile import FORMS
from accounts.fresh_sign_in import fresh_sign_in_required
from accounts.models import REMIND_BEFORE, Profile, State, User
from accounts.my_data import LABELS, is_filled, rows_of
from accounts.openings import openings_of, tell_openings
from accounts.services.openings import OPENABLE
from accounts.two_factor import has_second_factor

PAGE = 50  # openings


@require_safe
@never_cache
@login_required
def show_my_data(request: HttpRequest) -> HttpResponse:
    """Show the protected fields, every one masked (clause 1.2)."""
    return render(request, "accounts/my_data.html", {"rows": rows_of(_me(request), {})})


@fresh_sign_in_required
def reveal_data(request: HttpRequest) -> HttpResponse:
    """Open one field, or all, for this answer alone."""
    field = request.POST.get("field", "")
    if request.method != "POST" or field not in {"all", *OPENABLE}:
        return redirect("my_data")
    user = _me(request)
    opened = services.open_fields(user=user, fields=OPENABLE if field == "all" else [field], actor=user)
    return render(request, "accounts/my_data.html", {"rows": rows_of(user, opened), "revealed": field})


@fresh_sign_in_required
def edit_data(request: HttpRequest, field: str) -> HttpResponse:
    """Correct one field; the button `reload` fetches what depends on a choice, and keeps what was typed."""
    form = _correction_form(request, field)
    if "remove" in request.POST and form.removable:
        return _correct(request, form.removal(), field)
    if "reload" not in request.POST and form.is_valid():
        return _correct(request, form.changes(), field)
    return render(request, "accounts/edit_data.html", {"form": form, "field": field})


def _correction_form(request: HttpRequest, field: str) -> CorrectionForm:
    if field not in FORMS:
        raise Http404
    form_class, user = FORMS[field], _me(request)
    profile = Profile.objects.filter(pk=user.pk).first() or Profile(user=user)
    if request.method == "POST" and "reload" not in request.POST:
        return form_class(request.POST, profile=profile)
    return form_class(profile=profile, initial=request.POST.dict() or _present_values(user, form_class))


def _present_values(user: User, form_class: type[CorrectionForm]) -> dict[str, Any]:
    opened = services.open_fields(user=user, fields=form_class.opens, actor=user)
    return {name: result.value for name, result in opened.items()}


def _correct(request: HttpRequest, changes: dict[str, Any], field: str) -> HttpResponse:
    services.correct_profile(user=_me(request), changes=changes)
    messages.success(request, _("Saved: %(field)s.") % {"field": LABELS[field]})
    return redirect("my_data")


@require_safe
@never_cache
@login_required
def show_openings(request: HttpRequest) -> HttpResponse:
    """Show a person who has opened their data, when and why (clause 1.1)."""
    user = _me(request)
    page = Paginator(openings_of(user), PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/openings.html", {"page": page, "openings": tell_openings(user, page)})


@require_safe
@login_required
def show_security(request: HttpRequest) -> HttpResponse:
    """Show the way to everything about signing in."""
    profile = Profile.objects.filter(pk=_me(request).pk).first() or Profile()
    context = {
        "has_second_factor": has_second_factor(request.user),
        "has_question": is_filled(profile, "recovery_question"),
    }
    return render(request, "accounts/security.html", context)


@require_safe
@never_cache
@login_required
def show_cancellation(request: HttpRequest) -> HttpResponse:
    """Say what a cancellation does and when; or, while one runs, offer to undo it (clause 3.2)."""
    if _me(request).state == State.CANCELLING:
        return render(request, "accounts/cancellation_running.html", _running(_me(request)))
    return _offer(request, CancellationForm())


def _offer(request: HttpRequest, form: CancellationForm) -> HttpResponse:
    erase_at = timezone.now() + timedelta(days=settings.COOLING_OFF_DAYS)
    context = {"form": form, "days": settings.COOLING_OFF_DAYS, "erase_at": erase_at, "remind_at": None}
    if settings.COOLING_OFF_DAYS > 1:
        context["remind_at"] = erase_at - REMIND_BEFORE
    return render(request, "accounts/cancellation.html", context)


def _running(user: User) -> dict[str, Any]:
    due = user.erase_at or timezone.now()
    return {"erase_at": due, "is_due": due <= timezone.now()}


@fresh_sign_in_required
def request_cancellation(request: HttpRequest) -> HttpResponse:
    """Start the cooling-off, if the words were typed; this session alone goes on."""
    form = CancellationForm(request.POST or None)
    if not form.is_valid():
        return _offer(request, form) if form.is_bound else redirect("my_cancel")
    try:
        services.request_cancellation(user=_me(request), keep_session=request.session.session_key or "")
    except LastSuperuser:
        form.add_error(None, _("You are the last one who can administer this platform. Name another one first."))
        return _offer(request, form)
    except InvalidTransition:
        messages.info(request, _("Your account is being cancelled already."))
    return redirect("my_cancel")


@require_POST
@login_required
def undo_cancellation(request: HttpRequest) -> HttpResponse:
    """Keep the account."""
    try:
        services.undo_cancellation(user=_me(request))
        messages.success(request, _("Your account stays. Nothing was removed."))
    except InvalidTransition:
        messages.info(request, _("No cancellation is running."))
    return redirect("my_data")


def switch_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, as Django does; and that of the mail, for somebody who is signed in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        services.choose_language(user_id=_me(request).pk, language=language)
    return set_language(request)


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)
