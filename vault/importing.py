"""For who comes from django-cryptography: read what its `encrypt()` wrote, once, to seal it anew.

Its values are pickles. This reader takes only the types a model field can hold; a pickle that asks for any other name
is refused before anything of it runs. Nothing is ever written in that form.
"""

import io
import pickle
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.core.signing import BadSignature
from django_cryptography.utils.crypto import FernetBytes, InvalidToken

from vault.exceptions import SealBroken

ALLOWED = {
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "timezone"),
    ("decimal", "Decimal"),
    ("uuid", "UUID"),
}


class FieldValueUnpickler(pickle.Unpickler):
    """Unpickles plain values, dates, decimals and UUIDs."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """Refuse every name that isn't a field value's type."""
        if (module_name, global_name) not in ALLOWED:
            raise SealBroken("The value asks for code that no field value needs; it was not loaded.")
        return super().find_class(module_name, global_name)


def read_encrypted(blob: bytes, key: str | bytes | None = None) -> Any:
    """Open a column that `encrypt()` wrote, with its key (the default is derived from SECRET_KEY, as there).

    Raises:
        SealBroken: another key wrote it, it was changed, or it holds anything but a field value.
    """
    try:
        data = FernetBytes(key).decrypt(bytes(blob))
    except (InvalidToken, InvalidSignature, BadSignature, ValueError):
        raise SealBroken("The value wasn't encrypted with this key, or was changed.") from None
    return FieldValueUnpickler(io.BytesIO(data)).load()
