"""What concerns the company as a whole."""

from uuid import uuid4

from chatapp import db
from chatapp.models import Company


def begin_epoch() -> bool:
    """Begin a new epoch: browsers then drop what they remember of the time before. False when there is no company.

    For after a restore: numbers and versions that somebody has seen are then given again to something else.
    """
    with db.transaction():
        company = Company.the_one()
        if company is not None:
            company.epoch = str(uuid4())
    return company is not None
