"""The engine answers what the views of the pipeline and of a tensor ask, beside its other work; one can give up."""

from trainings import talk

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.domain.input_pipeline import Costs, InputPipeline
from workbench.protocol.commands import Cancel, ShowPipeline, ShowTensor
from workbench.protocol.events import Failed, PipelineShown, Progress, TensorShown

DIGITS = DatasetSpec(SourceSpec("digits"))


def test_that_a_tensor_and_a_pipeline_are_shown() -> None:
    with talk() as engine:
        tensor = engine.ask(ShowTensor(1, DIGITS, what="batch"), TensorShown)
        assert tensor.shape == (32, 8, 8, 1)
        shown = engine.ask(ShowPipeline(2, DIGITS, InputPipeline()), PipelineShown)
        assert [stage.kind for stage in shown.stages][-1] == "prefetch"
        assert shown.own is None


def test_that_a_long_measurement_holds_up_no_other_data_and_is_given_up() -> None:
    with talk() as engine:
        slow = InputPipeline(costs=Costs(read_ms=5))
        engine.send(ShowPipeline(1, DIGITS, slow, measure=True, seconds=5.0))
        while not engine.until(Progress).text.startswith("Measuring"):
            pass
        assert engine.ask(ShowTensor(2, DIGITS), TensorShown).ticket == 2
        engine.send(Cancel(1))
        failed = engine.until(Failed)
        assert (failed.ticket, failed.cancelled) == (1, True)
