"""End the sessions of an account."""

import json

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import User
from audit import services as audit
from audit.events import Event
from vault.sessions import SessionStore


@transaction.atomic
def end_sessions(*, user: User, actor: User | str, keep: str = "") -> int:
    """End an account's sessions at once, all but the one whose key is `keep`; tell how many ended."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for session in sessions:
        session.end()
    if sessions:
        audit.record(Event.SESSION_ENDED, actor=actor, subject=user, count=len(sessions))
    return len(sessions)


def remove_traces(words: list[str]) -> None:
    """Remove every stored session that holds one of the words, such as a sign-in that was begun and never finished.

    Sessions are sealed, so each is opened: about 20 µs a session.
    """
    store = SessionStore()
    for session in Session.objects.iterator(chunk_size=2000):
        content = json.dumps(store.decode(session.session_data), ensure_ascii=False, default=str).casefold()
        if any(word.casefold() in content for word in words if word):
            session.delete()
