"""Turns texts into numbers: words or characters by their place in a vocabulary, in a row or in a bag."""

from typing import Literal, cast

import numpy as np

from workbench.domain.catalogue import ParamEntry, StepEntry
from workbench.engine.data.errors import DataError
from workbench.engine.data.params import text, whole
from workbench.engine.data.raw import AnyArray, Params
from workbench.engine.data.siphash import SALT, SOURCE
from workbench.engine.data.step import FittedStep, on_all_parts
from workbench.engine.data.tokens import Cutter, Tokenizer, Unit, count_tokens, most_frequent, rarity

LONGEST_CHOSEN = 512
SHARE = 95
ENTRY = StepEntry(
    kind="tokenize",
    title="Text to numbers",
    summary="Cuts each text into words or characters and gives each its number in a vocabulary that the training part "
    "makes. In a row, for an Embedding, their order is kept; in a bag only which words occur.",
    forms=("text",),
    params=(
        ParamEntry(
            "unit",
            "choice",
            "words",
            choices=("words", "characters"),
            choice_titles=("Words", "Characters"),
            help="What gets a number: words, which white space parts, or single characters.",
        ),
        ParamEntry(
            "ngrams",
            "int",
            1,
            low=1,
            high=5,
            title="Side by side",
            help="How many of them in a row count as one as well (n-grams). With 2, “not good” gets a number of its "
            "own beside those of “not” and “good”; in a row all single ones come first.",
        ),
        ParamEntry(
            "output",
            "choice",
            "int",
            choices=("int", "multi_hot", "count", "tf_idf"),
            choice_titles=("In a row", "Bag: yes, no", "Bag: counts", "Bag: tf-idf"),
            help="A row of numbers for an Embedding, or a bag with one column for each known word.",
        ),
        ParamEntry(
            "vocabulary_size",
            "int",
            5_000,
            low=3,
            high=50_000,
            title="Vocabulary",
            help="How many different numbers there are at most. The most frequent words of the training part are "
            "known; all others share the number of the unknown word.",
        ),
        ParamEntry(
            "hashing",
            "bool",
            False,
            title="Hashed",
            help="Reckon each number from the letters instead of making a vocabulary. Nothing is unknown then, and new "
            "texts may bring new words, but different words can share a number. As keras.layers.Hashing does with "
            f"the salt {SALT}.",
        ),
        ParamEntry(
            "length",
            "int",
            optional=True,
            low=1,
            high=10_000,
            help="How many words of a text are kept; shorter texts are filled up. When left empty, as many as "
            f"{SHARE} % of the training texts have, but at most {LONGEST_CHOSEN}.",
        ),
        ParamEntry(
            "padding",
            "choice",
            "post",
            choices=("post", "pre"),
            choice_titles=("At the end", "At the beginning"),
            title="Fill up",
            help="Where a text shorter than the length is filled up with zeros.",
        ),
        ParamEntry(
            "cut",
            "choice",
            "post",
            choices=("post", "pre"),
            choice_titles=("At the end", "At the beginning"),
            title="Cut off",
            help="Where a text longer than the length is cut off.",
        ),
        ParamEntry("lower", "bool", True, title="Small letters", help="Take “Good” and “good” for the same word."),
        ParamEntry("strip", "bool", True, title="Without punctuation", help="Leave out points, commas and the like."),
    ),
)

_HEAD = """\
# Each {unit} gets a number: {unknown} stands for an unknown one, then come the most frequent ones of the training part.
{table}def tokens(text):
{cut}


counts = {{}}
for text in x_train:
    for token in tokens(text):
        counts[token] = counts.get(token, 0) + 1
known = sorted(counts, key=lambda token: (counts[token], token), reverse=True)[:{most}]
number = {{token: place for place, token in enumerate(known, {first})}}
size = len(known) + {first}


def number_of(token):
    return number.get(token, {unknown})


"""
_HASHED = """\
# Each {unit} gets a number from {first} to {last}, reckoned from its letters.
{table}def tokens(text):
{cut}


{siphash}

size = {size}


def number_of(token):
    return {number}


"""

_ROWS = """\
length = {length}


def numbered(texts):
    rows = np.zeros((len(texts), length), dtype="int32")  # 0 fills up short texts
    for row, text in zip(rows, texts):
        found = [number_of(token) for token in tokens(text){kept}]
        {place} = found
    return rows


"""
_BAGS = """\
{weights}

def numbered(texts):
    bags = np.zeros((len(texts), size), dtype="float32")
    for bag, text in zip(bags, texts):
        found = np.array([number_of(token) for token in tokens(text)], dtype="int64")
        bag[:] = np.bincount(found, minlength=size)
    return {result}


"""
_WEIGHTS = """\
holding = {}
for text in x_train:
    for token in set(tokens(text)):
        holding[token] = holding.get(token, 0) + 1
rare = np.log(1 + len(x_train) / (1 + np.array([holding[token] for token in known], dtype="float64")))
weights = np.append(rare.mean(), rare).astype("float32")
"""
_PUNCTUATION = 'PUNCTUATION = str.maketrans("", "", string.punctuation)\n\n\n'
_RESULTS = {"multi_hot": '(bags > 0).astype("float32")', "count": "bags", "tf_idf": "bags * weights"}


