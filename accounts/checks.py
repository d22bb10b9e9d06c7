"""System checks of the settings that accounts depend on."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.forms.sections import ASKABLE

LONGEST_COOLING_OFF = 30  # days, clause 3.2


@register()
def check_cooling_off(app_configs: object = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a cooling-off that the agreement doesn't promise."""
    if 0 <= settings.COOLING_OFF_DAYS <= LONGEST_COOLING_OFF:
        return []
    hint = "The agreement promises from 0 to 30 days to think again (clause 3.2)."
    return [Error(f"COOLING_OFF_DAYS is {settings.COOLING_OFF_DAYS}.", hint=hint, id="accounts.E001")]


@register()
def check_required_at_sign_up(app_configs: object = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a name that no part of the sign-up form goes by: it would be asked of nobody."""
    wrong = sorted(set(settings.REQUIRED_AT_SIGN_UP) - set(ASKABLE))
    hint = f"It can name {', '.join(ASKABLE)}."
    return [Error(f"REQUIRED_AT_SIGN_UP names {name!r}.", hint=hint, id="accounts.E002") for name in wrong]
