"""Payloads and what they mean. What came up is looked at before anybody believes it, and becomes a command by the types
of its fields; what goes down is a fact, and becomes JSON by the same.
"""

import types
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

from chatapp.errors import BadRequest

ID_MAX = 2**63 - 1  # what the database's BIGINT holds; a larger one would be an error deep below
LIST_MAX = 200  # items of a list in a payload

JsonObject = dict[str, Any]


class Command:
    """A payload that came up. Unknown keys are ignored; a missing or wrong one is a BadRequest that names it."""

    event: ClassVar[StrEnum]

    @classmethod
    def parse(cls, payload: object) -> Self:
        """This command, from whatever a client sent. Raises BadRequest."""
        if not isinstance(payload, dict):
            raise BadRequest(field="payload")
        return cls(**{each.name: _checked(payload, each, hint) for each, hint in _hinted_fields(cls)})  # type: ignore[arg-type]


class Fact:
    """A payload that goes down."""

    def as_json(self) -> JsonObject:
        """The payload as JSON types."""
        return _fields_of(self)


@dataclass(frozen=True, kw_only=True)
class UploadFact(Fact):
    """A file of a message. `kind` says how it is shown: picture, video, audio or file; `size` in bytes.

    While it `is_held` nobody but its author can fetch it: it is looked at. `thumbnail` is where its small copy is.
    One that `is_infected` is gone.
    """

    id: int
    name: str
    media_type: str
    kind: str
    size: int
    width: int | None
    height: int | None
    is_animated: bool
    alt: str | None
    url: str
    is_held: bool
    is_infected: bool
    thumbnail: str | None


def _checked(payload: JsonObject, each: Any, hint: Any) -> object:
    value = payload.get(each.name)
    if value is None and each.default is not MISSING:
        return each.default
    if not _fits(value, hint):
        raise BadRequest(field=each.name)
    return tuple(value) if isinstance(value, list) else value


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) in (Union, types.UnionType):
        return any(_fits(value, option) for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        items = value if isinstance(value, list) and len(value) <= LIST_MAX else [None]
        return all(_fits(item, get_args(hint)[0]) for item in items)
    # type(), not isinstance(): JSON's true is a bool, which Python takes for the number 1.
    return type(value) is hint and (hint is not int or 0 <= value <= ID_MAX)  # type: ignore[operator]


def _fields_of(fact: Fact) -> JsonObject:
    # Not `asdict`: it copies deeply what nobody can change, and is a quarter of what a page of 200 messages costs.
    kind: type = type(fact)
    return {name: _as_json(getattr(fact, name)) for name in _names_of(kind)}


def _as_json(value: object) -> object:
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    return _fields_of(value) if isinstance(value, Fact) else value


@cache
def _hinted_fields(kind: Any) -> list[tuple[Any, Any]]:
    hints = get_type_hints(kind)
    return [(each, hints[each.name]) for each in fields(kind)]


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
