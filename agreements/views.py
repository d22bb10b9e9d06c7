"""The public pages of the agreements, which need no account (clause P1), and a person's own acceptances."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from agreements import services
from agreements.exceptions import NoTextInForce
from agreements.models import Engagement, Text


@require_safe
def list_agreements(request: HttpRequest) -> HttpResponse:
    """List the agreements in force."""
    return render(request, "agreements/list.html", {"texts": services.texts_in_force(_language(request))})


@require_safe
def show_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text in force in the reader's language, or in the one that `?language=` asks for."""
    language = _language(request)
    try:
        text = services.text_in_force(slug, language)
    except NoTextInForce as error:
        raise Http404 from error
    return _show(request, text, other_language=text.language != language)


@require_safe
def show_version(request: HttpRequest, slug: str, number: int, language: str) -> HttpResponse:
    """Show any published version as it was, whatever is in force today."""
    return _show(request, _published_text(slug, number, language))


@require_safe
def serve_bytes(request: HttpRequest, slug: str, number: int, language: str) -> HttpResponse:
    """Give the exact bytes that were hashed: the SHA-256 of the answer's body is the one on record."""
    text = _published_text(slug, number, language)
    return HttpResponse(
        text.body.encode(), content_type="text/markdown; charset=utf-8", headers={"ETag": f'"{text.sha256}"'}
    )


@require_safe
@login_required
def show_my_agreements(request: HttpRequest) -> HttpResponse:
    """Show a person which texts they accepted, when and how (clause P3)."""
    acceptances = Engagement.objects.of(request.user.pk).accepted().select_related("text__version__agreement")
    return render(request, "agreements/my_agreements.html", {"acceptances": acceptances})


def _show(request: HttpRequest, text: Text, *, other_language: bool = False) -> HttpResponse:
    context = {
        "text": text,
        "siblings": Text.objects.filter(version=text.version_id).select_related("version__agreement"),
        "versions": _other_versions(text),
        "other_language": other_language,
    }
    return render(request, "agreements/text.html", context)


def _other_versions(text: Text) -> list[Text]:
    texts = (
        Text.objects.published().filter(version__agreement=text.version.agreement_id).exclude(version=text.version_id)
    )
    return services.pick_per_version(texts.select_related("version__agreement").defer("body"), text.language)


def _published_text(slug: str, number: int, language: str) -> Text:
    published = Text.objects.published().select_related("version__agreement")
    return get_object_or_404(
        published, version__agreement__slug=slug, version__number=number, language=language.lower()
    )


def _language(request: HttpRequest) -> str:
    return (request.GET.get("language") or get_language() or "").lower()
