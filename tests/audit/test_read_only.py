"""No list of the staff pages can be asked, by its address, about a column that its page doesn't offer as a filter."""

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Field
from django.test import Client
from django.urls import reverse

from audit.read_only import ReadOnly
from tests.factories import make_user
from tests.sign_in import sign_in_with_two_factors

ADMINS = list(admin.site._registry.values())
LOOKUPS = ("startswith", "exact", "contains", "gt", "regex", "iexact", "isnull", "in")


@pytest.fixture
def superuser(client: Client, db: None) -> Client:
    """A browser in which somebody who may see every list is signed in."""
    sign_in_with_two_factors(client, make_user(is_staff=True, is_superuser=True))
    return client


def name(page: ModelAdmin) -> str:  # type: ignore[type-arg] # of any model
    """Name a list in the test's report."""
    return page.opts.label


def hidden_columns(page: ModelAdmin) -> list[Field]:  # type: ignore[type-arg] # of any model
    """Give the columns by which the page offers no filter."""
    offered = {item[0] if isinstance(item, tuple) else item for item in page.list_filter} | {page.date_hierarchy}
    return [field for field in page.opts.concrete_fields if field.name not in offered]


def list_address(page: ModelAdmin) -> str:  # type: ignore[type-arg] # of any model
    """Give the address of the list."""
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")


@pytest.mark.parametrize("page", ADMINS, ids=name)
def test_every_staff_page_is_one_of_ours_that_only_shows(page: ModelAdmin) -> None:  # type: ignore[type-arg]
    assert isinstance(page, ReadOnly)


@pytest.mark.parametrize("page", ADMINS, ids=name)
def test_no_list_can_be_filtered_by_a_column_that_it_does_not_offer(
    superuser: Client,
    page: ModelAdmin,  # type: ignore[type-arg] # of any model
) -> None:
    assert superuser.get(list_address(page)).status_code == 200
    for field in hidden_columns(page):
        answer = superuser.get(list_address(page), {f"{field.name}__startswith": "x"})
        # The queue of disclosure requests isn't Django's list: it reads no filter at all.
        assert answer.status_code == 400 or "cl" not in answer.context, field.name


@pytest.mark.parametrize("page", ADMINS, ids=name)
def test_no_lookup_of_a_hidden_column_is_allowed_nor_of_another_row(page: ModelAdmin) -> None:  # type: ignore[type-arg]
    for field in hidden_columns(page):
        asked = [field.name, field.attname] if not field.primary_key else []
        asked += [
            f"{field.name}__{lookup}" for lookup in LOOKUPS if not (field.primary_key and lookup in {"exact", "in"})
        ]
        if field.is_relation:
            asked += [f"{field.name}__id__exact", f"{field.name}__password__startswith"]
        assert [lookup for lookup in asked if page.lookup_allowed(lookup, "x")] == []  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("accounts_user", "state__exact=active"),
        ("accounts_user", "is_staff__exact=1"),
        ("accounts_user", "groups__id__exact=1"),
        ("accounts_user", "joined_at__year=2026&joined_at__month=1"),
        ("accounts_erasure", "finished_at__isempty=1"),
        ("agreements_engagement", "version__agreement__id__exact=1"),
        ("usersessions_usersession", "id__in=1"),
    ],
)
def test_what_a_page_offers_works(superuser: Client, page: str, query: str) -> None:
    assert superuser.get(f"{reverse(f'admin:{page}_changelist')}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("accounts_user", "email=ada@example.com"),
        ("accounts_user", "password__startswith=argon2"),
        ("accounts_user", "profile__id_number=1"),
        ("accounts_user", "groups__name__startswith=a"),
        ("account_emailaddress", "user__id__exact=1"),
        ("usersessions_usersession", "session_key__startswith=a"),
        ("mfa_authenticator", "data__startswith=a"),
    ],
)
def test_what_a_page_does_not_offer_is_refused(superuser: Client, page: str, query: str) -> None:
    assert superuser.get(f"{reverse(f'admin:{page}_changelist')}?{query}").status_code == 400
