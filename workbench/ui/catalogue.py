"""The catalogue as the window sees it: that of Keras, and always the open project's own parts."""

from collections.abc import Callable

from workbench.domain.catalogue import Catalogue, Category, ClassEntry
from workbench.domain.parts.scope import catalogue_of
from workbench.domain.parts.spec import Parts


def _no_parts() -> Parts:
    return ()


class ProjectCatalogue(Catalogue, frozen=True, dict=True):
    """Classes are looked up among those of Keras and of the parts that `parts` gives at that moment."""

    parts: Callable[[], Parts] = _no_parts

    def of(self, category: Category) -> tuple[ClassEntry, ...]:
        """All entries of a category, the project's own last."""
        return catalogue_of(self.parts()).of(category)

    def entry(self, category: Category, name: str) -> ClassEntry:
        """The entry of a class. Raises KeyError when neither Keras nor the project has it."""
        return catalogue_of(self.parts()).entry(category, name)


def with_parts(catalogue: Catalogue, parts: Callable[[], Parts]) -> ProjectCatalogue:
    """A catalogue that knows the parts as they are whenever it is asked."""
    fields = (catalogue.keras_version, catalogue.classes, catalogue.sources, catalogue.steps, catalogue.analyses)
    return ProjectCatalogue(*fields, parts)
