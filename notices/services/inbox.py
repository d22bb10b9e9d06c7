"""What becomes of notices once they are there."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from notices.models import Notice


def mark_all_read(*, user: AbstractBaseUser) -> int:
    """Mark a person's notices as read; tell how many weren't."""
    return Notice.objects.in_inbox(user).unread().update(read_at=timezone.now())


@transaction.atomic
def erase_notices(*, user: AbstractBaseUser) -> int:
    """Remove every notice of an account, sent or not, with the addresses they hold (clause 3.2); tell how many."""
    return Notice.objects.filter(to_id=user.pk).delete()[0]
