import pytest
from django.urls import reverse

from agreements.models import Agreement, Engagement, Version
from tests.agreements.conftest import accept
from tests.factories import make_user
from tests.sign_in import sign_in_with_two_factors


@pytest.fixture
def desk(client):
    sign_in_with_two_factors(client, make_user(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", [Agreement, Version, Engagement])
def test_staff_read_and_never_write(desk, text, model):
    accept(make_user(), text)
    name = f"admin:agreements_{model._meta.model_name}"
    one = model.objects.get().pk

    assert desk.get(reverse(f"{name}_changelist")).status_code == 200
    assert desk.get(reverse(f"{name}_change", args=[one])).status_code == 200
    assert desk.get(reverse(f"{name}_add")).status_code == 403
    assert desk.post(reverse(f"{name}_change", args=[one]), {}).status_code == 403
    assert desk.get(reverse(f"{name}_delete", args=[one])).status_code == 403


def test_staff_see_the_texts_as_they_were(desk, text):
    page = desk.get(reverse("admin:agreements_version_change", args=[text.version_id])).text

    assert text.sha256 in page
    assert "与人为善" in page
