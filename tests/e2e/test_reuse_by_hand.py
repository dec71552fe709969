"""Blocks used again, layers searched and a base put in, with real mouse and keyboard."""

import pytest
from hands import Hands
from opening import Opener
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from workbench.domain.reusable import uses
from workbench.domain.tree import Base, Block, walk
from workbench.ui.pages.model.page import ModelPage
from workbench.ui.window import MainWindow

pytestmark = pytest.mark.x11


def page_of(window: MainWindow) -> ModelPage:
    page = window.page("model")
    assert isinstance(page, ModelPage)
    return page


def blocks(window: MainWindow) -> list[Block]:
    return [node for node in walk(window.context.document.project.model.nodes) if isinstance(node, Block)]


def dialog(kind: str) -> QDialog | None:
    """The visible window of a class."""
    found = (each for each in QApplication.topLevelWidgets() if type(each).__name__ == kind and each.isVisible())
    return next((each for each in found if isinstance(each, QDialog)), None)


def shown(kind: str) -> QDialog:
    found = dialog(kind)
    assert found is not None
    return found


def test_that_a_newcomer_reuses_a_block_and_puts_in_a_base(open_window: Opener, hands: Hands) -> None:
    window = open_window()
    hands.focus(window)
    context = window.context
    hands.click(window.welcome.cards[0])
    hands.until(lambda: context.model.summary is not None and not context.model.errors)
    page = page_of(window)

    hands.press("ctrl+shift+f")
    hands.type("conv")
    hands.until(lambda: len(page.view.chosen()) == 1)
    hands.press("enter")
    hands.press("escape")
    hands.until(lambda: not page.network.find_bar.isVisible() and page.view.hasFocus())

    page.view.choose((blocks(window)[0].id,))
    hands.press("ctrl+alt+k")
    hands.until(lambda: dialog("ReusableWindow") is not None)
    hands.focus(shown("ReusableWindow"))
    hands.press("ctrl+a")
    hands.type("pair")
    hands.press("enter")
    hands.until(lambda: dialog("ReusableWindow") is None)
    link = blocks(window)[0].linked
    assert link
    hands.focus(window)
    page.view.setFocus()
    hands.press("ctrl+d")
    hands.until(lambda: len(uses(context.document.project.model, link)) == 2)
    hands.press("ctrl+z")
    hands.until(lambda: len(uses(context.document.project.model, link)) == 1)

    hands.press("ctrl+alt+b")
    hands.until(lambda: dialog("BaseWindow") is not None)
    hands.focus(shown("BaseWindow"))
    insert = next(each for each in shown("BaseWindow").findChildren(QPushButton) if "nsert" in each.text())
    hands.click(insert)
    hands.until(lambda: any(isinstance(node, Base) for node in context.document.project.model.nodes))
    hands.until(lambda: context.model.described is context.document.project)
    hands.focus(window)
    page.view.setFocus()
    hands.press("ctrl+z")
    hands.until(lambda: not any(isinstance(node, Base) for node in context.document.project.model.nodes))
