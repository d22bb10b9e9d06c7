import pytest

from agreements.evidence import network_prefix, user_agent_sha256


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        (" 203.0.113.77 ", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678:9abc::1", "2001:db8:1234::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::1", "::/48"),
        ("", ""),
        ("unknown", ""),
        ("203.0.113.77, 10.0.0.1", ""),
    ],
)
def test_an_address_is_cut_to_its_network(address, prefix):
    assert network_prefix(address) == prefix


def test_a_browser_is_kept_as_a_hash():
    assert len(user_agent_sha256("Mozilla/5.0")) == 64
    assert user_agent_sha256("") == ""
