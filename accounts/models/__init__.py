"""People, the nine protected fields (clause 1.2), and erasure (clause 3.2)."""

from accounts.models.erasure import Erasure, ErasureStep
from accounts.models.profile import IdType, Profile
from accounts.models.user import REMIND_BEFORE, TRANSITIONS, State, User, UserManager

__all__ = [
    "REMIND_BEFORE",
    "TRANSITIONS",
    "Erasure",
    "ErasureStep",
    "IdType",
    "Profile",
    "State",
    "User",
    "UserManager",
]
