"""A deployment to look at."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from chatapp import config, create_app
from chatapp.config import Settings
from chatapp.doctor.finding import Finding

SECRET = "Zx8k-3Qm_pL7tR2vY9sW4nB6cD1fG5hJ"


def settings_of(**environ: str) -> Settings:
    """The settings that an environment gives."""
    return config.load({"SECRET_KEY": SECRET, **environ})


@contextmanager
def application(settings: Settings, **changes: object) -> Iterator[Flask]:
    """An application with these settings, in its context."""
    app = create_app(replace(settings, **changes))  # type: ignore[arg-type]
    try:
        with app.app_context():
            yield app
    finally:
        app.extensions["chatapp_engine"].dispose()


def states(findings: Iterable[Finding]) -> dict[str, str]:
    """How each check stands."""
    return {finding.check: str(finding.state) for finding in findings}
