"""Every write of notices. An upper floor calls `notices.send(…)` with `from notices import services as notices`."""

from notices.services.delivery import deliver, hurry_waiting, try_again
from notices.services.inbox import erase_notices, mark_all_read
from notices.services.sending import send

__all__ = ["deliver", "erase_notices", "hurry_waiting", "mark_all_read", "send", "try_again"]
