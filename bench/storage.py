"""The figures of sealed storage against plain storage and the peer, on one database."""

from collections.abc import Iterator

from django.db import connection

from bench import people
from bench.measure import Row, in_turn
from bench.models import PeerPerson, PlainPerson, SealedPerson

GOALS = {  # the bound on each ratio to plain storage
    "sqlite": {"closed": 1.5, "warm": 3.6, "cold": 7.0, "insert": 4.5, "look-up": 1.2},
    "postgresql": {"closed": 1.9, "warm": 4.9, "cold": 8.0, "insert": 5.5, "look-up": 1.15},
}
KINDS = (PlainPerson, SealedPerson, PeerPerson)
MANY = 100_000


def measure(vendor: str) -> Iterator[Row]:
    """Give every figure of this database."""
    goals = GOALS[vendor]
    for model in KINDS:
        people.fill(model)
    plain, sealed, peer = in_turn(*map(people.read_closed, KINDS))
    yield Row(f"{vendor}: read, nothing opened", sealed / plain, "× plain", goals["closed"])
    if vendor == "sqlite":
        yield Row(f"{vendor}: read, nothing opened", peer / sealed, "× faster than encrypt()", 15, at_least=True)
    plain, warm, cold, peer = in_turn(
        people.read_open(PlainPerson),
        people.read_open(SealedPerson),
        people.read_open_cold(SealedPerson),
        people.read_open(PeerPerson),
    )
    yield Row(f"{vendor}: read, all eight opened, keys warm", warm / plain, "× plain", goals["warm"])
    yield Row(f"{vendor}: read, all eight opened, keys cold", cold / plain, "× plain", goals["cold"])
    if vendor == "sqlite":
        yield Row(f"{vendor}: read, all eight opened", peer / warm, "× faster than encrypt()", 5, at_least=True)
    yield from measure_writing(vendor)


def measure_writing(vendor: str) -> Iterator[Row]:
    """Give the figures of inserting and of finding among many."""
    goals, invented = GOALS[vendor], people.invent(people.PEOPLE)
    plain, sealed = in_turn(people.insert_again(PlainPerson, invented), people.insert_again(SealedPerson, invented))
    yield Row(f"{vendor}: bulk insert, two blind indexes, data keys", sealed / plain, "× plain", goals["insert"])
    for model in (PlainPerson, SealedPerson):
        people.empty(model)
        people.fill(model, MANY)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    plain, sealed = in_turn(people.look_up(PlainPerson, MANY), people.look_up(SealedPerson, MANY))
    yield Row(f"{vendor}: look-up by e-mail, 100,000 accounts", sealed / plain, "× plain", goals["look-up"])
