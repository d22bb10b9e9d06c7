"""Reading what django-cryptography's `encrypt()` wrote, without running what a pickle asks for."""

import os
import pickle
from datetime import date
from decimal import Decimal

import pytest
from django_cryptography.utils.crypto import FernetBytes

from vault.exceptions import SealBroken
from vault.importing import read_encrypted


@pytest.mark.parametrize("value", ["text", 7, None, date(1990, 5, 17), Decimal("1.5"), {"a": [1]}])
def test_a_field_value_is_read(value: object) -> None:
    assert read_encrypted(FernetBytes().encrypt(pickle.dumps(value))) == value


class Exploit:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch /tmp/never",)


def test_a_pickle_that_asks_for_code_is_refused() -> None:
    with pytest.raises(SealBroken, match="code"):
        read_encrypted(FernetBytes().encrypt(pickle.dumps(Exploit())))


def test_a_changed_value_or_another_key_is_refused() -> None:
    blob = bytearray(FernetBytes().encrypt(pickle.dumps("x")))
    blob[-1] ^= 1
    with pytest.raises(SealBroken):
        read_encrypted(bytes(blob))
