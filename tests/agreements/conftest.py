from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from agreements import services, statements
from agreements.models import Engagement, Text, Version

SLUG = "service-agreement"
ENGLISH = "# Terms\n\nBe *kind*.\n"
CHINESE = "# 条款\n\n与人为善。\n"

Publish = Callable[..., Version]


@pytest.fixture
def publish(db: None) -> Publish:
    """Publish a version of the service agreement; without texts, a small one in English and Chinese."""

    def publish_texts(slug: str = SLUG, **texts: str) -> Version:
        bodies = {language.replace("_", "-"): body for language, body in texts.items()}
        bodies = bodies or {"en": ENGLISH, "zh-hans": CHINESE}
        return services.publish_version(slug=slug, texts=bodies, editor="system:editor", publisher="system:publisher")

    return publish_texts


@pytest.fixture
def text(publish: Publish) -> Text:
    """The English text in force."""
    publish()
    return services.text_in_force(SLUG, "en")


def accept(user, text: Text, **changes) -> Engagement:
    """Accept `text` as the sign-up form does."""
    arguments = {"statement": statements.make(text), "surface": "sign_up", "control_label": "I agree"}
    return services.accept_agreement(user=user, **(arguments | changes))


def at_once(act: Callable[[], Any], times: int) -> list[Any]:
    """Do the same thing from several connections together; give what each returned, raise what any raised."""

    def act_alone() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        started = [pool.submit(act_alone) for _ in range(times)]
    return [one.result() for one in started]
