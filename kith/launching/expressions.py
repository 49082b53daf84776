"""`$(eval …)`: Python expressions over plain values, and nothing else.

Launch hands the text to Python's own `eval`. Here the same expressions mean the same, but only values, operators,
comparisons, the functions of `math`, a few harmless built-in ones and the methods of text can be named: no import,
no attribute that begins with an underscore, no comprehension, no huge power.
"""

import ast
import math
import operator
import sys
from collections.abc import Callable
from typing import Any

_BUILTINS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (abs, all, any, bool, float, int, len, list, max, min, round, sorted, str, sum, tuple)
}
_MATH = {name: value for name, value in vars(math).items() if not name.startswith("_")}
_TEXT_METHODS = frozenset(
    {"capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdigit", "islower"}
    | {"isnumeric", "isupper", "join", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace"}
    | {"rpartition", "rsplit", "rstrip", "split", "startswith", "strip", "title", "upper"}
)
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_LARGEST = 10_000  # characters, elements or bits: a launch file needs no more, and a slip must not fill the memory


class ExpressionError(ValueError):
    """The expression cannot be evaluated; the message says why, in one line."""


def evaluate(expression: str, modules: tuple[str, ...] = ("math",)) -> str:
    """The value of `expression` as text.

    `modules`: those it may name: `math` (its functions then also count without the prefix) and `sys` (of which only
    `prefix`, the directory that this Python is installed in). Errors: ExpressionError.
    """
    for module in modules:
        if module not in ("math", "sys"):
            raise ExpressionError(f"the module {module!r} may not be used in $(eval …), only math and sys")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
        return str(_Evaluator(modules).value(tree.body))
    except ExpressionError:
        raise
    except RecursionError:
        raise ExpressionError("the expression is nested too deeply") from None
    except Exception as problem:
        # Whatever Python's own eval would have raised, in one line.
        text = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise ExpressionError(f"{expression!r} cannot be evaluated: {text}") from None


class _Evaluator:
    def __init__(self, modules: tuple[str, ...]) -> None:
        self._math = "math" in modules
        self._sys = "sys" in modules

    def value(self, node: ast.expr) -> Any:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionError(f"{ast.unparse(node)!r} may not be used in $(eval …)")
        return method(node)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        if self._math and node.id in _MATH:
            return _MATH[node.id]
        if node.id in _BUILTINS:
            return _BUILTINS[node.id]
        raise ExpressionError(f"the name {node.id!r} is not known in $(eval …); text needs quotation marks")

    def _attribute(self, node: ast.Attribute) -> Any:
        if isinstance(node.value, ast.Name):
            if node.value.id == "math" and self._math and node.attr in _MATH:
                return _MATH[node.attr]
            if node.value.id == "sys" and self._sys and node.attr == "prefix":
                return sys.prefix
        owner = self.value(node.value)
        if isinstance(owner, str) and node.attr in _TEXT_METHODS:
            return getattr(owner, node.attr)
        raise ExpressionError(f"{ast.unparse(node)!r} may not be used in $(eval …)")

    def _call(self, node: ast.Call) -> Any:
        if any(keyword.arg is None for keyword in node.keywords) or any(isinstance(a, ast.Starred) for a in node.args):
            raise ExpressionError(f"{ast.unparse(node)!r} may not be used in $(eval …)")
        function = self.value(node.func)
        arguments = [self.value(argument) for argument in node.args]
        if function is math.pow or function in (math.factorial, math.comb, math.perm):
            self._small(*arguments)
        keywords = {keyword.arg: self.value(keyword.value) for keyword in node.keywords if keyword.arg}
        return self._bounded(function(*arguments, **keywords))

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        kind = type(node.op)
        if kind not in _BINARY:
            raise ExpressionError(f"{ast.unparse(node)!r} may not be used in $(eval …)")
        if kind is ast.Pow:
            self._small(left, right)
        if kind is ast.Mult and not all(isinstance(side, int | float) for side in (left, right)):
            self._small(*(side for side in (left, right) if isinstance(side, int)))
        if kind is ast.Mod and isinstance(left, str):
            self._small(len(left))
        return self._bounded(_BINARY[kind](left, right))

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        return _UNARY[type(node.op)](self.value(node.operand))

    def _boolop(self, node: ast.BoolOp) -> Any:
        result: Any = None
        for item in node.values:
            result = self.value(item)
            if bool(result) is isinstance(node.op, ast.Or):
                break
        return result

    def _compare(self, node: ast.Compare) -> Any:
        left = self.value(node.left)
        result: Any = True
        for kind, item in zip(node.ops, node.comparators, strict=True):
            right = self.value(item)
            result = _COMPARE[type(kind)](left, right)
            if not result:
                break
            left = right
        return result

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def _subscript(self, node: ast.Subscript) -> Any:
        return self.value(node.value)[self.value(node.slice)]

    def _slice(self, node: ast.Slice) -> slice:
        return slice(*(None if part is None else self.value(part) for part in (node.lower, node.upper, node.step)))

    def _list(self, node: ast.List) -> list[Any]:
        return [self.value(item) for item in node.elts]

    def _tuple(self, node: ast.Tuple) -> tuple[Any, ...]:
        return tuple(self.value(item) for item in node.elts)

    def _dict(self, node: ast.Dict) -> dict[Any, Any]:
        if None in node.keys:
            raise ExpressionError(f"{ast.unparse(node)!r} may not be used in $(eval …)")
        return {self.value(key): self.value(item) for key, item in zip(node.keys, node.values, strict=True) if key}

    def _small(self, *numbers: Any) -> None:
        if any(isinstance(number, int | float) and abs(number) > _LARGEST for number in numbers):
            raise ExpressionError("a number in $(eval …) is too large")

    def _bounded(self, result: Any) -> Any:
        if isinstance(result, int) and result.bit_length() > _LARGEST:
            raise ExpressionError("a number in $(eval …) is too large")
        if isinstance(result, str | list | tuple) and len(result) > _LARGEST:
            raise ExpressionError("a text in $(eval …) is too long")
        return result
