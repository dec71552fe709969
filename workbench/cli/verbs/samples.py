"""`workbench samples`: what can be tried at once, without data of one's own."""

import argparse

from workbench.cli.output import Output

EXAMPLES = ("workbench samples", "workbench new digits my-digits")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List the samples."""
    from workbench.cli.documents import SampleDocument, SamplesDocument
    from workbench.domain.samples import samples

    entries = samples()
    documents = tuple(SampleDocument(entry.id, entry.title, entry.description) for entry in entries)
    output.document(SamplesDocument(documents))
    output.table(("name", "title", "what it is"), [(entry.id, entry.title, entry.description) for entry in entries])
    return 0
