"""What a heap snapshot of Chromium says, as its DevTools protocol tells it."""

from typing import Any

CODE = "code"  # the type of bytecode, machine code and what belongs to them


def code_bytes(snapshot: dict[str, Any]) -> int:
    """How many bytes in it are code that the engine has compiled.

    Nodes stand one after the other in one flat list; `meta` names the fields of a node and the types.
    """
    meta = snapshot["snapshot"]["meta"]
    fields = meta["node_fields"]
    size = len(fields)
    code = meta["node_types"][fields.index("type")].index(CODE)
    types = snapshot["nodes"][fields.index("type") :: size]
    sizes = snapshot["nodes"][fields.index("self_size") :: size]
    return sum(bytes_ for type_, bytes_ in zip(types, sizes, strict=True) if type_ == code)
