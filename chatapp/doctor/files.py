"""Where the bytes of files go, and what looks at them."""

from chatapp.clamd import Clamd, ScannerAway
from chatapp.config import Settings
from chatapp.doctor.finding import Finding, ok, wrong
from chatapp.errors import ChatError
from chatapp.storage import Store, new_key

PROBE = b"chatapp doctor"
# The virus that is none, which every scanner knows. In two pieces: a scanner must not find it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def store(settings: Settings, found: Store) -> Finding:
    """Whether bytes that are put there come back, and go when they shall."""
    place = settings.storage_url.partition(":")[0] + ":"
    key = new_key()
    try:
        try:
            found.put(key, [PROBE])
            is_same = b"".join(found.open(key, 0, len(PROBE))) == PROBE
        finally:
            found.delete(key)
        is_gone = found.size(key) is None
    except ChatError as error:
        return wrong("files", f"STORAGE_URL={place} does not take them ({error.code})", _advice(place))
    if not (is_same and is_gone):
        return wrong("files", f"STORAGE_URL={place} gives back something else than it took", _advice(place))
    return ok("files", f"STORAGE_URL={place} takes, gives and forgets")


def scanner(settings: Settings) -> Finding:
    """Whether the scanner that was named looks at files, and knows a virus."""
    clamd = Clamd.of(settings)
    if clamd is None:
        return ok("scanner", "not used")
    try:
        is_clean, is_found = clamd.scan([PROBE]).is_clean, bool(clamd.scan([EICAR]).finding)
    except ScannerAway:
        return wrong("scanner", "does not answer: files wait for it", "start clamd, or correct CLAMD_URL")
    if not (is_clean and is_found):
        return wrong("scanner", "it cannot tell a virus from a text", "let freshclam fetch what it knows")
    return ok("scanner", "finds the virus that is none")


def _advice(place: str) -> str:
    if place == "file:":
        return "let the folder exist, be writable by this user, and have room"
    if place == "db:":
        return "mend the database first"
    return "look at STORAGE_KEY_ID, STORAGE_SECRET_KEY, the bucket's name and its endpoint"
