"""What is known when a template is compiled is worked out then, once, and not for each request.

Every language has templates of its own, so `_("Save")` is "Lagre" and `static("css/base.css")` an address with its hash
in the compiled code already, and a part that is the same on every page is text. Macros that want nothing from the page
that imports them are imported without it: Jinja keeps such an import, while one `with context` runs the macros' file
anew each time, for each row of a list. What they make of mere words, an icon or a badge, is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, Template, meta, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

_Part = nodes.FromImport | nodes.Import | nodes.Include
# Filters that read the time zone from the page they are used on.
OF_THE_PAGE = frozenset({"datetime", "time"})
WORDS = frozenset({str, Markup})
MOST_REMEMBERED = 256


class CompiledTemplate(Template):
    """A template whose globals are all those of its environment, so that no import need compare them."""

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

    def __init__(self, translate: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self.translate = translate
        self._alone: dict[str, bool] = {}

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        """Jinja's hook between parsing a template and writing its code."""
        return super()._generate(_Known(self).visit(source), *args, **kwargs)

    def stands_alone(self, name: str) -> bool:
        """Do the macros of this file want nothing from the page that imports them?"""
        if name not in self._alone:
            assert self.loader is not None
            tree = self.parse(self.loader.get_source(self, name)[0], name)
            wanted = meta.find_undeclared_variables(tree) - self.globals.keys()
            filters = {node.name for node in tree.find_all(nodes.Filter)}
            parts: list[_Part] = [
                *tree.find_all(nodes.FromImport), *tree.find_all(nodes.Import), *tree.find_all(nodes.Include)
            ]  # fmt: skip
            alone = all(self.imports_alone(node.template) for node in parts)
            self._alone[name] = alone and not wanted and not filters & OF_THE_PAGE
        return self._alone[name]

    def imports_alone(self, template: nodes.Expr) -> bool:
        return isinstance(template, nodes.Const) and self.stands_alone(template.value)


class _Known(NodeTransformer):
    """Puts constants in the place of calls, and plain imports in the place of those that need no page."""

    def __init__(self, environment: CompilingEnvironment) -> None:
        self.environment = environment

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
        if not self.environment.imports_alone(node.template):
            return node
        text = self.environment.get_template(node.template.as_const()).render()
        return nodes.Output([nodes.TemplateData(text)], lineno=node.lineno)

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
