"""Whose clock goes wrong."""

from datetime import datetime

from chatapp.doctor.finding import Finding, ok, warn

FAR_SECONDS = 5.0


def clock(name: str, theirs: datetime, ours: datetime) -> Finding:
    """How far another machine's clock is from ours."""
    apart = (theirs - ours).total_seconds()
    if abs(apart) > FAR_SECONDS:
        where = "ahead of" if apart > 0 else "behind"
        return warn(f"{name} clock", f"{abs(apart):.0f} s {where} ours", "let NTP set the clocks of both machines")
    return ok(f"{name} clock", f"within {FAR_SECONDS:.0f} s of ours")
