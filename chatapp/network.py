"""Where somebody calls from."""

from ipaddress import ip_address, ip_network

IPV6_NETWORK_BITS = 64  # what a provider gives to one house: they have as many addresses in it as they like


def network_of(address: str | None) -> str:
    """The house that somebody calls from: an address, of the newer kind the first half of it."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or ""
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ip_network((found, IPV6_NETWORK_BITS), strict=False))
