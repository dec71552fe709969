"""The verbs of the command line. Each is the file of its name here, with `add_arguments`, `run` and `EXAMPLES`.

This table alone is read for `workbench --help`, and only the file of the verb in use is imported.
"""

VERBS = {
    "samples": "list the samples that come with the workbench",
    "new": "make a project from a sample or from data of your own",
    "import": "make a project of a model or a script that was made elsewhere",
    "base": "put a ready-made or saved model into a project's network",
    "weights": "let the layers of a project start with weights from a file or a run",
    "summary": "show the layers of a project's network with their shapes and parameters",
    "train": "train a project's network",
    "evaluate": "measure a trained network on the test part of its data",
    "predict": "let a trained network predict",
    "runs": "list the trainings of a project",
    "prune": "change the weights of a trained network by hand and see what that does",
    "clean": "say which kept weights of a project nothing needs any more, and remove them",
    "compare": "tell what differs between the networks of two runs, or of a run and the project now",
    "export": "write a trained model or a Keras script",
    "data": "tell what a project's data are, part by part and column by column",
    "report": "write all that is known of a project's data as one HTML page",
    "schema": "print the JSON schema of project.json",
    "demo": "train the sample 'handwritten digits' in the terminal",
}
# Those that may load a project's data, so that code of the project's may have to be allowed to run.
LOADING = frozenset(
    {"new", "summary", "train", "evaluate", "predict", "export", "data", "report", "weights", "base", "prune"}
)
