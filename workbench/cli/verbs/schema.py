"""`workbench schema`: the JSON schema of project.json."""

import argparse

from workbench.cli.output import Output

EXAMPLES = ("workbench schema > project.schema.json",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Print the schema: with line breaks for people, on one line with --json."""
    import msgspec

    from workbench.domain.store import schema

    text = msgspec.json.encode(schema())
    output.raw((text if arguments.json else msgspec.json.format(text, indent=2)).decode())
    return 0
