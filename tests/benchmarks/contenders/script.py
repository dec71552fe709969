"""The Keras script that the workbench exports for a project, run as it is but for a callback that records every loss.

Arguments: the script, and perhaps a file for the weights that came out. The script's last lines, which evaluate and
print, are not what is compared, so they do nothing here.
"""

import runpy
import sys
import time
from typing import Any

import keras
from outcome import save_weights
from recorder import Recorder
from work import report


def main(script: str, weights: str | None = None) -> None:
    asked = time.perf_counter()
    recorder = Recorder()
    trained: list[Any] = []
    plain_fit = keras.Model.fit

    def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
        callbacks = [*kwargs.pop("callbacks", []), recorder]
        trained.append(model)
        return plain_fit(model, *args, **kwargs, callbacks=callbacks, verbose=0)

    keras.Model.fit = fit
    keras.Model.evaluate = lambda *args, **kwargs: {}
    keras.Model.summary = lambda *args, **kwargs: None
    runpy.run_path(script)
    if weights is not None:
        save_weights(trained[0], weights)
    report(recorder.moments, recorder.losses, asked)


main(*sys.argv[1:])
