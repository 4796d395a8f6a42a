"""What a server says of itself to whoever may ask."""

from urllib.request import Request, urlopen

from tests.journeys.server import Server

TOKEN = "a-token-of-the-tests"


def metrics(server: Server) -> dict[str, float]:
    """What one of the workers says, of all of them; the server's METRICS_TOKEN must be `TOKEN`."""
    request = Request(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, value in (line.split() for line in lines if not line.startswith("#"))}
