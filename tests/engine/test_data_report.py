"""The report on a data set: one page, whole, that fetches nothing and runs nothing."""

import csv
from html.parser import HTMLParser

import pytest

from workbench.domain.dataset import DatasetSpec, SourceSpec
from workbench.engine.data import load_dataset
from workbench.engine.data.errors import DataError
from workbench.engine.data.raw import no_progress
from workbench.engine.data.report import data_report, write_report

VOID = {"meta", "img"}


class Page(HTMLParser):
    """Collects what a page has, and that its tags are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts, self.sources = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.sources += [value for name, value in attributes if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize(
    "kind", ["digits", "iris", "diabetes", "moons", "sine", pytest.param("shapes", marks=pytest.mark.slow)]
)
def test_that_a_report_is_one_sound_page_that_fetches_nothing(kind):
    dataset = load_dataset(DatasetSpec(SourceSpec(kind)))
    page = Page(data_report(dataset, no_progress))
    assert "script" not in page.tags
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    text = " ".join(page.texts)
    assert dataset.info.title in text
    assert f"in all {sum(dataset.info.sizes.values()):,}" in text
    assert "Findings" in text


def test_that_names_from_a_strangers_file_stay_text(tmp_path):
    path = tmp_path / "hostile.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["<script>alert(1)</script>", "b\"onload='x'", "kind"])
        for row in range(60):
            writer.writerow([row * 1.5, (row * 7) % 11, "<img src=x onerror=alert(1)>" if row % 2 else "&lt;"])
    page = Page(data_report(load_dataset(DatasetSpec(SourceSpec("csv", {"path": str(path)}))), no_progress))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert any("<script>alert(1)</script>" in text for text in page.texts)


def test_that_a_report_replaces_no_file_unless_told(tmp_path):
    dataset = load_dataset(DatasetSpec(SourceSpec("iris")))
    path = tmp_path / "iris.html"
    write_report(dataset, path, False, no_progress)
    before = path.read_bytes()
    with pytest.raises(DataError, match="is there already"):
        write_report(dataset, path, False, no_progress)
    write_report(dataset, path, True, no_progress)
    assert path.read_bytes() == before
    with pytest.raises(DataError, match="could not be written"):
        write_report(dataset, tmp_path / "nowhere" / "iris.html", False, no_progress)
