"""A sample found by its name, and what its decoder takes chosen anew, with real mouse and keyboard."""

import pytest
from hands import Hands
from opening import Opener
from PySide6.QtWidgets import QScrollArea

from workbench.domain.tree import find
from workbench.ui.pages.model.page import ModelPage

pytestmark = pytest.mark.x11


def test_that_a_newcomer_finds_the_decoder_and_chooses_the_states_that_it_starts_with(
    open_window: Opener, hands: Hands
) -> None:
    window = open_window()
    hands.focus(window)
    context = window.context
    hands.press("ctrl+f")
    hands.type("encoder and dec")
    hands.press("enter")
    hands.until(lambda: window.welcome.focusWidget() is not window.welcome.search)
    hands.press("enter")
    hands.until(lambda: context.model.summary is not None and not context.model.errors)
    page = window.page("model")
    assert isinstance(page, ModelPage)

    hands.press("ctrl+shift+f")
    hands.type("writer")
    hands.until(lambda: page.view.chosen() == ("writer",))
    hands.press("escape")

    def taken() -> tuple[str, ...]:
        return find(context.document.project.model, "writer").inputs

    assert taken() == ("again", "encoder:1", "encoder:2")
    editor = page.properties.inputs
    remove = editor.boxes[2].parentWidget()
    assert remove is not None
    page.properties.findChild(QScrollArea).ensureWidgetVisible(remove)
    hands.click(editor.boxes[2])
    hands.press("down")
    hands.press("enter")
    hands.until(lambda: taken() != ("again", "encoder:1", "encoder:2"))
    hands.until(lambda: context.model.described is context.document.project)
    hands.focus(window)
    page.view.setFocus()
    hands.press("ctrl+z")
    hands.until(lambda: taken() == ("again", "encoder:1", "encoder:2"))
    hands.until(lambda: context.model.described is context.document.project and not context.model.errors)
