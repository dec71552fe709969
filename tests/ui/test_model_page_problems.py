"""The list of problems where it has little room: nothing is cut, and the first problem is seen."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from workbench.domain.problem import Problem, Repair
from workbench.ui.context import Context
from workbench.ui.pages.model.problems import MOST_ROWS, ProblemList

ROOM = (500, 150)  # what a window of 1280 × 800 leaves it
REPAIRS = ("Insert Reshape", "Add GlobalAveragePooling2D, Dense(10, softmax) at the end")


def problem(code: str) -> Problem:
    repairs = tuple(
        Repair(title, lambda project: project, f"add {title} behind “conv2d_transpose”") for title in REPAIRS
    )
    return Problem(
        code, "error", f"The network gives {code}, but must give one number for each class. " * 3, "", repairs=repairs
    )


@pytest.fixture
def problems(context: Context, qtbot: QtBot) -> ProblemList:
    problems = ProblemList(context)
    qtbot.addWidget(problems)
    problems.resize(*ROOM)
    problems.show()
    problems.show_problems((problem("8×8×1"), problem("9×9×1")), "")
    qtbot.wait(1)
    return problems


def test_that_sentences_and_previews_of_long_repairs_are_never_cut(problems: ProblemList, qtbot: QtBot) -> None:
    for width in (ROOM[0], 320):
        problems.resize(width, ROOM[1])
        qtbot.wait(1)
        inside = problems._area.widget()
        assert inside.width() <= problems._area.viewport().width()
        for row in problems.rows:
            for words in row.findChildren(QLabel):
                assert words.heightForWidth(words.width()) <= words.height(), words.text()


def test_that_the_words_of_a_repair_stay_whole_where_there_is_room(problems: ProblemList) -> None:
    for button in problems.rows[0].findChildren(QPushButton):
        assert button.width() >= button.sizeHint().width(), button.text()


def test_that_other_problems_are_shown_from_the_first_on(problems: ProblemList, qtbot: QtBot) -> None:
    bar = problems._area.verticalScrollBar()
    bar.setValue(bar.maximum())
    problems.rows[1].buttons[0].setFocus()
    problems.show_problems((problem("5×5×1"), problem("6×6×1")), "")
    qtbot.wait(1)
    assert bar.maximum() > 0
    assert bar.value() == 0


def test_that_the_same_problems_keep_their_place(problems: ProblemList, qtbot: QtBot) -> None:
    bar = problems._area.verticalScrollBar()
    bar.setValue(30)
    problems.show_problems((problem("8×8×1"), problem("9×9×1")), "")
    qtbot.wait(1)
    assert bar.value() == 30


def test_that_a_thousand_problems_are_counted_but_not_all_shown(problems: ProblemList, qtbot: QtBot) -> None:
    several = tuple(Problem(f"p{n}", "warning", f"Layer {n} is linear.", f"n{n}") for n in range(1000))
    problems.show_problems(several, "")
    qtbot.wait(1)
    assert len(problems.rows) == MOST_ROWS
    assert f"{1000 - MOST_ROWS} more" in problems.more.text()
    assert problems.more.isVisibleTo(problems)
    problems.show_problems(several[:1], "")
    assert not problems.more.isVisibleTo(problems)
