"""Rows without what is to be learned, of tables with several targets."""

import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset


@pytest.mark.parametrize(
    ("holes", "told"), [(("", "2"), "“rent”"), (("1", ""), "“rooms”"), (("", ""), "“rent” or “rooms”")]
)
def test_that_the_target_that_misses_values_is_named(tmp_path, holes, told):
    lines = ["size,rent,rooms", *(f"{row},{row * 3},{row % 5}.5" for row in range(40))]
    lines += [f"7,{holes[0]},{holes[1]}"]
    (tmp_path / "flats.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = SourceSpec("csv", {"path": str(tmp_path / "flats.csv")})
    info = load_dataset(DatasetSpec(source, target="rent", more_targets=("rooms",), task="regression")).info
    assert f"1 row without a value of {told} was left out." in info.notes
