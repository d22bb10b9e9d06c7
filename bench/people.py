"""What is done with stored people, in each of the three ways of storing them."""

import random
import uuid
from collections.abc import Callable

from django.db import connection, connections
from django.db.models import Model

from bench.models import FIELDS, SealedPerson
from vault import keys

PEOPLE = 10_000
SEED = 20_260_101

Work = Callable[[], None]


def invent(count: int) -> list[dict[str, object]]:
    """Invent people, the same ones each time."""
    numbers = random.Random(SEED)
    return [
        {"id": uuid.UUID(int=numbers.getrandbits(128)), **{name: f"{name} of person {i:07}" for name in FIELDS}}
        for i in range(count)
    ]


def empty(model: type[Model]) -> None:
    """Remove all people of a kind, and their keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 - a table of ours
    if model is SealedPerson:
        with connections["keys"].cursor() as cursor:
            cursor.execute("DELETE FROM vault_datakey")
        keys.forget()


def fill(model: type[Model], count: int = PEOPLE) -> None:
    """Insert invented people."""
    model._default_manager.bulk_create([model(**person) for person in invent(count)])


def insert_again(model: type[Model], people: list[dict[str, object]]) -> Work:
    """Insert the people into an emptied table."""

    def work() -> None:
        empty(model)
        model._default_manager.bulk_create([model(**person) for person in people])

    return work


def read_closed(model: type[Model]) -> Work:
    """Read every row and open nothing."""

    def work() -> None:
        list(model._default_manager.all())

    return work


def read_open(model: type[Model]) -> Work:
    """Read every row and open all eight fields."""

    def work() -> None:
        for person in model._default_manager.all():
            for name in FIELDS:
                getattr(person, name)

    return work


def read_open_cold(model: type[Model]) -> Work:
    """The same, every data key forgotten first."""

    def work() -> None:
        keys.forget()
        read_open(model)()

    return work


def look_up(model: type[Model], count: int, times: int = 1_000) -> Work:
    """Find people by e-mail, chosen at random but the same each time."""
    numbers = random.Random(SEED)
    wanted = [f"email of person {numbers.randrange(count):07}" for _ in range(times)]

    def work() -> None:
        for email in wanted:
            model._default_manager.get(email=email)

    return work
