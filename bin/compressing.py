"""A static file as a .gz: the same bytes always give the same ones, with no time and no name in them."""

import gzip

try:
    from zopfli.gzip import compress as squeeze
except ImportError:  # a Python that lacks the app's packages: some 4 % more to load, and otherwise the same
    squeeze = None


def gzipped(plain: bytes) -> bytes:
    """What a browser unpacks to `plain`: as small as gzip can be, since it is made once and loaded often."""
    return squeeze(plain) if squeeze else gzip.compress(plain, compresslevel=9, mtime=0)
