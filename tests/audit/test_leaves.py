"""Leaves are hashed as RFC 9162 says."""

from audit.leaves import canonical, leaf_hash


def test_the_hash_of_an_empty_leaf_is_the_published_one() -> None:
    assert leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_equal_contents_have_equal_bytes_whatever_the_order_of_their_keys() -> None:
    assert canonical({"b": 1, "a": ["é"]}) == canonical({"a": ["é"], "b": 1}) == '{"a":["é"],"b":1}'.encode()
