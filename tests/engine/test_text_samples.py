"""The samples with texts keep what they say: word order wins over a bag of words, and an LSTM over a bigram model."""

import math

import numpy as np
import pytest
from trainings import new_folder, talk

from workbench.domain.samples import sample
from workbench.engine.data import load_dataset
from workbench.protocol.commands import Evaluate
from workbench.protocol.events import Evaluated


def on_the_test_part(path, name):
    """Loss and metrics after the whole training."""
    project = sample(name).project
    folder = new_folder(path, project)
    with talk() as engine:
        run = engine.train(folder, project).run
        return engine.ask(Evaluate(5, str(folder.path), run), Evaluated).metrics


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_reading_in_order_wins_over_a_bag_of_words(tmp_path):
    in_order = on_the_test_part(tmp_path / "reviews", "reviews")["accuracy"]
    bag = on_the_test_part(tmp_path / "bag", "reviews_bag")["accuracy"]
    assert in_order == pytest.approx(0.98, abs=0.02)
    assert bag == pytest.approx(0.65, abs=0.05)


def bigram_perplexity():
    """Of the next character on the test part, known from the one before in the training part; every pair counts once
    more than it occurs."""
    dataset = load_dataset(sample("devils_dictionary").project.data)
    characters, classes = int(dataset.info.vocabulary_size), len(dataset.info.classes)
    counts = np.ones((characters, classes))
    np.add.at(counts, (dataset.x["train"][:, -1].astype(int), dataset.values["train"]), 1)
    chances = counts / counts.sum(axis=1, keepdims=True)
    told = chances[dataset.x["test"][:, -1].astype(int), dataset.values["test"]]
    return math.exp(-np.log(told).mean())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_the_lstm_is_less_perplexed_than_a_bigram_model(tmp_path):
    perplexity = math.exp(on_the_test_part(tmp_path / "dictionary", "devils_dictionary")["loss"])
    assert perplexity == pytest.approx(7, abs=0.5)
    assert perplexity < bigram_perplexity()
