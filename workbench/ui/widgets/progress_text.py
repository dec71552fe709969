"""The one line that says how far the training is."""

from PySide6.QtCore import QCoreApplication

from workbench.domain.folds import trains_all_folds
from workbench.ui.context import Context
from workbench.ui.widgets.counts import epochs


def progress_text(context: Context) -> tuple[str, float | None]:
    """A sentence and a fraction (None: unknown) for the state of the window as it is now."""
    run = context.run
    match run.status:
        case "training" | "pausing" | "paused" | "stopping":
            return _running(context)
        case "starting":
            return _tr("Preparing the training…"), None
        case "lost":
            return _tr("The engine stopped at step {0}. The run can be resumed.").format(f"{run.steps_done:,}"), 0.0
        case _:
            return _idle(context)


def _running(context: Context) -> tuple[str, float | None]:
    run = context.run
    if not run.steps_planned:
        return _tr("Preparing the training…"), None
    fraction = min(1.0, run.steps_done / run.steps_planned)
    fold = run.record
    parts = [_tr("Fold {0} of {1}").format(fold.fold, fold.folds)] if fold is not None and fold.folds else []
    parts += [_tr("Epoch {0} of {1}").format(min(run.epoch + 1, run.epochs), run.epochs)]
    if run.status == "paused":
        if run.steps_done:
            parts.append(_tr("paused after batch {0}").format(f"{run.steps_done:,}"))
        else:
            parts.append(_tr("paused before the first batch"))
    elif run.seconds > 0 and run.steps_done:
        speed = run.steps_done / run.seconds
        left = (run.steps_planned - run.steps_done) / speed
        parts.append(_tr("{0} left").format(clock(left)))
        parts.append(_tr("{0} batches/s").format(f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}"))
    return "  ·  ".join(parts), fraction


def _idle(context: Context) -> tuple[str, float | None]:
    if context.data.loading is not None:
        return context.data.loading
    if context.data.demand is not None:
        return _tr("The data wait until you allow them. See the Data page."), 0.0
    if context.data.error:
        return _tr("The data could not be loaded. See the Data page."), 0.0
    errors = len(context.model.errors)
    if errors:
        text = (
            _tr("One problem to mend before training") if errors == 1 else _tr("{0} problems to mend before training")
        )
        return text.format(errors), 0.0
    ended = context.run.history.ended
    if ended is not None:
        text = _tr("Last run: {0} in {1}").format(epochs(ended.epochs), clock(ended.seconds))
        return text, min(1.0, context.run.steps_done / max(1, context.run.steps_planned))
    info, project = context.data.info, context.document.project
    if info is not None and info.folds and trains_all_folds(project):
        return _tr("Ready to train {0} folds").format(len(info.folds)), 0.0
    return _tr("Ready to train"), 0.0


def clock(seconds: float) -> str:
    """Seconds as 0:41, 12:05 or 1:02:03."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Progress", text)
