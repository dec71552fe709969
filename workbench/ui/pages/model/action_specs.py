"""The actions on the network, declared as data."""

from dataclasses import dataclass

from workbench.ui.widgets.page_action import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class ActionSpec:
    """One action. `needs` says what must be selected: nothing, something, or something of a sort. Those `everywhere`
    work on the whole page, and are not for the context menu of layers."""

    name: str
    text: str
    tip: str
    shortcut: str
    icon: str
    needs: str = "some"
    gap: bool = False
    everywhere: bool = False


ACTIONS = (
    ActionSpec(
        "cut",
        QT_TRANSLATE_NOOP("NetworkActions", "Cu&t"),
        QT_TRANSLATE_NOOP("NetworkActions", "Move the selected layers to the clipboard"),
        "Ctrl+X",
        "content-cut",
    ),
    ActionSpec(
        "copy",
        QT_TRANSLATE_NOOP("NetworkActions", "&Copy"),
        QT_TRANSLATE_NOOP("NetworkActions", "Copy the selected layers, also for another window"),
        "Ctrl+C",
        "content-copy",
    ),
    ActionSpec(
        "paste",
        QT_TRANSLATE_NOOP("NetworkActions", "&Paste"),
        QT_TRANSLATE_NOOP(
            "NetworkActions", "Put the layers on the clipboard, also those in Keras code, behind the selection"
        ),
        "Ctrl+V",
        "content-paste",
        needs="",
    ),
    ActionSpec(
        "duplicate",
        QT_TRANSLATE_NOOP("NetworkActions", "&Duplicate"),
        QT_TRANSLATE_NOOP("NetworkActions", "Copy the selected layers behind themselves"),
        "Ctrl+D",
        "content-duplicate",
    ),
    ActionSpec(
        "delete",
        QT_TRANSLATE_NOOP("NetworkActions", "De&lete"),
        QT_TRANSLATE_NOOP("NetworkActions", "Remove the selected layers"),
        "Del",
        "trash-can-outline",
    ),
    ActionSpec(
        "rename",
        QT_TRANSLATE_NOOP("NetworkActions", "&Rename"),
        QT_TRANSLATE_NOOP("NetworkActions", "Give the layer a name of your own"),
        "F2",
        "rename-outline",
        needs="one",
        gap=True,
    ),
    ActionSpec(
        "enable",
        QT_TRANSLATE_NOOP("NetworkActions", "&Enable or disable"),
        QT_TRANSLATE_NOOP("NetworkActions", "Leave the selected layers out of the network, or take them in again"),
        "Space",
        "eye-off-outline",
    ),
    ActionSpec(
        "freeze",
        QT_TRANSLATE_NOOP("NetworkActions", "&Freeze or unfreeze"),
        QT_TRANSLATE_NOOP("NetworkActions", "Keep the weights of the selected layers as they are while training"),
        "Ctrl+L",
        "snowflake",
        needs="trainable",
    ),
    ActionSpec(
        "output",
        QT_TRANSLATE_NOOP("NetworkActions", "&Output of the network"),
        QT_TRANSLATE_NOOP("NetworkActions", "Let the selected layers give outputs of the network, or no longer"),
        "Ctrl+Alt+O",
        "location-exit",
    ),
    ActionSpec(
        "wrap",
        QT_TRANSLATE_NOOP("NetworkActions", "&Group in a block"),
        QT_TRANSLATE_NOOP("NetworkActions", "Put the selected layers into a block of their own"),
        "Ctrl+G",
        "cube-outline",
        gap=True,
    ),
    ActionSpec(
        "wrap_in_residual",
        QT_TRANSLATE_NOOP("NetworkActions", "Group with a &skip"),
        QT_TRANSLATE_NOOP("NetworkActions", "Add the input of the selected layers to their output"),
        "Ctrl+Alt+S",
        "debug-step-over",
    ),
    ActionSpec(
        "wrap_in_repeat",
        QT_TRANSLATE_NOOP("NetworkActions", "Repeat se&veral times"),
        QT_TRANSLATE_NOOP("NetworkActions", "Lay the selected layers several times one after another"),
        "Ctrl+Alt+R",
        "repeat",
    ),
    ActionSpec(
        "replace",
        QT_TRANSLATE_NOOP("NetworkActions", "Put another &layer in its place…"),
        QT_TRANSLATE_NOOP(
            "NetworkActions", "Make it a layer of another class; its parameters and all other weights that fit stay"
        ),
        "Ctrl+Alt+C",
        "swap-horizontal",
        needs="layers",
    ),
    ActionSpec(
        "unroll",
        QT_TRANSLATE_NOOP("NetworkActions", "Lay out the roun&ds"),
        QT_TRANSLATE_NOOP("NetworkActions", "Put all rounds of the selected repetitions in their place"),
        "Ctrl+Alt+L",
        "repeat-off",
        needs="repeat",
    ),
    ActionSpec(
        "wrap_in_layer",
        QT_TRANSLATE_NOOP("NetworkActions", "Put into a &wrapper…"),
        QT_TRANSLATE_NOOP("NetworkActions", "Put Bidirectional, TimeDistributed or another wrapper around the layers"),
        "Ctrl+Alt+G",
        "package-variant",
        needs="layers",
    ),
    ActionSpec(
        "share",
        QT_TRANSLATE_NOOP("NetworkActions", "Use again with the s&ame weights"),
        QT_TRANSLATE_NOOP("NetworkActions", "Put the selected layers in once more, with the weights that they have"),
        "Ctrl+Alt+A",
        "link-variant",
    ),
    ActionSpec(
        "reusable",
        QT_TRANSLATE_NOOP("NetworkActions", "Make re&usable…"),
        QT_TRANSLATE_NOOP("NetworkActions", "Make the selection a block to use again, changed once for all its uses"),
        "Ctrl+Alt+K",
        "shape-plus-outline",
    ),
    ActionSpec(
        "detach",
        QT_TRANSLATE_NOOP("NetworkActions", "Detach from its &block"),
        QT_TRANSLATE_NOOP("NetworkActions", "Make the selected uses of reusable blocks blocks of their own"),
        "Ctrl+Alt+D",
        "link-variant-off",
        needs="linked",
    ),
    ActionSpec(
        "unwrap",
        QT_TRANSLATE_NOOP("NetworkActions", "&Ungroup"),
        QT_TRANSLATE_NOOP("NetworkActions", "Put what is in the selected blocks in their place"),
        "Ctrl+Shift+G",
        "ungroup",
        needs="block",
    ),
    ActionSpec(
        "move_up",
        QT_TRANSLATE_NOOP("NetworkActions", "Move &up"),
        QT_TRANSLATE_NOOP("NetworkActions", "Move the selected layers up, at the top of a block out of it"),
        "Alt+Up",
        "arrow-up",
        gap=True,
    ),
    ActionSpec(
        "move_down",
        QT_TRANSLATE_NOOP("NetworkActions", "Move d&own"),
        QT_TRANSLATE_NOOP("NetworkActions", "Move the selected layers down, at the end of a block out of it"),
        "Alt+Down",
        "arrow-down",
    ),
    ActionSpec(
        "move_in",
        QT_TRANSLATE_NOOP("NetworkActions", "Move &into the block"),
        QT_TRANSLATE_NOOP("NetworkActions", "Move the selected layers into the block right above them, or right below"),
        "Alt+Right",
        "arrow-right",
    ),
    ActionSpec(
        "move_out",
        QT_TRANSLATE_NOOP("NetworkActions", "Move out of t&he block"),
        QT_TRANSLATE_NOOP("NetworkActions", "Move the selected layers out of their block, behind it"),
        "Alt+Left",
        "arrow-left",
    ),
    ActionSpec(
        "select_all",
        QT_TRANSLATE_NOOP("NetworkActions", "Select &all"),
        QT_TRANSLATE_NOOP("NetworkActions", "Select all layers"),
        "Ctrl+A",
        "select-all",
        needs="",
        gap=True,
    ),
    ActionSpec(
        "find",
        QT_TRANSLATE_NOOP("NetworkActions", "&Search a layer to add"),
        QT_TRANSLATE_NOOP("NetworkActions", "Go to the search field of the palette"),
        "Ctrl+F",
        "magnify",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "parts",
        QT_TRANSLATE_NOOP("NetworkActions", "Own parts in P&ython…"),
        QT_TRANSLATE_NOOP("NetworkActions", "Write layers, losses, metrics and other parts of your own"),
        "Ctrl+Alt+P",
        "language-python",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "search",
        QT_TRANSLATE_NOOP("NetworkActions", "Search the &network"),
        QT_TRANSLATE_NOOP("NetworkActions", "Find layers of the network by name, class or size"),
        "Ctrl+Shift+F",
        "text-search",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "search_next",
        QT_TRANSLATE_NOOP("NetworkActions", "Ne&xt hit"),
        QT_TRANSLATE_NOOP("NetworkActions", "Go to the next layer that was searched"),
        "F3",
        "arrow-down",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "search_previous",
        QT_TRANSLATE_NOOP("NetworkActions", "Previous h&it"),
        QT_TRANSLATE_NOOP("NetworkActions", "Go to the layer before that was searched"),
        "Shift+F3",
        "arrow-up",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "insert_base",
        QT_TRANSLATE_NOOP("NetworkActions", "Insert a &base…"),
        QT_TRANSLATE_NOOP("NetworkActions", "Put a ready-made model, a run or a file of a model into the network"),
        "Ctrl+Alt+B",
        "package-variant-closed",
        needs="",
        gap=True,
        everywhere=True,
    ),
    ActionSpec(
        "start_with",
        QT_TRANSLATE_NOOP("NetworkActions", "Start with &weights…"),
        QT_TRANSLATE_NOOP("NetworkActions", "Let the layers start with weights from a run or a file"),
        "Ctrl+Alt+W",
        "school-outline",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "start_afresh",
        QT_TRANSLATE_NOOP("NetworkActions", "Start afres&h"),
        QT_TRANSLATE_NOOP("NetworkActions", "Forget the weights kept for the selected layers"),
        "Ctrl+Alt+H",
        "restart",
        needs="started",
        everywhere=True,
    ),
    ActionSpec(
        "unused_weights",
        QT_TRANSLATE_NOOP("NetworkActions", "Remove unused weig&hts…"),
        QT_TRANSLATE_NOOP(
            "NetworkActions", "Say which kept weights no layer needs any more, and move them to the trash"
        ),
        "Ctrl+Alt+T",
        "broom",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "freeze_up_to",
        QT_TRANSLATE_NOOP("NetworkActions", "Freeze up to &here"),
        QT_TRANSLATE_NOOP("NetworkActions", "Freeze the selected layers and all that lead to them from the inputs"),
        "Ctrl+Alt+U",
        "arrow-collapse-down",
        gap=True,
        everywhere=True,
    ),
    ActionSpec(
        "freeze_all_but",
        QT_TRANSLATE_NOOP("NetworkActions", "Freeze all but the top &N layers…"),
        QT_TRANSLATE_NOOP(
            "NetworkActions", "Let the last layers of a block or of the network learn, and freeze its others"
        ),
        "Ctrl+Alt+F",
        "arrow-expand-down",
        needs="",
        everywhere=True,
    ),
    ActionSpec(
        "diagram",
        QT_TRANSLATE_NOOP("NetworkActions", "Show as dia&gram or tree"),
        QT_TRANSLATE_NOOP("NetworkActions", "Draw the network as boxes and arrows, or show the tree again"),
        "Ctrl+M",
        "sitemap-outline",
        needs="",
        gap=True,
        everywhere=True,
    ),
    ActionSpec(
        "save_diagram",
        QT_TRANSLATE_NOOP("NetworkActions", "Save the diagra&m…"),
        QT_TRANSLATE_NOOP("NetworkActions", "Save the drawn network as SVG or PNG"),
        "Ctrl+Shift+E",
        "export-variant",
        needs="",
        everywhere=True,
    ),
)
