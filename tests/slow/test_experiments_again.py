"""Every experiment run again gives the results that its folder holds; some twenty minutes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments.__main__ import main
from experiments.estimates import read_table
from experiments.folder import RESULTS
from experiments.spec import HERE, names_of_experiments

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", names_of_experiments())
def test_played_again_it_gives_the_same_results(name: str, tmp_path: Path) -> None:
    assert main([name, "--again", "--output", str(tmp_path)]) == 0
    found, expected = read_table(tmp_path / name / RESULTS), read_table(HERE / name / RESULTS)
    pd.testing.assert_frame_equal(found, expected, rtol=1e-6, atol=1e-9)
