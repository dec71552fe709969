"""What the names in a part's code stand for: `layers.Layer` as `keras.layers.Layer`."""

import ast
from dataclasses import dataclass, field

from workbench.domain.catalogue import Category, ClassEntry, keras_catalogue

# The classes that Keras gives to derive from, by what is made of them; each stands in `keras` as well.
BASES: dict[str, Category] = {
    "Layer": "layers",
    "Loss": "losses",
    "Metric": "metrics",
    "Initializer": "initializers",
    "Regularizer": "regularizers",
    "Constraint": "constraints",
    "Callback": "callbacks",
}
_MODULES: tuple[Category, ...] = tuple(dict.fromkeys(BASES.values()))

_WRAPPER = ClassEntry("Wrapper", "layers", "", "", wraps=True)


@dataclass
class Names:
    """What the imports of a file bind: names with the dotted paths that they stand for."""

    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: ast.Module) -> "Names":
        """Those that are imported at the top of a file."""
        names = cls()
        for statement in tree.body:
            match statement:
                case ast.Import(names=imported):
                    for each in imported:
                        first = each.name.split(".")[0]
                        names.known[each.asname or first] = each.name if each.asname else first
                case ast.ImportFrom(module=str(module), names=imported, level=0):
                    names.known |= {each.asname or each.name: f"{module}.{each.name}" for each in imported}
        return names

    def path(self, node: ast.expr) -> str:
        """The dotted path of an expression with `keras` at its front, or the text of a plain name; else empty."""
        match node:
            case ast.Name(id=name):
                return _of_keras(self.known.get(name, name))
            case ast.Attribute(value=value, attr=attr):
                before = self.path(value)
                return _of_keras(f"{before}.{attr}") if before else ""
        return ""


def category_of(path: str) -> tuple[Category, ClassEntry | None] | None:
    """What is made of a class that derives from the one at this path, and the catalogue's entry of that where it is
    more than a base; None where it is nothing of Keras'."""
    if path == "keras.layers.Wrapper":
        return "layers", _WRAPPER
    before, _, name = path.rpartition(".")
    if name in BASES and before in ("keras", f"keras.{BASES[name]}"):
        return BASES[name], None
    for category in _MODULES:
        if before == f"keras.{category}":
            try:
                return category, keras_catalogue().entry(category, name)
            except KeyError:
                return None
    return None


def _of_keras(path: str) -> str:
    return path.removeprefix("tensorflow.") if path.startswith("tensorflow.keras") else path
