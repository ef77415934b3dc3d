"""Which modules make decoders: threads must not make those of one struct together."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Final

import msgspec

import cancelnorm
from cancelnorm.reader.types import Kind, fields_of, is_struct, item_of, members_of

ROOT: Final = Path(__file__).parents[1]


def decoders(statement: ast.stmt) -> list[ast.Call]:
    """The decoders that a statement makes."""
    calls = (node for node in ast.walk(statement) if isinstance(node, ast.Call))
    return [call for call in calls if ast.unparse(call.func) in ("Decoder", "msgspec.json.Decoder")]


def structs(kind: Kind, found: set[type[msgspec.Struct]]) -> set[type[msgspec.Struct]]:
    """Add the structs that are anywhere in a type."""
    for member in members_of(kind):
        if (item := item_of(member)) is not None:
            structs(item, found)
        elif is_struct(member) and member not in found:
            found.add(member)
            for field in fields_of(member):
                structs(field.kind, found)
    return found


def test_a_decoder_shares_no_struct_unless_it_waits_for_its_turn() -> None:
    """Decoders are made by ``json_decoder``; a module alone makes those of its own structs, while it is imported."""
    users: dict[type, set[str]] = {}
    for path in sorted((ROOT / "cancelnorm").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for statement in ast.parse(path.read_text("utf-8")).body:
            made = decoders(statement)
            if not made or name == "cancelnorm.reader.json_decoder":
                continue
            assert isinstance(statement, ast.Assign | ast.AnnAssign), f"{name}: {ast.unparse(made[0])}"
            names = vars(import_module(name))
            for kind in (eval(ast.unparse(arg), names) for call in made for arg in call.args):
                for struct in structs(kind, set()):
                    users.setdefault(struct, set()).add(name)
    del users[cancelnorm.CancelEvent]
    assert len(users) > 100
    assert [struct for struct, names in users.items() if names != {struct.__module__}] == []
