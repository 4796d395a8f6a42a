"""How many connections a process may hold."""

import resource

SHARE_FOR_CONNECTIONS = 0.75  # as chatapp/server/serving.py divides them: the others are for files and the database


def allow_connections(wanted: int) -> int:
    """How many of these are allowed to us and to all that we start, once the soft limit is raised for them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = int(wanted / SHARE_FOR_CONNECTIONS) + 1
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, int(soft * SHARE_FOR_CONNECTIONS))
