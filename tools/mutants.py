"""The mutants of a module: its source with one place changed, one after the other.

Changed are comparisons, arithmetic, `and` and `or`, `not`, conditions, numbers, flags, strings, returned
values, `min` and `max` with their like, entries of tables, keyword arguments and whole statements. Left
alone are docstrings, annotations, `__repr__`, `__all__`, type aliases, sizes of caches, and the wording of
errors and warnings; but not their class nor the facts that they name.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs

COMPARE: dict[type, tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type, type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
TWINS = {"min": "max", "bisect_left": "bisect_right", "any": "all", "sorted": "list", "reversed": "list"}
TWINS |= {twin: name for name, twin in TWINS.items() if twin != "list"}
CACHES = {"lru_cache", "cached_property"}
WORDING = {"msg", "problem", "problems"}
LONGEST = 160  # characters of a line that are shown whole

Change = tuple[ast.AST, str, int | None, list[Any]]


@attrs.frozen
class Mutant:
    """One change: its module, the function it is in, the line before and after, and the whole source."""

    module: str
    where: str
    before: str
    after: str
    source: str = attrs.field(eq=False, repr=False)

    @property
    def key(self) -> str:
        """Its name, which a change anywhere else in the module leaves as it is."""
        return f"{self.module} | {self.where} | {self.before} | {self.after}"


def mutants(module: str, source: str, *, numbers_only: bool) -> Iterator[Mutant]:
    """Yield every mutant of a source once; of a generated table the numbers, each one higher."""
    tree = ast.parse(source)
    plain = ast.unparse(tree).splitlines()
    seen: Counter[tuple[str, str, str]] = Counter()
    for where, (owner, field, place, new) in _changes(tree, [], words=False, once=numbers_only):
        old = getattr(owner, field)
        setattr(owner, field, new[0] if place is None else [*old[:place], *new, *old[place + 1 :]])
        changed = ast.unparse(ast.fix_missing_locations(tree))
        setattr(owner, field, old)
        before, after = _difference(plain, changed.splitlines())
        if before != after:
            seen[where, before, after] += 1
            again = seen[where, before, after]
            yield Mutant(module, where if again == 1 else f"{where} ({again})", before, after, changed)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with together."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _difference(old: list[str], new: list[str]) -> tuple[str, str]:
    """Return the lines that differ; of long ones, what stands near the change."""
    head = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    before, after = (" / ".join(map(str.strip, it[head : len(it) - tail])) for it in (old, new))
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    same = max(_common(before, after) - 50, 0)
    rest = max(_common(before[same + 50 :][::-1], after[same + 50 :][::-1]) - 30, 0)
    return before[same : len(before) - rest], after[same : len(after) - rest]


def _changes(node: ast.AST, names: list[str], *, words: bool, once: bool) -> Iterator[tuple[str, Change]]:
    """Yield where, and what to put into which field, for a node's children and theirs."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "ctx"}:
            continue
        children = value if isinstance(value, list) else [value]
        for place, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_left_alone(child):
                continue
            inner = [*names, child.name] if isinstance(child, ast.FunctionDef | ast.ClassDef) else names
            said = words or _is_wording(child, names)
            index = place if isinstance(value, list) else None
            for new in _instead(child, node, words=said, once=once):
                yield ".".join(names), (node, field, index, [new])
            if index is not None and not once and _may_go(node, field, child, len(children)):
                yield ".".join(names), (node, field, index, [])
            yield from _changes(child, inner, words=said, once=once)


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.FunctionDef(name="__repr__") | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.keyword(arg="repr"):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in CACHES or name == "TypeVar"
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name == "__all__" or (name[:1].isupper() and not name.isupper())
    return False


def _is_wording(node: ast.AST, names: list[str]) -> bool:
    """Tell whether the strings below a statement are the sentence of an error or a warning."""
    match node:
        case ast.Raise():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return name in WORDING
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr))):
            return name in WORDING or (name, attr) == ("warnings", "warn")
        case ast.Expr(value=ast.Yield()):
            return names[-1:] == ["_faults"]
    return False


def _may_go(owner: ast.AST, field: str, child: ast.AST, count: int) -> bool:
    """Tell whether an element can be left out: a keyword, an entry of a table, one of several operands."""
    several = count > 2  # noqa: PLR2004 of two, one alone has another shape
    match owner:
        case ast.Call():
            return field == "keywords"
        case ast.BoolOp():
            return field == "values" and several
        case ast.List(ctx=ast.Load()) | ast.Set():
            return True
        case ast.Tuple(ctx=ast.Load()):
            return several and isinstance(child, ast.Constant | ast.Name | ast.Call)
    return False


def _instead(node: ast.AST, owner: ast.AST, *, words: bool, once: bool) -> Iterator[ast.AST]:
    """Yield what to put in the place of a node."""
    if isinstance(node, ast.Constant):
        yield from _constants(node.value, owner, words=words, once=once)
    elif isinstance(node, ast.stmt):
        yield from _statements(node)
    else:
        yield from _expressions(node)
    test = getattr(owner, "test", None)
    if test is node and isinstance(owner, ast.If | ast.While | ast.IfExp) and isinstance(node, ast.expr):
        if not isinstance(node, ast.Compare):
            yield ast.UnaryOp(ast.Not(), node)
        if isinstance(owner, ast.If):
            yield ast.Constant(value=False)
    is_fact = isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(owner, ast.Call)
    if words and is_fact and node is not getattr(owner, "func", None):
        yield ast.Constant(None)  # a fact that an error names


def _constants(value: object, owner: ast.AST, *, words: bool, once: bool) -> Iterator[ast.AST]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int) and (not once or isinstance(owner, ast.Tuple)):
        yield ast.Constant(value + 1)
        if not once:
            yield ast.Constant(value - 1)
    elif isinstance(value, str) and not words and not isinstance(owner, ast.JoinedStr):
        yield ast.Constant("X" + value)


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Raise(exc=ast.Call(args=args, keywords=keywords), cause=cause):
            yield ast.Pass()
            yield ast.Raise(ast.Call(ast.Name("RuntimeError", ast.Load()), args, keywords), cause)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign() | ast.Continue() | ast.Break() | ast.Raise() | ast.Expr():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()


def _expressions(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 a case for each kind of expression
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for place, op in enumerate(ops):
                for other in COMPARE[type(op)]:
                    yield ast.Compare(left, [*ops[:place], other(), *ops[place + 1 :]], others)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            yield ast.BinOp(left, ARITHMETIC[type(op)](), right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from values if len(values) == 2 else ()  # noqa: PLR2004 see _may_go for more
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.FormattedValue():
            yield ast.Constant("X")
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in TWINS:
            twin = TWINS[name]
            yield ast.Call(ast.Name(twin, ast.Load()), args, [] if twin == "list" else keywords)
        case ast.Dict(keys=keys, values=values):
            for place in range(len(keys)):
                yield ast.Dict(keys[:place] + keys[place + 1 :], values[:place] + values[place + 1 :])
        case ast.comprehension(target=target, iter=source, ifs=tests, is_async=kind):
            for place in range(len(tests)):
                yield ast.comprehension(target, source, tests[:place] + tests[place + 1 :], kind)
