"""What makes up for rare classes as source."""

from workbench.domain.balance import can_balance
from workbench.domain.dataset import DatasetInfo
from workbench.domain.project import Project

_LABELS = {"integer": "y_train", "one_hot": "y_train.argmax(axis=1)", "number": "y_train[:, 0].astype(int)"}
_WEIGHTS = """\
# Rare classes count more in the loss: n / (k · n_c), the "balanced" weights of scikit-learn.
labels = {labels}
counts = np.bincount(labels)
class_weight = {{
    int(label): float(len(labels) / (np.count_nonzero(counts) * counts[label]))
    for label in np.flatnonzero(counts)
}}
"""
_OVERSAMPLED = """\
# Training samples of rare classes are drawn again, until each class has as many as the commonest one.
labels = {labels}
counts = np.bincount(labels)
random = np.random.default_rng([{seed}, 1])
chosen = [np.arange(len(labels))]
for label in np.flatnonzero(counts):
    chosen.append(random.choice(np.flatnonzero(labels == label), counts.max() - counts[label]))
chosen = random.permutation(np.concatenate(chosen))
x_train, y_train = x_train[chosen], y_train[chosen]
"""


def balance_lines(project: Project, info: DatasetInfo) -> list[str]:
    """Statements behind the preparation; nothing where the project leaves the classes as they are."""
    data = project.data
    if data.balance == "none" or not can_balance(info):
        return []
    text = _WEIGHTS if data.balance == "class_weights" else _OVERSAMPLED
    return text.format(labels=_LABELS[info.labels], seed=data.split.seed).splitlines()


def has_weights(project: Project, info: DatasetInfo) -> bool:
    """Whether `fit` takes `class_weight`."""
    return project.data.balance == "class_weights" and can_balance(info)