def fit(params: Params, x_train: AnyArray, names: tuple[str, ...]) -> FittedStep:
    """The vocabulary and the length of the training part."""
    if x_train.dtype.kind != "O":
        raise DataError(f"{ENTRY.title}: these are numbers already. Remove the step.")
    cut = Cutter(
        cast("Unit", text(params, "unit")), bool(params["lower"]), bool(params["strip"]), whole(params, "ngrams")
    )
    if params["hashing"]:
        return _hashed(params, cut, x_train)
    output, most = text(params, "output"), whole(params, "vocabulary_size")
    first = 2 if output == "int" else 1
    known = most_frequent(count_tokens(cut, x_train), most - first)
    if not known:
        raise _nothing(cut)
    tokenizer = Tokenizer(
        cut,
        {token: place for place, token in enumerate(known, first)},
        len(known) + first,
        _length(params, cut, x_train) if output == "int" else None,
        _side(params, "padding"),
        _side(params, "cut"),
        output == "multi_hot",
        rarity(cut, x_train, known) if output == "tf_idf" else None,
    )
    columns = () if output == "int" else ("[unknown]", *known)
    return FittedStep(tokenizer, columns, _script(params, tokenizer, most - first), tokenizer=tokenizer)


def _hashed(params: Params, cut: Cutter, x_train: AnyArray) -> FittedStep:
    output, size = text(params, "output"), whole(params, "vocabulary_size")
    if output == "tf_idf":
        raise DataError(f"{ENTRY.title}: tf-idf needs a vocabulary. Choose counts, or leave out hashing.")
    if not any(cut(each) for each in x_train):
        raise _nothing(cut)
    tokenizer = Tokenizer(
        cut,
        {},
        size,
        _length(params, cut, x_train) if output == "int" else None,
        _side(params, "padding"),
        _side(params, "cut"),
        output == "multi_hot",
        hashed=True,
    )
    columns = () if output == "int" else tuple(f"hash {place}" for place in range(size))
    return FittedStep(tokenizer, columns, _script(params, tokenizer, 0), tokenizer=tokenizer)


def _nothing(cut: Cutter) -> DataError:
    return DataError(f"{ENTRY.title}: the training texts have no {cut.unit} in them. Choose other data or settings.")


def _side(params: Params, name: str) -> Literal["pre", "post"]:
    return "pre" if text(params, name) == "pre" else "post"


def _length(params: Params, cut: Cutter, texts: AnyArray) -> int:
    if params["length"] is not None:
        return whole(params, "length")
    return max(1, min(LONGEST_CHOSEN, int(np.percentile([len(cut(each)) for each in texts], SHARE, method="higher"))))


def _script(params: Params, tokenizer: Tokenizer, most: int) -> str:
    cut, output = tokenizer.cut, text(params, "output")
    known = {
        "unit": cut.unit.removesuffix("s"),
        "table": _PUNCTUATION if cut.strip else "",
        "cut": cut.script,
    }
    if tokenizer.hashed:
        size, first = tokenizer.size, int(output == "int")
        number = "1 + siphash(token) % (size - 1)" if first else "siphash(token) % size"
        head = _HASHED.format(**known, first=first, last=size - 1, siphash=SOURCE, size=size, number=number)
    else:
        first = 2 if output == "int" else 1
        head = _HEAD.format(**known, unknown=first - 1, most=most, first=first)
    needed = [name for name, used in (("functools", tokenizer.hashed), ("string", cut.strip)) if used]
    imports = "".join(f"import {name}\n" for name in needed) + "\n" if needed else ""
    body = _rows_script(params, tokenizer) if output == "int" else _bags_script(output)
    return imports + head + body + on_all_parts("numbered")


def _rows_script(params: Params, tokenizer: Tokenizer) -> str:
    length = str(params["length"])
    if params["length"] is None:
        share = f'int(np.percentile([len(tokens(text)) for text in x_train], {SHARE}, method="higher"))'
        length = f"max(1, min({LONGEST_CHOSEN}, {share}))"
    return _ROWS.format(
        length=length,
        kept="[:length]" if tokenizer.drop == "post" else "[-length:]",
        place="row[: len(found)]" if tokenizer.pad == "post" else "row[length - len(found) :]",
    )


def _bags_script(output: str) -> str:
    return _BAGS.format(weights=_WEIGHTS if output == "tf_idf" else "", result=_RESULTS[output])
