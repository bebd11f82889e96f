"""Benchmarks, as they are called; what they measure they say themselves."""

from __future__ import annotations

import pytest

from tests.bench.__main__ import NAMES, main


@pytest.mark.parametrize("name", NAMES)
def test_arguments_that_a_benchmark_does_not_take_give_its_usage(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "no such thing", "--none"])
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith(f"usage: {name} ")


@pytest.mark.parametrize("name", ["shipped", "treebank"])
def test_a_benchmark_that_needs_a_folder_asks_for_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([name])
    assert end.value.code == 2
    assert "required: folder" in capsys.readouterr().err
