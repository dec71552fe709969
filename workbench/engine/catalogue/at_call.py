"""What a layer takes when it is called, and a person may set."""

from workbench.domain.catalogue import ParamEntry

_CAUSAL = ParamEntry(
    "use_causal_mask",
    "bool",
    default=False,
    help="Whether each place attends only to itself and to those before it, as a decoder must, which does not know "
    "what comes after.",
    at_call=True,
)
_SCORES = ParamEntry(
    "return_attention_scores",
    "bool",
    default=False,
    help="Whether a second output gives how much each place attends to each other one.",
    advanced=True,
    at_call=True,
)
AT_CALL: dict[str, tuple[ParamEntry, ...]] = dict.fromkeys(
    ("Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"), (_CAUSAL, _SCORES)
)
