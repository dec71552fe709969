"""A table of loans as tables are: numbers on scales far apart, categories, one of them rare, and holes that tell."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data import generated
from workbench.engine.data.params import number, whole
from workbench.engine.data.raw import Params, Progress, RawData
from workbench.engine.data.typed_table import Record, Records, read_records

NAMES = ("amount", "months", "income", "savings", "age", "late payments", "work", "home", "purpose", "outcome")
ENTRY = SourceEntry(
    kind="loans",
    title="Loans",
    group="generated",
    summary="Loans that were paid back, or not: amounts and incomes over many powers of ten, categories, one of them "
    "rare, and holes. Who keeps an income to themselves pays back more seldom, so a hole tells something.",
    params=(
        ParamEntry("samples", "int", 5_000, low=100, high=200_000, help="How many loans to draw."),
        ParamEntry(
            "holes",
            "float",
            0.15,
            low=0.0,
            high=0.6,
            title="Holes",
            help="The share of incomes that are missing; of the work, half as many are.",
        ),
        generated.SEED,
    ),
    table=True,
    task="binary",
    samples=5_000,
    shape=(18,),
)

_SCRIPT = """\
rng = np.random.default_rng({seed})
count = {samples}
work = rng.choice(["employed", "self-employed", "civil servant", "retired"], count, p=[0.55, 0.2, 0.1, 0.15])
home = rng.choice(["rents", "owns", "with parents"], count, p=[0.5, 0.4, 0.1])
purpose = rng.choice(["car", "kitchen", "education", "debts", "boat"], count, p=[0.4, 0.3, 0.15, 0.135, 0.015])
age = rng.integers(20, 75, count)
months = rng.choice([12, 24, 36, 48, 60, 84], count)
late = np.floor(rng.lognormal(0.0, 1.0, count)).astype(int)
income = np.round(rng.lognormal(10.4, 0.9, count), -2)
amount = np.round(rng.lognormal(9.2, 1.3, count), -2) + 500
savings = np.round(rng.lognormal(7.5, 2.5, count), 2)
# What is to be paid each month as a share of the income decides most; on top come habits and luck.
burden = np.log(amount / months * 12 / income)
risk = 1.8 * (burden + 2.0) - 0.8 * (np.log1p(savings) - 7.5) + 1.2 * (np.log1p(late) - 0.8)
risk = risk + np.select([work == "self-employed", work == "civil servant"], [1.5, -2.0], 0.0)
risk = risk + np.select([purpose == "boat", purpose == "debts"], [4.0, 1.5], 0.0) - 1.0 * (home == "owns")
# Who fears the answer keeps the income to themselves.
shame = rng.normal(0, 1, count) + 0.25 * risk
silent = shame > np.quantile(shame, 1 - {holes})
unsaid = rng.random(count) < {holes} / 2
lost = risk + 2.5 * silent + rng.logistic(0, 1, count) > 1.0
records = [
    (
        float(amount[row]),
        int(months[row]),
        None if silent[row] else float(income[row]),
        float(savings[row]),
        int(age[row]),
        int(late[row]),
        None if unsaid[row] else str(work[row]),
        str(home[row]),
        str(purpose[row]),
        "lost" if lost[row] else "paid back",
    )
    for row in range(count)
]
"""


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """A table whose last column is to be learned."""
    samples, holes, seed = whole(params, "samples"), number(params, "holes"), whole(params, "seed")
    progress("Drawing the loans", None)
    drawn = _drawn(samples, holes, seed)
    lines = _SCRIPT.format(samples=samples, holes=holes, seed=seed).rstrip().split("\n")
    records = Records(ENTRY.title, Path(ENTRY.title), NAMES, lambda: iter(drawn), (), tuple(lines), expected=samples)
    data = read_records(records, {"text_columns": (), "bad_numbers": "error"}, progress)
    assert data.table is not None
    table = replace(data.table, opening=data.table.opening.lstrip())
    return replace(data, table=table, target=NAMES[-1], task="binary")


def _drawn(samples: int, holes: float, seed: int) -> list[Record]:
    """The very lines of the script."""
    rng = np.random.default_rng(seed)
    work = rng.choice(["employed", "self-employed", "civil servant", "retired"], samples, p=[0.55, 0.2, 0.1, 0.15])
    home = rng.choice(["rents", "owns", "with parents"], samples, p=[0.5, 0.4, 0.1])
    purpose = rng.choice(["car", "kitchen", "education", "debts", "boat"], samples, p=[0.4, 0.3, 0.15, 0.135, 0.015])
    age = rng.integers(20, 75, samples)
    months = rng.choice([12, 24, 36, 48, 60, 84], samples)
    late = np.floor(rng.lognormal(0.0, 1.0, samples)).astype(int)
    income = np.round(rng.lognormal(10.4, 0.9, samples), -2)
    amount = np.round(rng.lognormal(9.2, 1.3, samples), -2) + 500
    savings = np.round(rng.lognormal(7.5, 2.5, samples), 2)
    # What is to be paid each month as a share of the income decides most; on top come habits and luck.
    burden = np.log(amount / months * 12 / income)
    risk = 1.8 * (burden + 2.0) - 0.8 * (np.log1p(savings) - 7.5) + 1.2 * (np.log1p(late) - 0.8)
    risk = risk + np.select([work == "self-employed", work == "civil servant"], [1.5, -2.0], 0.0)
    risk = risk + np.select([purpose == "boat", purpose == "debts"], [4.0, 1.5], 0.0) - 1.0 * (home == "owns")
    # Who fears the answer keeps the income to themselves.
    shame = rng.normal(0, 1, samples) + 0.25 * risk
    silent = shame > np.quantile(shame, 1 - holes)
    unsaid = rng.random(samples) < holes / 2
    lost = risk + 2.5 * silent + rng.logistic(0, 1, samples) > 1.0
    return [
        (
            float(amount[row]),
            int(months[row]),
            None if silent[row] else float(income[row]),
            float(savings[row]),
            int(age[row]),
            int(late[row]),
            None if unsaid[row] else str(work[row]),
            str(home[row]),
            str(purpose[row]),
            "lost" if lost[row] else "paid back",
        )
        for row in range(samples)
    ]


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """None: the loans are drawn."""
    return generated.no_files()
