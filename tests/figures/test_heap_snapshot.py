"""What a heap snapshot says."""

from tests.figures.heap_snapshot import code_bytes

FIELDS = ["type", "name", "id", "self_size", "edge_count"]
OBJECT, CODE, STRING = range(3)


def test_code_is_what_has_its_type_wherever_that_stands_among_the_types() -> None:
    nodes = [CODE, 0, 1, 100, 0, OBJECT, 0, 2, 7, 0, STRING, 0, 3, 9, 0, CODE, 0, 4, 20, 0]
    meta = {"node_fields": FIELDS, "node_types": [["object", "code", "string"], "string", "number"]}
    assert code_bytes({"snapshot": {"meta": meta}, "nodes": nodes}) == 120


def test_a_page_without_any_has_none() -> None:
    meta = {"node_fields": FIELDS, "node_types": [["code", "object"]]}
    assert code_bytes({"snapshot": {"meta": meta}, "nodes": [1, 0, 1, 100, 0]}) == 0
