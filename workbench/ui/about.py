"""The dialog that tells versions and licences."""

import PySide6
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.ui.context import Context


def show_about(parent: QWidget, context: Context) -> None:
    """Show it, without blocking the window."""
    from importlib.metadata import version  # takes as long as a tenth of the way to the first paint

    box = QMessageBox(parent)
    box.setWindowTitle(_tr("About Workbench"))
    box.setText(_tr("Workbench {0}").format(version("workbench")))
    ready = context.client.ready
    lines = [
        _tr("Load data, assemble a network as a tree, train it and watch it learn."),
        "",
        _tr("Catalogue made from Keras {0}").format(context.catalogue.keras_version),
        f"PySide6 {PySide6.__version__}",
    ]
    if ready is not None:
        lines.append(f"Keras {ready.keras}, TensorFlow {ready.tensorflow}")
    lines += [
        "",
        _tr("Data: scikit-learn (BSD-3-Clause), Fashion-MNIST (MIT). Fonts: Inter, JetBrains Mono (OFL 1.1)."),
    ]
    box.setInformativeText("\n".join(lines))
    box.setModal(False)
    box.open()


def _tr(text: str) -> str:
    return QCoreApplication.translate("About", text)
