"""Every write of accounts: sign-up, corrections, cancellation, erasure. One function per operation."""

from accounts.services.cancellation import request_cancellation, send_reminders, undo_cancellation
from accounts.services.erasure import erase_account, run_erasure_again
from accounts.services.language import choose_language
from accounts.services.openings import Opened, open_fields
from accounts.services.orphan_keys import sweep_orphan_keys
from accounts.services.profile import correct_profile, hash_answer, normalise_answer
from accounts.services.register import refuse_sign_up, register_account
from accounts.services.sessions import end_sessions
from accounts.services.unconfirmed import free_address, sweep_unverified

__all__ = [
    "Opened",
    "choose_language",
    "correct_profile",
    "end_sessions",
    "erase_account",
    "free_address",
    "hash_answer",
    "normalise_answer",
    "open_fields",
    "refuse_sign_up",
    "register_account",
    "request_cancellation",
    "run_erasure_again",
    "send_reminders",
    "sweep_orphan_keys",
    "sweep_unverified",
    "undo_cancellation",
]
