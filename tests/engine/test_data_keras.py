"""The data sets of Keras: found, checked, read without unpickling; no test loads anything from the network."""

import gzip
import hashlib
import io
import os
import pickle
import pickletools
import tarfile
import urllib.error
import urllib.request
from dataclasses import replace

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, Split
from workbench.domain.places import cache_folder
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import Cancelled, DataError
from workbench.engine.data.inspect import inspect_path
from workbench.engine.data.load import forget_loaded
from workbench.engine.data.number_pickle import PickleError, read_pickle
from workbench.engine.data.sources import (
    keras_boston_housing,
    keras_california_housing,
    keras_cifar10,
    keras_cifar100,
    keras_fashion_mnist,
    keras_imdb,
    keras_mnist,
    keras_reuters,
)

RNG = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A cache of Keras that is empty, and no network."""

    def no_network(url, **_):
        raise urllib.error.URLError("no network in tests")

    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "workbench-home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(urllib.request, "urlopen", no_network)
    folder = tmp_path / "keras" / "datasets"
    folder.mkdir(parents=True)
    forget_loaded()
    return folder


def expect(monkeypatch, source, data):
    """Take these bytes for the file that Keras gives out."""
    monkeypatch.setattr(source, "FILE", replace(source.FILE, digest=hashlib.sha256(data).hexdigest()))
    monkeypatch.setattr(source, "FILES", (source.FILE,))


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def objects(texts):
    array = np.empty(len(texts), object)
    array[:] = texts
    return array


def texts(count):
    return objects([RNG.integers(1, 3000, RNG.integers(1, 400)).tolist() for _ in range(count)])


def check_script(dataset):
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        assert np.array_equal(variables[f"x_{part}"], dataset.x[part])
        assert np.array_equal(variables[f"y_{part}"], dataset.y[part])


def digits():
    return npz(
        x_train=RNG.integers(0, 256, (60, 28, 28), np.uint8),
        y_train=np.arange(60, dtype=np.uint8) % 10,
        x_test=RNG.integers(0, 256, (20, 28, 28), np.uint8),
        y_test=np.arange(20, dtype=np.uint8) % 10,
    )


def load(kind, path=None, split=None, **params):
    if path is not None:
        params["path"] = str(path)
    return load_dataset(DatasetSpec(SourceSpec(kind, params), split=split or Split()))


def test_that_a_file_in_the_cache_of_keras_is_used(home, monkeypatch):
    data = digits()
    expect(monkeypatch, keras_mnist, data)
    (home / "mnist.npz").write_bytes(data)
    dataset = load("keras_mnist")
    assert dataset.info.input_shape == (28, 28, 1)
    assert dataset.info.sizes["test"] == 20
    assert dataset.info.scaling == "divide_255"
    check_script(dataset)


def test_that_a_file_of_ones_own_is_copied_and_only_the_copy_is_used(home, tmp_path, monkeypatch):
    data = digits()
    expect(monkeypatch, keras_mnist, data)
    own = tmp_path / "from a friend.npz"
    own.write_bytes(data)
    dataset = load("keras_mnist", own)
    assert own.read_bytes() == data
    assert str(cache_folder() / "keras" / "mnist.npz") in dataset.info.script
    own.unlink()
    assert load("keras_mnist").info.sizes == dataset.info.sizes
    assert not list(home.iterdir())


def test_that_a_file_with_another_hash_is_refused_and_kept(home, tmp_path, monkeypatch):
    own = tmp_path / "mnist.npz"
    own.write_bytes(digits())
    with pytest.raises(DataError, match="its hash is another"):
        load("keras_mnist", own)
    assert own.exists()
    assert not list((cache_folder() / "keras").glob("*")) if (cache_folder() / "keras").exists() else True
    cached = home / "mnist.npz"
    cached.write_bytes(b"cut off")
    with pytest.raises(DataError, match="could not be downloaded"):
        load("keras_mnist")
    assert cached.read_bytes() == b"cut off"


def test_that_without_a_network_it_is_told_which_file_to_get_and_where_to_put_it(home):
    with pytest.raises(DataError) as caught:
        load("keras_mnist")
    assert "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz" in caught.value.message
    assert str(home) in caught.value.message
    with pytest.raises(DataError, match=r"boston_housing\.npz is not downloaded by itself"):
        load("keras_boston_housing")


class Answer(io.BytesIO):
    """What a server sends."""

    def __init__(self, data=b""):
        super().__init__(data)
        self.headers = {}


def test_that_a_download_is_checked_and_kept(monkeypatch):
    data = digits()
    expect(monkeypatch, keras_mnist, data)
    asked = []

    def answer(url, **_):
        asked.append(url)
        return Answer(data)

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    assert load("keras_mnist").info.sizes["test"] == 20
    assert load("keras_mnist", split=Split(seed=5)).info.sizes["test"] == 20
    assert asked == [keras_mnist.FILE.url]
    assert [path.name for path in (cache_folder() / "keras").iterdir()] == ["mnist.npz"]


@pytest.mark.parametrize("case", ["wrong", "endless", "cancelled"])
def test_that_a_download_that_fails_leaves_nothing_behind(monkeypatch, case):
    class Endless(Answer):
        def read(self, size=-1):
            return bytes(size)

    monkeypatch.setattr(keras_mnist, "FILE", replace(keras_mnist.FILE, most=1_000_000))
    monkeypatch.setattr(urllib.request, "urlopen", lambda url, **_: Answer(b"?") if case == "wrong" else Endless())

    def progress(text, fraction):
        if case == "cancelled" and (cache_folder() / "keras").exists():
            raise Cancelled

    words = {"wrong": "hash is wrong", "endless": "larger than", "cancelled": None}[case]
    with pytest.raises(Cancelled if case == "cancelled" else DataError, match=words):
        load_dataset(DatasetSpec(SourceSpec("keras_mnist")), progress=progress)
    assert not list((cache_folder() / "keras").iterdir())


def test_that_all_of_fashion_mnist_is_read_from_its_four_files(home, tmp_path, monkeypatch):
    folder = tmp_path / "own"
    folder.mkdir()
    found = []
    for file, count in zip(keras_fashion_mnist.FILES, (60, 60, 20, 20), strict=True):
        body = (
            bytes(16) + RNG.bytes(count * 784) if "images" in file.name else bytes(8) + bytes(range(10)) * (count // 10)
        )
        data = gzip.compress(body)
        (folder / file.name).write_bytes(data)
        found.append(replace(file, digest=hashlib.md5(data).hexdigest()))
    monkeypatch.setattr(keras_fashion_mnist, "FILES", tuple(found))
    inspected = inspect_path(folder / "train-labels-idx1-ubyte.gz")
    assert inspected.source.kind == "keras_fashion_mnist"
    dataset = load_dataset(DatasetSpec(inspected.source))
    assert dataset.info.sizes["test"] == 20
    check_script(dataset)


def batch(count, classes, **more):
    data = RNG.integers(0, 256, (count, 3072), np.uint8)
    return pickle.dumps({b"data": data, **{k: [n % classes for n in range(count)] for k in more["keys"]}}, protocol=2)


def archive(members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as made:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def cifar10(**changed):
    members = {f"cifar-10-batches-py/data_batch_{n}": batch(20, 10, keys=[b"labels"]) for n in range(1, 6)}
    return archive({**members, "cifar-10-batches-py/test_batch": batch(20, 10, keys=[b"labels"]), **changed})


def test_that_cifar_10_is_read_from_its_archive(home, monkeypatch):
    data = cifar10()
    expect(monkeypatch, keras_cifar10, data)
    (home / "cifar-10-batches-py-target_archive").write_bytes(data)
    dataset = load("keras_cifar10")
    assert dataset.info.input_shape == (32, 32, 3)
    check_script(dataset)
    with tarfile.open(fileobj=io.BytesIO(data)) as made:
        first = pickle.load(made.extractfile("cifar-10-batches-py/data_batch_1"), encoding="bytes")[b"data"][0]
    assert np.array_equal(dataset.source.x[0], first.reshape(3, 32, 32).transpose(1, 2, 0))


@pytest.mark.parametrize(("labels", "classes"), [("fine", 100), ("coarse", 20)])
def test_that_cifar_100_has_fine_and_coarse_labels(home, monkeypatch, labels, classes):
    keys = [f"{labels}_labels".encode()]
    members = {f"cifar-100-python/{part}": batch(200, classes, keys=keys) for part in ("train", "test")}
    data = archive(members)
    expect(monkeypatch, keras_cifar100, data)
    (home / "cifar-100-python.tar.gz").write_bytes(data)
    dataset = load("keras_cifar100", labels=labels)
    assert len(dataset.info.classes) == classes
    check_script(dataset)


def test_that_imdb_gives_the_numbers_that_keras_gives(home, monkeypatch):
    from keras.src.datasets import imdb
    from keras.utils import pad_sequences

    data = npz(x_train=texts(50), y_train=np.arange(50) % 2, x_test=texts(40), y_test=np.arange(40) % 2)
    expect(monkeypatch, keras_imdb, data)
    path = home / "imdb.npz"
    path.write_bytes(data)
    dataset = load("keras_imdb", vocabulary=500, length=120)
    monkeypatch.setattr(imdb, "get_file", lambda *_, **__: str(path))
    (x, y), (x_test, y_test) = imdb.load_data(num_words=500)
    assert np.array_equal(dataset.source.x, pad_sequences(x, 120))
    assert np.array_equal(dataset.source.x_test, pad_sequences(x_test, 120))
    assert np.array_equal(dataset.source.y, y)
    assert np.array_equal(dataset.source.y_test, y_test)
    assert dataset.info.integer_input
    check_script(dataset)


def test_that_reuters_gives_the_numbers_that_keras_gives(home, monkeypatch):
    from keras.src.datasets import reuters
    from keras.utils import pad_sequences

    data = npz(x=texts(460), y=np.arange(460) % 46)
    expect(monkeypatch, keras_reuters, data)
    path = home / "reuters.npz"
    path.write_bytes(data)
    dataset = load("keras_reuters", length=50)
    monkeypatch.setattr(reuters, "get_file", lambda *_, **__: str(path))
    (x, y), (x_test, y_test) = reuters.load_data(num_words=10_000)
    assert np.array_equal(dataset.source.x, pad_sequences(x, 50))
    assert np.array_equal(dataset.source.x_test, pad_sequences(x_test, 50))
    assert np.array_equal(np.concatenate([dataset.source.y, dataset.source.y_test]), np.concatenate([y, y_test]))
    assert dataset.info.classes == reuters.get_label_names()
    check_script(dataset)


def vectorize_sequences(sequences, dimension):
    """As F. Chollet, Deep Learning with Python, second edition, listing 4.3, has it."""
    results = np.zeros((len(sequences), dimension))
    for i, sequence in enumerate(sequences):
        for j in sequence:
            results[i, j] = 1.0
    return results


@pytest.mark.parametrize("source", [keras_imdb, keras_reuters])
def test_that_bags_hold_the_words_that_the_keras_book_puts_into_them(home, monkeypatch, source):
    import importlib

    imdb = {"x_train": texts(50), "y_train": np.arange(50) % 2, "x_test": texts(40), "y_test": np.arange(40) % 2}
    data = npz(**imdb) if source is keras_imdb else npz(x=texts(460), y=np.arange(460) % 46)
    expect(monkeypatch, source, data)
    path = home / source.FILE.name
    path.write_bytes(data)
    dataset = load(source.ENTRY.kind, vocabulary=500, output="multi_hot")
    theirs = importlib.import_module(f"keras.src.datasets.{path.stem}")
    monkeypatch.setattr(theirs, "get_file", lambda *_, **__: str(path))
    (x, _), (x_test, _) = theirs.load_data(num_words=500)
    assert np.array_equal(dataset.source.x, vectorize_sequences(x, 500))
    assert np.array_equal(dataset.source.x_test, vectorize_sequences(x_test, 500))
    assert dataset.info.input_shape == (500,)
    assert "Length" not in dataset.info.detected
    check_script(dataset)


@pytest.mark.parametrize(("source", "width"), [(keras_california_housing, 8), (keras_boston_housing, 13)])
def test_that_houses_are_parted_as_keras_does(home, tmp_path, monkeypatch, source, width):
    from keras.src.datasets import boston_housing

    data = npz(x=RNG.normal(size=(100, width)), y=RNG.normal(size=100) * 9)
    expect(monkeypatch, source, data)
    path = tmp_path / source.FILE.name
    path.write_bytes(data)
    assert inspect_path(path).source == SourceSpec(source.ENTRY.kind, {"path": str(path)})
    dataset = load(source.ENTRY.kind, path)
    monkeypatch.setattr(boston_housing, "get_file", lambda *_, **__: str(path))
    (x, y), (x_test, y_test) = boston_housing.load_data()
    assert np.array_equal(dataset.source.x, x)
    assert np.array_equal(dataset.source.y, y)
    assert np.array_equal(dataset.source.x_test, x_test)
    assert np.array_equal(dataset.source.y_test, y_test)
    assert dataset.info.task == "regression"
    check_script(dataset)


class Evil:
    """Would make a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_that_a_hostile_pickle_runs_nothing(tmp_path, protocol):
    harm = tmp_path / "harm"
    for thing in (Evil(harm), [1, Evil(harm)], {"data": Evil(harm)}, np.array([Evil(harm)], object)):
        with pytest.raises(PickleError):
            read_pickle(pickle.dumps(thing, protocol=protocol))
    assert not harm.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b".",
        b"\x80\x02",
        b"cos\nsystem\n(S'true'\ntR.",
        b"cnumpy\nfromfile\n.",
        b"cnumpy.core.multiarray\nscalar\n.",
        b"cnumpy\nndarray\n(K\x05tR.",
        b"cnumpy\nndarray\n.",
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x05tU\x01btR.",
        b"(K\x01K\x02t\x85e.",
        b"]K\x01b.",
        b"h\x05.",
        b"r\xff\xff\xff\xff.",
        b"T\xff\xff\xff\x7fabc.",
        b"B\xff\xff\xff\xffabc.",
        b"\x8a\xffabc.",
        b"}(K\x01e.",
        b"}]K\x01s.",
        b"\x8c\x02os\x8c\x06system\x93.",
    ],
)
def test_that_a_crafted_pickle_is_refused(data):
    with pytest.raises(PickleError):
        read_pickle(data)


