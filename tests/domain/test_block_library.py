"""The person's own blocks are kept in files that are checked like strangers'."""

from pathlib import Path

import msgspec
import pytest

from workbench.domain.block_library import keep_block, read_library, remove_block
from workbench.domain.tree import Block, Exposed, Layer, Start, Target

LINK = "0123456789abcdef"
BLOCK = Block(
    id="u",
    name="pair",
    linked=LINK,
    exposed=(Exposed("filters", (Target("a", "filters"),)),),
    children=(Layer(id="a", class_name="Conv2D", params={"filters": 8, "kernel_size": 3}),),
)


def test_that_a_kept_block_comes_back_without_what_belongs_to_the_project(tmp_path: Path) -> None:
    started = Layer(id="a", class_name="Conv2D", params=BLOCK.children[0].params, start=Start("0" * 32, ("x",)))  # type: ignore[union-attr]
    keep_block(tmp_path / "blocks", msgspec.structs.replace(BLOCK, children=(started,), inputs=("z",)))
    assert read_library(tmp_path / "blocks").blocks == (BLOCK,)


def test_that_an_older_version_and_a_removed_block_are_put_aside(tmp_path: Path) -> None:
    keep_block(tmp_path, BLOCK)
    keep_block(tmp_path, msgspec.structs.replace(BLOCK, name="better"))
    assert [block.name for block in read_library(tmp_path).blocks] == ["better"]
    remove_block(tmp_path, LINK)
    assert read_library(tmp_path).blocks == ()
    assert len(list((tmp_path / "removed").iterdir())) == 2


@pytest.mark.parametrize(
    "text", ["", "{}", "workbench-layers", '{"kind": "workbench-layers", "version": 1, "nodes": []}']
)
def test_that_a_damaged_file_is_told_and_left_out(tmp_path: Path, text: str) -> None:
    keep_block(tmp_path, BLOCK)
    (tmp_path / "ffffffff.json").write_text(text)
    library = read_library(tmp_path)
    assert library.blocks == (BLOCK,)
    assert len(library.problems) == 1
    assert "ffffffff.json" in library.problems[0]


def test_that_a_file_under_another_name_is_no_block(tmp_path: Path) -> None:
    keep_block(tmp_path, BLOCK)
    (tmp_path / f"{LINK}.json").rename(tmp_path / "deadbeef.json")
    assert read_library(tmp_path).blocks == ()


def test_that_what_is_not_reusable_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="reusable"):
        keep_block(tmp_path, msgspec.structs.replace(BLOCK, linked="../../x"))
