"""The parts of a web request that an acceptance keeps: enough to recognise it, too little to follow a person."""

from ipaddress import IPv6Address, ip_address, ip_network

from agreements.models import sha256_of

PREFIX_LENGTH = {4: 24, 6: 48}


def network_prefix(address: str) -> str:
    """Give the network of an IP address, /24 for IPv4 and /48 for IPv6; empty when it is no address."""
    try:
        ip = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    # A server that listens on both families shows IPv4 callers as IPv6.
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ip_network(f"{ip}/{PREFIX_LENGTH[ip.version]}", strict=False))


def user_agent_sha256(user_agent: str) -> str:
    """Give the SHA-256 of a browser's name; empty when it gave none."""
    return sha256_of(user_agent) if user_agent else ""
