"""What an erasure means for requests about the account."""

from django.db import transaction

from accounts.models import User
from audit.events import Event
from disclosures.models import DisclosureRequest, ScopeItem
from disclosures.services.rules import record

ACTOR = "system:erase_from_requests"


@transaction.atomic
def erase_from_requests(*, user: User) -> int:
    """Withhold everything about an account from every open request; tell how many fields that were (clause 3.2).

    Can be repeated. What was released or decided stays as evidence, under the account's id, without any value.
    """
    open_requests = DisclosureRequest.objects.open().filter(subjects__account=user)
    requests = open_requests.select_for_update(of=("self",)).order_by("pk")
    return sum(_withhold_all(request, user) for request in requests)


def _withhold_all(request: DisclosureRequest, user: User) -> int:
    scope = ScopeItem.objects.filter(subject__request=request, subject__account=user, granted=True)
    fields = list(scope.values_list("field", flat=True))
    if fields:
        scope.update(granted=False)
        record(Event.DISCLOSURE_NARROWED, request, ACTOR, withheld=fields)
    return len(fields)
