"""Small colour pictures, 32×32: CIFAR-100."""

from pathlib import Path

from workbench.domain.catalogue import ParamEntry, SourceEntry
from workbench.engine.data.keras_files import KerasFile
from workbench.engine.data.keras_pictures import batches_data
from workbench.engine.data.keras_sets import PATH, given_path, set_files
from workbench.engine.data.raw import Params, Progress, RawData

ENTRY = SourceEntry(
    kind="keras_cifar100",
    title="CIFAR-100",
    group="keras",
    summary="60,000 colour pictures of things, 32×32, in a hundred classes or twenty groups of them, 10,000 set aside "
    "as a test set. 170 MB to load.",
    params=(
        ParamEntry(
            "labels",
            "choice",
            "fine",
            choices=("fine", "coarse"),
            choice_titles=("100 classes", "20 groups"),
            title="To learn",
            help="Each of a hundred things, or the twenty groups that they belong to.",
        ),
        PATH,
    ),
    suffixes=(".gz",),
    licence="No licence stated (Alex Krizhevsky, University of Toronto)",
    task="multiclass",
    samples=60_000,
    shape=(32, 32, 3),
)
FILE = KerasFile(
    "cifar-100-python.tar.gz",
    "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
    "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
    most=200_000_000,
    cached=("cifar-100-python-target_archive",),
)
FILES = (FILE,)
_FINE = (
    "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly "
    "camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup "
    "dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower "
    "leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid "
    "otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray "
    "road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar "
    "sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle "
    "wardrobe whale willow_tree wolf woman worm"
)
_COARSE = (
    "aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices "
    "household_furniture insects large_carnivores large_man-made_outdoor_things "
    "large_natural_outdoor_scenes large_omnivores_and_herbivores medium-sized_mammals "
    "non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2"
)
_TRAIN = ("cifar-100-python/train",)
_TEST = ("cifar-100-python/test",)


def read(params: Params, folder: Path | None, progress: Progress) -> RawData:
    """Pictures with a test set of their own."""
    names = _FINE if params["labels"] == "fine" else _COARSE
    return batches_data(
        ENTRY,
        FILE,
        given_path(params, folder),
        progress,
        train=_TRAIN,
        test=_TEST,
        label=f"{params['labels']}_labels",
        classes=tuple(name.replace("_", " ") for name in names.split()),
    )


def files(params: Params, folder: Path | None) -> tuple[Path, ...]:
    """Where the file may lie."""
    return set_files(FILE, params, folder)
