"""The words that the generated film reviews are made of."""

THINGS = (
    "acting", "story", "music", "camera work", "ending", "dialogue", "cast", "script", "pace", "humour",
    "lighting", "first half", "leading actor", "sound", "editing", "whole film",
)  # fmt: skip
GOOD = (
    "good", "great", "brilliant", "moving", "funny", "clever", "superb", "charming", "thrilling", "beautiful",
    "convincing", "fresh", "excellent", "wonderful", "gripping", "delightful", "touching", "impressive", "fine",
    "memorable",
)  # fmt: skip
BAD = (
    "bad", "boring", "weak", "dull", "silly", "awful", "clumsy", "terrible", "predictable", "annoying", "flat",
    "tedious", "poor", "confusing", "lifeless", "shallow", "stale", "painful", "ugly", "forgettable",
)  # fmt: skip
DEGREES = ("", "really ", "very ", "truly ", "rather ", "simply ")
PLAIN = ("the {thing} was {degree}{word}", "I found the {thing} {degree}{word}", "{degree}{word} was the {thing}")
NEGATED = (
    "the {thing} was not {word} at all",
    "the {thing} was never {word}",
    "the {thing} was hardly {word}",
    "the {thing} was anything but {word}",
    "nobody could call the {thing} {word}",
    "I did not find the {thing} {word}",
)
MIXED = (
    "{first}, but {last}.",
    "{first}. Still, {last}.",
    "although {first}, {last}.",
    "{first}; in the end, however, {last}.",
    "my friends say {first}, yet {last}.",
)
AGREED = ("{last}.", "all in all, {last}.", "{first}, and {last}.", "{first}. {last}.")
ASIDES = (
    "I saw it with my sister on a Sunday.",
    "I had not read the book before.",
    "we never go to the late show.",
    "it runs for two hours.",
    "the cinema was not full at all.",
    "nobody in our row had seen the first part.",
    "it was raining, but we walked home.",
    "the trailer hardly showed anything.",
    "it plays in a small town by the sea.",
    "although it was late, the children stayed awake.",
    "there is a second part, yet I have not seen it.",
    "the director has made four other films.",
)