def test_that_a_cut_or_changed_pickle_never_does_more_than_be_refused():
    whole = pickle.dumps({b"data": np.arange(6, dtype=np.uint8).reshape(2, 3), b"labels": [1, 300, 70_000]}, protocol=2)
    rng = np.random.default_rng(0)
    for _ in range(3_000):
        changed = bytearray(whole[: rng.integers(1, len(whole) + 1)])
        changed[rng.integers(len(changed))] = rng.integers(256)
        try:
            read_pickle(bytes(changed))
        except PickleError:
            continue


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_that_plain_numbers_are_read_as_pickle_reads_them(protocol):
    things = [
        {"a": [1, 2, 70_000, -5, 2**40], "b": (True, None, ()), "c": [[1], [2, 3], []]},
        list(range(3000)),
        {"x": np.arange(12, dtype=">i4").reshape(3, 4)},
    ][: 3 if protocol in (2, 3, 4) else 2]  # the newest protocol has a word of its own for arrays
    for thing in things:
        data = pickle.dumps(thing, protocol=protocol)
        assert_same(thing, read_pickle(data))
        assert_same(thing, read_pickle(pickletools.optimize(data)))


def assert_same(thing, found):
    if isinstance(thing, dict) and "x" in thing:
        assert np.array_equal(found["x"], thing["x"])
    else:
        assert found == thing


