"""The catalogue as the window reads it, without Keras."""

import subprocess
import sys
from typing import get_args

import pytest

from workbench.domain.catalogue import ACTIVATION_LAYERS, Catalogue, Category, ClassEntry, ParamEntry, load_catalogue
from workbench.domain.values import ObjectSpec, Value


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def all_params(catalogue: Catalogue) -> list[tuple[ClassEntry, ParamEntry]]:
    return [(entry, param) for entry in catalogue.classes for param in entry.params]


def test_that_the_catalogue_is_read_without_keras_or_numpy() -> None:
    code = (
        "import sys; from workbench.domain.catalogue import load_catalogue; load_catalogue();"
        "print([name for name in ('keras', 'tensorflow', 'numpy') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_that_every_category_has_what_a_learner_expects(catalogue: Catalogue) -> None:
    expected = {
        "layers": {"Dense", "Conv2D", "LSTM", "MultiHeadAttention", "Bidirectional", "RandomFlip", "Normalization"},
        "activations": {"relu", "softmax", "sigmoid", "linear"},
        "initializers": {"GlorotUniform", "HeNormal", "Zeros"},
        "regularizers": {"L1", "L2", "L1L2"},
        "constraints": {"MaxNorm"},
        "optimizers": {"Adam", "SGD", "RMSprop", "AdamW"},
        "losses": {"MeanSquaredError", "SparseCategoricalCrossentropy"},
        "metrics": {"SparseCategoricalAccuracy", "AUC"},
        "schedules": {"CosineDecay"},
        "callbacks": {"EarlyStopping"},
    }
    for category in get_args(Category):
        assert expected[category] <= {entry.name for entry in catalogue.of(category)}


@pytest.mark.parametrize("name", ["Lambda", "JaxLayer", "FlaxLayer", "TorchModuleWrapper", "Layer"])
def test_that_layers_which_run_code_or_other_formats_cannot_be_chosen(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(KeyError, match=name):
        catalogue.entry("layers", name)


def test_that_an_unknown_source_is_named_in_the_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        catalogue.source("nowhere")


def test_that_hardly_any_parameter_is_edited_as_raw_json(catalogue: Catalogue) -> None:
    params = all_params(catalogue)
    raw = [(entry.name, param.name) for entry, param in params if param.kind == "value"]
    assert len(raw) < 0.03 * len(params), raw


def test_that_every_entry_says_what_it_is_and_every_parameter_what_it_does(catalogue: Catalogue) -> None:
    for entry in catalogue.classes:
        assert entry.summary.endswith((".", "!", ")")), (entry.name, entry.summary)
        assert entry.icon.startswith("mdi6.")
        assert ">>>" not in entry.help
        assert "```" not in entry.help
    assert [(entry.name, param.name) for entry, param in all_params(catalogue) if not param.help] == []


def test_that_the_palette_begins_with_what_a_learner_meets_first(catalogue: Catalogue) -> None:
    layers = catalogue.of("layers")
    groups = list(dict.fromkeys(entry.group for entry in layers))
    assert groups[:4] == ["Core", "Convolution", "Pooling", "Recurrent"]
    assert layers[0].name == "Dense"
    assert len(layers) > 125


def fits(catalogue: Catalogue, param: ParamEntry, value: Value) -> bool:
    """Whether a form could show this value."""
    match param.kind:
        case "bool":
            return isinstance(value, bool)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "choice":
            return value in param.choices
        case "ints" | "shape":
            return isinstance(value, int) or (isinstance(value, tuple) and bool(value))
        case "floats":
            return isinstance(value, (int, float, tuple))
        case "object":
            assert param.category
            name = value.class_name if isinstance(value, ObjectSpec) else str(value)
            return catalogue.entry(param.category, name) is not None
        case "objects" | "texts":
            return isinstance(value, tuple)
        case "float_or_schedule":
            return isinstance(value, (float, ObjectSpec))
        case _:
            return True


def test_that_every_default_fits_its_own_editor(catalogue: Catalogue) -> None:
    for entry, param in all_params(catalogue):
        if param.default is None:
            assert param.optional or param.kind == "object", (entry.name, param.name)
        else:
            assert fits(catalogue, param, param.default), (entry.name, param)
        if isinstance(param.default, (int, float)) and not isinstance(param.default, bool):
            assert param.low is None or param.default >= param.low, (entry.name, param.name)
            assert param.high is None or param.default <= param.high, (entry.name, param.name)


@pytest.mark.parametrize(
    ("layer", "param", "value"),
    [("Dense", "units", 64), ("Conv2D", "filters", 32), ("Conv2D", "kernel_size", 3), ("Dropout", "rate", 0.5)],
)
def test_that_required_parameters_start_with_a_sensible_value(
    catalogue: Catalogue, layer: str, param: str, value: Value
) -> None:
    entry = catalogue.entry("layers", layer).param(param)
    assert entry is not None
    assert entry.required
    assert entry.default == value


def test_that_kernel_sizes_know_their_number_of_axes(catalogue: Catalogue) -> None:
    for axes in (1, 2, 3):
        size = catalogue.entry("layers", f"Conv{axes}D").param("kernel_size")
        assert size is not None
        assert (size.kind, size.dimensions) == ("ints", axes)
        assert catalogue.entry("layers", f"Conv{axes}D").ranks == (axes + 2,)


def test_that_activations_with_parameters_have_a_layer_that_takes_them(catalogue: Catalogue) -> None:
    for entry in catalogue.of("activations"):
        if entry.params:
            layer = catalogue.entry("layers", ACTIVATION_LAYERS[entry.name])
            assert {param.name for param in entry.params} <= {param.name for param in layer.params}


def test_that_all_our_data_sources_are_listed(catalogue: Catalogue) -> None:
    kinds = {entry.kind for entry in catalogue.sources}
    assert {"digits", "iris", "moons", "csv"} <= kinds
    assert catalogue.source("digits").group == "bundled"
