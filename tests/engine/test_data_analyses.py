"""Ways of looking at a whole data set: their numbers against numpy and by hand, their sentences by planted faults."""

import csv

import numpy as np
import pytest

from workbench.domain.catalogue import load_catalogue
from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.analyses import all_analyses, analyse, tsne
from workbench.engine.data.analyses.findings import look
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import no_progress
from workbench.protocol.commands import Analyse


def looked(kind, spec):
    found = analyse(load_dataset(spec), Analyse(7, spec, kind), no_progress)
    assert (found.ticket, found.kind) == (7, kind)
    arrays = {name: np.frombuffer(a.data, a.dtype).reshape(a.shape) for name, a in found.arrays.items()}
    return arrays, found.facts, found.findings


def bundled(kind):
    return DatasetSpec(SourceSpec(kind))


@pytest.mark.parametrize("source", ["digits", "iris", "diabetes", "moons", "sine", "breast_cancer"])
@pytest.mark.parametrize("entry", all_analyses(), ids=lambda entry: entry.kind)
def test_that_every_analysis_looks_at_every_form_it_is_for(source, entry, monkeypatch):
    monkeypatch.setattr(tsne, "MOST", 90)
    spec = bundled(source)
    info = load_dataset(spec).info
    if info.form not in entry.forms:
        with pytest.raises(DataError, match="not for data of this kind"):
            looked(entry.kind, spec)
    elif entry.kind in ("map", "tsne") and info.input_shape == (1,):
        with pytest.raises(DataError, match="needs no map"):
            looked(entry.kind, spec)
    else:
        arrays, _, findings = looked(entry.kind, spec)
        assert arrays or findings


def test_that_correlations_are_those_of_the_training_part_with_the_target_last():
    dataset = load_dataset(bundled("diabetes"))
    arrays, facts, findings = looked("correlations", bundled("diabetes"))
    expected = np.corrcoef(np.column_stack([dataset.x["train"], dataset.values["train"]]), rowvar=False)
    assert np.allclose(arrays["matrix"], expected, atol=1e-5)
    assert facts["names"] == (*dataset.info.features, dataset.info.target)
    best = np.abs(expected[-1, :-1]).argmax()
    assert findings[0].text.startswith(f"“{dataset.info.features[best]}” goes with “{dataset.info.target}” most")


def test_that_the_map_is_that_of_principal_components():
    dataset = load_dataset(bundled("wine"))
    arrays, facts, _ = looked("map", bundled("wine"))
    train = dataset.x["train"].astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov(train, rowvar=False))
    assert np.allclose(facts["shares"], values[::-1][:2] / values.sum(), atol=1e-6)
    for axis in range(2):
        mine = arrays["points"][arrays["parts"] == 0, axis]
        theirs = (train - train.mean(axis=0))[arrays["indices"][arrays["parts"] == 0]] @ vectors[:, -1 - axis]
        assert abs(np.corrcoef(mine, theirs)[0, 1]) > 0.9999
    for number, part in enumerate(PARTS):
        chosen = arrays["parts"] == number
        assert np.array_equal(arrays["labels"][chosen], dataset.values[part][arrays["indices"][chosen]])


def test_that_a_mean_picture_is_the_mean_of_its_class():
    dataset = load_dataset(bundled("digits"))
    arrays, facts, _ = looked("means", bundled("digits"))
    threes = dataset.raw("train", np.flatnonzero(dataset.values["train"] == 3))
    assert np.allclose(arrays["means"][3], threes.mean(axis=0) / 16, atol=1e-6)
    assert facts["names"][3] == f"3 ({len(threes)})"


def test_that_nothing_odd_is_said_to_be_nothing_odd():
    _, _, findings = looked("findings", bundled("moons"))
    assert [finding.severity for finding in findings] == ["good"]


def test_that_copies_in_the_test_part_come_first_and_are_named():
    spec = bundled("iris")
    dataset = load_dataset(spec)
    _, _, findings = looked("findings", spec)
    known = {row.tobytes() for part in ("train", "validation") for row in dataset.x[part]}
    copies = [index for index, row in enumerate(dataset.x["test"]) if row.tobytes() in known]
    if copies:
        assert findings[0].severity == "bad"
        assert findings[0].samples[0] in [("test", index) for index in copies]


def test_that_planted_faults_are_found(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "faults.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["size", "still", "holes", "class"])
        rows = [[f"{rng.normal():.6f}", "1", "" if rng.random() < 0.4 else f"{rng.normal():.6f}"] for _ in range(300)]
        rows[5][0] = "90.5"
        for number, row in enumerate(rows):
            writer.writerow([*row, "rare" if number % 30 == 0 else "common"])
        for row in rows[:60]:
            writer.writerow([*row, "common"])
    _, _, findings = looked("findings", DatasetSpec(SourceSpec("csv", {"path": str(path)}), missing="mean"))
    texts = " ".join(finding.text for finding in findings)
    for part in (
        "in another part too",
        "another target",
        "Rare in training: rare",
        "“holes”",
        "“still”",
        "clip outliers",
    ):
        assert part in texts
    assert findings[0].severity == "bad"


def test_that_an_unknown_way_of_looking_is_refused_with_those_there_are():
    with pytest.raises(DataError, match="correlations"):
        looked("horoscope", bundled("iris"))


def test_that_the_catalogue_has_all_analyses():
    assert load_catalogue().analyses == all_analyses()


def test_that_a_rare_category_is_no_outlier() -> None:
    dataset = load_dataset(DatasetSpec(SourceSpec("loans"), missing="zero"))
    assert any(name.startswith("purpose = ") for name in dataset.info.features)
    texts = [finding.text for finding in look(dataset, no_progress).findings]
    assert any("standard deviations off" in text for text in texts)
    assert not any("purpose = " in text for text in texts)
