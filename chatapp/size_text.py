"""How large something is, for people, in every language alike: as `static/js/room/size_text.js` says it."""

STEPS = (("GB", 2**30), ("MB", 2**20), ("kB", 2**10))


def size_text(size: int) -> str:
    """A number of bytes as people read it: "1.5 MB" for 1,572,864."""
    unit, least = next(((unit, least) for unit, least in STEPS if size >= least), ("B", 1))
    return f"{size / least:,.1f}".removesuffix(".0") + f" {unit}"
