"""Every write of disclosures, one module per stage of a request."""

from disclosures.services.deciding import approve_request, pass_legal_review, refuse_request, start_review
from disclosures.services.drafting import add_subject, correct_draft, draft_request, remove_subject
from disclosures.services.erasing import erase_from_requests
from disclosures.services.filing import close_request, submit_request, withdraw_request
from disclosures.services.releasing import Release, release_package

__all__ = [
    "Release",
    "add_subject",
    "approve_request",
    "close_request",
    "correct_draft",
    "draft_request",
    "erase_from_requests",
    "pass_legal_review",
    "refuse_request",
    "release_package",
    "remove_subject",
    "start_review",
    "submit_request",
    "withdraw_request",
]
