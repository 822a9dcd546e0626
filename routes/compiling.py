"""What is known when a template is compiled is worked out then, once, and not for each request.

Every language has templates of its own, so `_("Save")` is "Lagre" and `static("css/base.css")` an address with its hash
in the compiled code already, and a part that is the same on every page is text. Macros that want nothing from the page
that imports them are imported without it: Jinja keeps such an import, while one `with context` runs the macros' file
anew each time, for each row of a list. What they make of mere words, an icon or a badge, is remembered. A part that is
included stands in the code of the page itself; an error in it names the page's file and the part's line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

from jinja2 import Environment, Template, meta, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

_Part = nodes.FromImport | nodes.Import | nodes.Include
# Filters that read the time zone from the page they are used on.
OF_THE_PAGE = frozenset({"datetime", "time"})
WORDS = frozenset({str, Markup})
STRAIGHT = frozenset({Macro, FunctionType, MethodType})
MOST_REMEMBERED = 256


def _safe(value: Any) -> str:
    """As `escape`, for a text that is only put between others: most are plain or safe already, and need no new Markup."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    return _escape_inner(value) if kind is str else escape(value)


class PlainContext(Context):
    """A context that calls macros and functions straight; Jinja asks in three ways whether they want the context."""

    def call(self, called: Callable[..., Any], *values: Any, **named: Any) -> Any:
        if type(called) not in STRAIGHT or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *values, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*values, **named)


class CompiledTemplate(Template):
    """A template whose globals are all those of its environment, so that no import need compare them."""

    @classmethod
    def _from_namespace(cls, environment: Environment, namespace: Any, globals: Any) -> Template:
        namespace["escape"] = _safe
        return super()._from_namespace(environment, namespace, globals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = super()._get_default_module()
            for name, macro in vars(self._module).items():
                if isinstance(macro, Macro):
                    setattr(self._module, name, _remembering(macro))
        return self._module


def _remembering(macro: Macro) -> Callable[..., str]:
    """`macro`, called once for each set of words. Whatever else it is given, it is called each time."""
    # Typed, so that a text which is safe already is never taken for the same text typed by somebody.
    known = lru_cache(maxsize=MOST_REMEMBERED, typed=True)(macro)

    def call(*values: Any, **named: Any) -> str:
        only_words = not named and WORDS.issuperset(map(type, values))
        return known(*values) if only_words else macro(*values, **named)

    return call


class CompilingEnvironment(Environment):
    """An environment that knows its language before it compiles anything."""

    template_class = CompiledTemplate
    context_class = PlainContext

    def __init__(self, translate: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.translate = translate
        self._alone: dict[str, bool] = {}
        self._ready: dict[Any, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """Asked some twenty times by each page, for its parts; nothing is ever loaded anew."""
        found = self._ready.get(name)
        if found is None:
            found = self._ready[name] = super().get_template(name, parent, globals)
        return found

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        """Jinja's hook between parsing a template and writing its code."""
        return super()._generate(_Known(self).visit(source), *args, **kwargs)

    def stands_alone(self, name: str) -> bool:
        """Do the macros of this file want nothing from the page that imports them?"""
        if name not in self._alone:
            self._alone[name] = False  # as long as it is not known: it may include itself
            tree = self.parsed(name)
            wanted = meta.find_undeclared_variables(tree) - self.globals.keys()
            filters = {node.name for node in tree.find_all(nodes.Filter)}
            parts: list[_Part] = [
                *tree.find_all(nodes.FromImport), *tree.find_all(nodes.Import), *tree.find_all(nodes.Include)
            ]  # fmt: skip
            alone = all(self.imports_alone(node.template) for node in parts)
            self._alone[name] = alone and not wanted and not filters & OF_THE_PAGE
        return self._alone[name]

    def parsed(self, name: str) -> nodes.Template:
        assert self.loader is not None
        return self.parse(self.loader.get_source(self, name)[0], name)

    def imports_alone(self, template: nodes.Expr) -> bool:
        return isinstance(template, nodes.Const) and self.stands_alone(template.value)


class _Known(NodeTransformer):
    """Puts constants in the place of calls, and plain imports in the place of those that need no page."""

    def __init__(self, environment: CompilingEnvironment, within: tuple[str, ...] = ()) -> None:
        self.environment = environment
        self.within = within

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        text = _only_text(node)
        if text is None or not isinstance(node.node, nodes.Name):
            return node
        if node.node.name in ("_", "gettext"):
            # As Jinja's own newstyle gettext does it, where %% stands for a percent sign.
            return nodes.Const(Markup(self.environment.translate(text)) % {}, lineno=node.lineno)  # noqa: S704
        if node.node.name == "static":
            return nodes.Const(self.environment.globals["static"](text), lineno=node.lineno)  # type: ignore[operator]
        return node

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802
        if not isinstance(node.template, nodes.Const) or not node.with_context:
            return node
        if self.environment.imports_alone(node.template):
            text = self.environment.get_template(node.template.as_const()).render()
            return nodes.Output([nodes.TemplateData(text)], lineno=node.lineno)
        return self._in_place(node, node.template.value)

    def _in_place(self, node: nodes.Include, name: str) -> nodes.Node:
        """The part itself, in a scope of its own; one that includes itself is left to Jinja."""
        if name in self.within:
            return node
        part = self.environment.parsed(name)
        return nodes.Scope(_Known(self.environment, (*self.within, name)).visit(part).body, lineno=node.lineno)

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:  # noqa: N802
        if self.environment.imports_alone(node.template):
            node.with_context = False
        return node


def _only_text(node: nodes.Call) -> str | None:
    """The text of a call with nothing but a text in its brackets."""
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
        return None
    argument = node.args[0]
    return argument.value if isinstance(argument, nodes.Const) and isinstance(argument.value, str) else None
