"""The faults: each is a piece of a module's source that is replaced by another."""

import ast
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

__all__ = ["Mutant", "mutants"]


class Mutant(NamedTuple):
    """A fault: the bytes from ``start`` to ``end`` of a file are replaced."""

    path: str
    line: int
    kind: str
    start: int
    end: int
    new: str

    def apply(self, source: bytes) -> bytes:
        """The source with the fault."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.kind}"


_COMPARISONS: Final[dict[type[ast.cmpop], tuple[str, str]]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_ARITHMETIC: Final[dict[type[ast.operator], tuple[str, str]]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.FloorDiv: ("//", "*"),
    ast.BitAnd: ("&", "|"),
}
_UNMARKED: Final = {
    "DecimalText": "str",
    "DecimalOrEmpty": "str",
    "NamingText": "str",
    "Prose": "str",
    "EpochText": "str",
    "Epoch": "int",
    "DecimalNumber": "__import__('msgspec').Raw",
    "NumberOrEmpty": "__import__('msgspec').Raw",
    "NumberOrWord": "__import__('msgspec').Raw",
}
"""Scalars that are checked, and what they are without the check."""
_USUAL: Final = ("zip", "strict=False")
"""A function, and an argument without which it does the same."""
_UNSET: Final = "__import__('msgspec').UNSET"
_UNSET_TYPE: Final = "__import__('msgspec').UnsetType"


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """Every fault of a module, in the order of its lines."""
    found = {(mutant.start, mutant.end, mutant.new): mutant for mutant in _Visitor(path, source).found()}
    yield from (found[place] for place in sorted(found))


class _Visitor(ast.NodeVisitor):
    def __init__(self, path: str, source: str) -> None:
        self._path = path
        self._source = source.encode()
        self._starts = [0]
        for line in self._source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._mutants: list[Mutant] = []

    def found(self) -> list[Mutant]:
        self.visit(ast.parse(self._source))
        return self._mutants

    # --- Places in the source ---

    def _start(self, node: Any) -> int:
        return int(self._starts[node.lineno - 1] + node.col_offset)

    def _end(self, node: Any) -> int:
        return int(self._starts[node.end_lineno - 1] + node.end_col_offset)

    def _text(self, node: ast.AST) -> str:
        return self._source[self._start(node) : self._end(node)].decode()

    def _add(self, kind: str, start: int, end: int, new: str) -> None:
        line = self._source[:start].count(b"\n") + 1
        self._mutants.append(Mutant(self._path, line, kind, start, end, new))

    def _replace(self, kind: str, node: ast.AST, new: str) -> None:
        self._add(kind, self._start(node), self._end(node), new)

    def _operator(self, kind: str, left: ast.AST, right: ast.AST, old: str, new: str) -> None:
        """Replace the operator between two operands."""
        gap = self._source[self._end(left) : self._start(right)].decode()
        at = gap.find(old)
        if at >= 0 and "#" not in gap[:at]:
            start = self._end(left) + len(gap[:at].encode())
            self._add(f"{kind}: {old} → {new}", start, start + len(old), new)

    def _dropped(self, kind: str, parts: list[Any], brackets: str = "") -> None:
        """Drop each of several parts between commas; ``brackets`` are those of a tuple, a list or a set."""
        texts = [self._text(part) for part in parts]
        for i in range(len(texts)):
            rest = ", ".join(texts[:i] + texts[i + 1 :]) + "," * (brackets == "()" and len(texts) == 2)
            self._add(f"{kind} {texts[i]:.40} dropped", self._start(parts[0]), self._end(parts[-1]), rest)

    # --- Expressions ---

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, operands, operands[1:], strict=False):
            self._operator("comparison", left, right, *_COMPARISONS[type(operator)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._operator("boolean operator", left, right, *words)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _ARITHMETIC:
            self._operator("arithmetic", node.left, node.right, *_ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._add("not removed", self._start(node), self._start(node.operand), "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        match node.value:
            case bool():
                self._replace(f"constant: {node.value} → {not node.value}", node, str(not node.value))
            case int():
                self._replace(f"constant: {node.value} → {node.value + 1}", node, str(node.value + 1))
            case str():
                self._replace(f"constant: {self._text(node):.60} → …x", node, repr(node.value + "x"))
            case bytes():
                self._replace(f"constant: {self._text(node):.60} → …x", node, repr(node.value + b"x"))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Change the text of an f-string; the values in it are visited, where they have places of their own."""
        if any(isinstance(part, ast.Constant) for part in node.values):
            prose = [part for part in node.values if isinstance(part, ast.Constant)]
            old = str(prose[0].value)
            prose[0].value = old + "x"
            self._replace(f"text: {self._text(node):.60} → …x", node, ast.unparse(node))
            prose[0].value = old

    def visit_List(self, node: ast.List) -> None:
        self._dropped("entry", node.elts)
        self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> None:
        if len(node.elts) > 1:
            self._dropped("entry", node.elts)
        self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        if isinstance(node.ctx, ast.Load) and self._text(node).startswith("(") and len(node.elts) > 1:
            self._dropped("entry", node.elts, "()")
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        rows = [
            f"**{self._text(value)}" if key is None else f"{self._text(key)}: {self._text(value)}"
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        for i, row in enumerate(rows):
            rest = ", ".join(rows[:i] + rows[i + 1 :])
            self._replace(f"row {row:.40} dropped", node, f"{{{rest}}}")
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if self._text(node.value) == "Callable":  # of its parts nothing is known when the code runs
            return
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            words = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if len(words) > 1:
                self._dropped("word", words)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        plain = [part for part in node.args if not isinstance(part, ast.Starred)]
        if len(plain) == len(node.args) > 1 and self._text(plain[0]) != self._text(plain[1]):
            first, second = plain[:2]
            gap = self._source[self._end(first) : self._start(second)].decode()
            swapped = self._text(second) + gap + self._text(first)
            if "(" not in gap and ")" not in gap:
                self._add("arguments swapped", self._start(first), self._end(second), swapped)
        parts = sorted([*node.args, *node.keywords], key=self._start)
        for i, part in enumerate(parts):
            if not isinstance(part, ast.keyword) or (self._text(node.func), self._text(part)) == _USUAL:
                continue
            if part.arg not in (None, "gc"):  # what is collected says the same
                rest = ", ".join(self._text(each) for each in parts[:i] + parts[i + 1 :])
                self._add(f"argument {part.arg} dropped", self._start(parts[0]), self._end(parts[-1]), rest)
        self.generic_visit(node)

    # --- Statements ---

    def _visit_test(self, node: ast.If | ast.IfExp | ast.While) -> None:
        if not isinstance(node.test, ast.Compare | ast.UnaryOp | ast.BoolOp):
            self._replace("condition negated", node.test, f"not ({self._text(node.test)})")
        self.generic_visit(node)

    visit_If = visit_IfExp = visit_While = _visit_test  # noqa: N815  # as ast calls them

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and self._text(node.value) not in ("None", "False"):  # which say the same
            self._replace("None returned", node, "return None")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._replace("statement deleted", node, "pass")
            self.generic_visit(node)

    def _visit_jump(self, node: ast.stmt) -> None:
        self._replace("statement deleted", node, "pass")
        self.generic_visit(node)

    visit_Raise = visit_Continue = visit_Break = visit_AugAssign = _visit_jump  # noqa: N815

    def visit_Assign(self, node: ast.Assign) -> None:
        [target] = node.targets[:1]
        if isinstance(target, ast.Name) and target.id == "__all__":
            return
        if isinstance(target, ast.Attribute | ast.Subscript):
            self._replace("statement deleted", node, "pass")
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(default)
        for part in [*node.body, *node.decorator_list]:
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    # --- Structs ---

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        parts = [*node.bases, *node.keywords]
        for i, part in enumerate(parts):
            if isinstance(part, ast.keyword) and part.arg != "gc":  # what is collected says the same
                rest = ", ".join(self._text(each) for each in parts[:i] + parts[i + 1 :])
                self._add(
                    f"flag {self._text(part)} dropped", self._start(parts[0]), self._end(parts[-1]), rest
                )
                self.visit(part.value)
        for part in node.body:
            if isinstance(part, ast.AnnAssign) and self._is_read(node):
                self._field(part)
            self.visit(part)

    def _is_read(self, node: ast.ClassDef) -> bool:
        """Whether a class says what is read from JSON."""
        names = {self._text(base) for base in node.bases}
        if "/venues/" in self._path:
            return "NamedTuple" not in names
        flags = {keyword.arg for keyword in node.keywords}
        return bool(names & {"Exact", "Camel"} or flags & {"rename", "forbid_unknown_fields"})

    def _field(self, node: ast.AnnAssign) -> None:
        kind, start, end = self._text(node.annotation), self._start(node.annotation), self._end(node)
        self._words(node.annotation)
        if "ClassVar" in kind:
            return
        names = [part.strip() for part in kind.split("|")]
        if node.value is None:
            self._add("optional", start, end, f"{kind} | {_UNSET_TYPE} = {_UNSET}")
        elif self._text(node.value) == "UNSET":
            self._add("required", start, end, kind)
        if "None" in names:
            rest = " | ".join(name for name in names if name != "None")
            self._add("None refused", start, self._end(node.annotation), rest)
        elif kind != "Any":
            self._add("None accepted", start, self._end(node.annotation), f"{kind} | None")
        for name in names:
            if name in _UNMARKED:
                rest = " | ".join(_UNMARKED.get(each, each) for each in names)
                self._add(f"{name} not checked", start, self._end(node.annotation), rest)
                break

    def _words(self, annotation: ast.expr) -> None:
        """The faults of a ``Literal`` in the type of a field."""
        for part in ast.walk(annotation):
            if isinstance(part, ast.Subscript) and self._text(part.value) == "Literal":
                self.visit(part)
