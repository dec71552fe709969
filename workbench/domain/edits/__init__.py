"""Edits of a project: pure functions `Project -> Project`, each with the name that undo shows.

Nodes are given by id; a selection may hold a node together with nodes inside it, which then count once. An edit raises
EditError, a ValueError with a sentence for a person, where it is impossible; ids that are not there are left out, and
an edit that changes nothing returns the very same project.
"""

from workbench.domain.edits.around import share, wrap_in_layer, wrappers_for
from workbench.domain.edits.arrange import (
    duplicate,
    move,
    paste,
    remove,
    unwrap,
    wrap_in_block,
    wrap_in_repeat,
    wrap_in_residual,
)
from workbench.domain.edits.augmentation import add_change, move_change, remove_change, set_change_params
from workbench.domain.edits.base import EditError, NamedEdit, added_ids, change_nodes, combined
from workbench.domain.edits.columns import learn_column, learn_columns, use_columns
from workbench.domain.edits.freezing import freeze_all_but, freeze_up_to, unfreeze
from workbench.domain.edits.heads import set_head, set_target_task
from workbench.domain.edits.inputs import add_input, remove_input, rename_input, set_input_columns, split_inputs
from workbench.domain.edits.nodes import (
    add_nodes,
    rename,
    replace_class,
    reset_params,
    set_enabled,
    set_field,
    set_inputs,
    set_outputs,
    set_param,
    set_params,
    set_trainable,
)
from workbench.domain.edits.outputs import toggle_outputs
from workbench.domain.edits.parts import add_part, remove_part, rename_part, set_source
from workbench.domain.edits.phases import add_phase, remove_phase, set_phase
from workbench.domain.edits.project import rename_project, set_data, set_model, set_training, use_data
from workbench.domain.edits.reusable import detach, make_reusable, set_exposed
from workbench.domain.edits.sealed import set_endpoint
from workbench.domain.edits.split import set_split, split_by
from workbench.domain.edits.start import clear_start, set_starts
from workbench.domain.edits.states import give_states, start_with_states
from workbench.domain.edits.steps import add_step, move_step, remove_step, set_step_params
from workbench.domain.edits.texts import (
    bag_of_words,
    move_text,
    own_text_input,
    read_words,
    remove_text,
    set_text_params,
)
from workbench.domain.edits.unroll import unroll
from workbench.domain.tree_tools import new_node

__all__ = [
    "EditError",
    "NamedEdit",
    "add_change",
    "add_input",
    "add_nodes",
    "add_part",
    "add_phase",
    "add_step",
    "added_ids",
    "bag_of_words",
    "change_nodes",
    "clear_start",
    "combined",
    "detach",
    "duplicate",
    "freeze_all_but",
    "freeze_up_to",
    "give_states",
    "learn_column",
    "learn_columns",
    "make_reusable",
    "move",
    "move_change",
    "move_step",
    "move_text",
    "new_node",
    "own_text_input",
    "paste",
    "read_words",
    "remove",
    "remove_change",
    "remove_input",
    "remove_part",
    "remove_phase",
    "remove_step",
    "remove_text",
    "rename",
    "rename_input",
    "rename_part",
    "rename_project",
    "replace_class",
    "reset_params",
    "set_change_params",
    "set_data",
    "set_enabled",
    "set_endpoint",
    "set_exposed",
    "set_field",
    "set_head",
    "set_input_columns",
    "set_inputs",
    "set_model",
    "set_outputs",
    "set_param",
    "set_params",
    "set_phase",
    "set_source",
    "set_split",
    "set_starts",
    "set_step_params",
    "set_target_task",
    "set_text_params",
    "set_trainable",
    "set_training",
    "share",
    "split_by",
    "split_inputs",
    "start_with_states",
    "toggle_outputs",
    "unfreeze",
    "unroll",
    "unwrap",
    "use_columns",
    "use_data",
    "wrap_in_block",
    "wrap_in_layer",
    "wrap_in_repeat",
    "wrap_in_residual",
    "wrappers_for",
]
