"""Refuses what a project wants to do on this machine as long as the person has not allowed it."""

from pathlib import Path

from workbench.domain.catalogue import SourceEntry
from workbench.domain.files import StoreError
from workbench.domain.trust import OFF, ONCE_ALLOWED, Demand, code_path, demand_of, is_allowed
from workbench.engine.data.errors import DataError
from workbench.engine.data.files import check_file
from workbench.engine.data.raw import Params


def allowed_code(entry: SourceEntry, params: Params, folder: Path | None) -> tuple[Path, bytes]:
    """The file of code that a source names, and the very code that may be run. Raises DataError where it cannot be
    read, or was not allowed."""
    try:
        path = code_path(params, folder)
        check_file(path)
        demand = demand_of(entry, params, folder)
    except StoreError as error:
        raise DataError(str(error)) from error
    assert demand is not None
    assert demand.code is not None
    _refuse(
        demand,
        f"The data come from Python code, {path.name}, which {OFF}: read it on the Data page.",
    )
    return path, demand.code


def check_address(entry: SourceEntry, params: Params, folder: Path | None) -> None:
    """Raises DataError where another machine may not be asked."""
    demand = demand_of(entry, params, folder)
    if demand is not None:
        _refuse(
            demand,
            f"The data of this project lie on another machine, which is asked {ONCE_ALLOWED}: connect on the Data "
            "page.",
        )


def _refuse(demand: Demand, message: str) -> None:
    if not is_allowed(demand):
        raise DataError(message, demand.what)