def test_that_a_batch_is_read_as_python_2_wrote_it():
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03"
        b"(K\x01K\x02K\x03\x86cnumpy\ndtype\nq\x04U\x02u1K\x00K\x01\x87Rq\x05"
        b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x06\x00\x00\x00\x00\x01\x02\x03\x04\xfftb"
    )
    data = b"\x80\x02}q\x00(U\x04data" + array + b"U\x06labels]q\x06(K\x06M\x01\x01eu."
    expected = pickle.loads(data, encoding="bytes")  # written here by hand, so known to do no harm
    found = read_pickle(data)
    assert found[b"data"].tolist() == expected[b"data"].tolist() == [[0, 1, 2], [3, 4, 255]]
    assert found[b"labels"] == expected[b"labels"] == [6, 257]


def test_that_a_text_file_with_more_than_numbers_is_refused(home, tmp_path, monkeypatch):
    harm = tmp_path / "harm"
    for bad in (objects([[1], Evil(harm)]), objects([[1], ["a"]]), objects([[1], [-4]]), objects([[1], [2**60]])):
        data = npz(x=bad, y=np.zeros(2, int))
        expect(monkeypatch, keras_reuters, data)
        (home / "reuters.npz").write_bytes(data)
        with pytest.raises(DataError, match="more than numbers"):
            load("keras_reuters")
    assert not harm.exists()


def test_that_an_archive_with_more_than_numbers_is_refused(home, tmp_path, monkeypatch):
    harm = tmp_path / "harm"
    for bad in (pickle.dumps(Evil(harm), protocol=2), b"", batch(5, 2, keys=[b"others"])):
        data = cifar10(**{"cifar-10-batches-py/data_batch_3": bad})
        expect(monkeypatch, keras_cifar10, data)
        (home / "cifar-10-python.tar.gz").write_bytes(data)
        with pytest.raises(DataError, match="more than numbers"):
            load("keras_cifar10")
    assert not harm.exists()
