"""Templates are compiled once for each language, with everything in them that is the same on every page of it.

`_("…")`, `link("…")`, `asset("…")`, `icon("…")` and `language()` with constant arguments become plain text in the
compiled template, and a message with parts, `_("%(count)s món", count=n)`, becomes its texts with the parts between.
So a page costs what differs on it. Names in `CONSTANT` therefore mean nothing else in any template.
"""

import re
from collections.abc import Callable, Iterator, MutableMapping
from types import FunctionType
from typing import Any, cast

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from core.i18n import language

UNSAFE = re.compile("[&<>'\"]").search
Function = Callable[..., Any]
CONSTANT = {"_": "_", "link": "link", "asset": "asset", "icon": "icon_svg", "language": "language"}


def plain(value: Any) -> str:
    """What `escape` writes into a page, without marking it as safe: it is joined to the page at once, never kept."""
    kind = type(value)
    if kind is Markup or (kind is str and not UNSAFE(value)):
        return cast(str, value)
    return str(value) if kind is int else escape(value)


class Code(CodeGenerator):
    """Jinja's, writing values into the page by `plain`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.plain(")


class Page(Context):
    """Jinja's, calling macros and functions directly that want nothing of the context: a page calls a hundred."""

    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        kind = type(__obj)
        if (kind is Macro and __self.eval_ctx.autoescape) or (kind is FunctionType and not __obj.__dict__):
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class Compiled(Template):
    """Jinja's, whose imported components are made once: no template of ours has globals of its own to hand on."""

    def _get_default_module(self, _ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Environment(FlaskEnvironment):
    """Flask's, handing every request to the one of its language."""

    template_class = Compiled
    code_generator_class = Code
    context_class = Page
    plain = staticmethod(plain)

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.language = ""
        self.spoken: dict[str, Environment] = {}

    def of(self, code: str) -> "Environment":
        """The environment of a language; it shares filters, globals and loader with this one."""
        if code not in self.spoken:
            self.spoken[code] = self.overlay()
            self.spoken[code].language = code
        self.spoken[code].loader = self.loader
        return self.spoken[code]

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """A template in the language of this request."""
        if self.language:
            return super().get_template(name, parent, globals)
        return self.of(language()).get_template(name, parent, globals)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language:
            if self.language != language():
                raise RuntimeError(
                    "a template is compiled in the language of the request that first asks for it"
                )
            Folding({name: cast(Function, self.globals[held]) for name, held in CONSTANT.items()}).visit(tree)
        return tree


class Folding(NodeTransformer):
    """Replaces calls of known functions whose arguments are constant by what they return."""

    def __init__(self, known: dict[str, Function]) -> None:
        self.known = known

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Children first; then texts that have come to stand side by side are made one."""
        super().generic_visit(node, *args, **kwargs)
        for name, value in node.iter_fields():
            if isinstance(value, list) and any(isinstance(one, nodes.Output) for one in value):
                setattr(node, name, list(_joined(value)))
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A call with constant arguments, or a message with parts."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name not in self.known or node.dyn_args or node.dyn_kwargs:
            return node
        try:
            args = [one.as_const() for one in node.args]
            kwargs = {one.key: one.value.as_const() for one in node.kwargs}
        except nodes.Impossible:
            return _message(node, self.known["_"]) if name == "_" else node
        return _constant(self.known[name](*args, **kwargs), node)

    def visit_If(self, node: nodes.If) -> Any:
        """Only the branch that this language takes."""
        self.generic_visit(node)
        try:
            chosen = node.body if cast(nodes.Expr, node.test).as_const() else node.else_
        except nodes.Impossible:
            return node
        return node if node.elif_ else chosen

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """The parts of a message stand in the page one by one, not joined first."""
        self.generic_visit(node)
        parts: list[nodes.Expr] = []
        for one in node.nodes:
            parts.extend(one.nodes if isinstance(one, nodes.Concat) else [one])
        node.nodes = parts
        return node


def _constant(value: Any, like: nodes.Node) -> nodes.Const:
    return nodes.Const(value, lineno=like.lineno, environment=like.environment)


def _message(call: nodes.Call, say: Function) -> nodes.Node:
    """`_("%(count)s món", count=n)` as the parts it is made of; as it was, when they are not plain."""
    text, parts = call.args[0], {one.key: one.value for one in call.kwargs}
    if len(call.args) != 1 or not isinstance(text, nodes.Const):
        return call
    holes = dict.fromkeys(parts, "")
    said = str(say(text.value, **{key: Markup(f"\0{key}\0") for key in holes}))
    pieces = said.split("\0")
    if sorted(pieces[1::2]) != sorted(parts) or "\0" in text.value:
        return call
    made: list[nodes.Expr] = [
        parts[piece] if at % 2 else _constant(Markup(piece), call) for at, piece in enumerate(pieces)
    ]
    return nodes.Concat(made, lineno=call.lineno, environment=call.environment)


def _joined(body: list[Any]) -> Iterator[Any]:
    """Outputs that follow one another as one."""
    last: nodes.Output | None = None
    for one in body:
        if isinstance(one, nodes.Output) and last is not None:
            last.nodes = [*last.nodes, *one.nodes]
            continue
        last = one if isinstance(one, nodes.Output) else None
        yield one
