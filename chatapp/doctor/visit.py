"""How doctor comes: it leaves nothing behind that the server could not use, whoever asks for it."""

import os
import pwd
import secrets
from collections.abc import Mapping
from pathlib import Path

IN_INSTANCE = ("SECRET_KEY", "DATABASE_URL", "STORAGE_URL")  # what lies there as long as nothing else is said


def lacks_instance(environ: Mapping[str, str], instance: Path) -> bool:
    """True before the first start, where we would have to make `instance`: it would be ours and not the server's."""
    is_needed = "DYNO" not in environ and not all(environ.get(name, "").strip() for name in IN_INSTANCE)
    return is_needed and not instance.is_dir()


def become_owner(instance: Path) -> None:
    """As root become who owns `instance`: of what root wrote there, the server could change nothing."""
    if os.geteuid() != 0 or not instance.is_dir():
        return
    found = instance.stat()
    if found.st_uid == 0:
        return
    try:
        os.initgroups(pwd.getpwuid(found.st_uid).pw_name, found.st_gid)
    except KeyError:  # a number alone, as in an image
        os.setgroups([])
    os.setgid(found.st_gid)
    os.setuid(found.st_uid)


def with_a_secret(environ: Mapping[str, str], instance: Path) -> Mapping[str, str]:
    """`environ`; where the server has not made its secret yet, with one that is forgotten: making it is not for us."""
    if "DYNO" in environ or environ.get("SECRET_KEY", "").strip() or (instance / "secret_key").exists():
        return environ
    return {**environ, "SECRET_KEY": secrets.token_urlsafe(48)}
