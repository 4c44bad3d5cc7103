"""The wheel, installed in an empty environment far from the checkout, finds its configs and runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from simsupply import __version__
from tests.helpers.command_line import REPOSITORY

TINY = [
    "scenario.geography.households=40",
    "scenario.geography.drop_points.count=2",
    "replications=1",
    "output=result",
]


def done(words: Sequence[str | Path], folder: Path) -> str:
    """Run a program in `folder`, knowing nothing of the checkout; return what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    # A new installation would compile its kernels first, which takes longer than the run.
    environment["NUMBA_DISABLE_JIT"] = "1"
    finished = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, REPOSITORY]
    done(build, folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; the dependencies of this one are lent to it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    install = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
    done([*install, "--no-deps", "--no-index", "--disable-pip-version-check", wheel], folder)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    # Named last in sys.path, and .pth files in it are not followed: an editable simsupply stays unseen.
    (site_packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_wheel_holds_package_configs_fonts_and_licence(wheel: Path) -> None:
    assert wheel.name.startswith(f"simsupply-{__version__}-py3-none-any")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {path.relative_to(REPOSITORY) for path in (REPOSITORY / "configs").rglob("*.yaml")}
    assert shipped
    assert {f"simsupply/{path}" for path in shipped} <= names
    assert {"simsupply/py.typed", "simsupply/cli/main.py", "simsupply/figures/fonts/OFL.txt"} <= names
    assert any(name.endswith(".otf") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "docs/", "notebooks/", "configs/")) for name in names)
    modules = {path.relative_to(REPOSITORY) for path in (REPOSITORY / "simsupply").rglob("*.py")}
    assert {str(path) for path in modules} <= names


@pytest.mark.lengthy
def test_installed_package_uses_its_own_configs(installed: Path, tmp_path: Path) -> None:
    code = (
        "import simsupply, simsupply.config.yaml_files as r, simsupply.figures.typeface as t; "
        "print(simsupply.__file__, r.config_dir(), t.CHINESE_FONT, sep='\\n')"
    )
    for line in done([installed / "bin" / "python", "-c", code], tmp_path).splitlines():
        assert Path(line).is_relative_to(installed)
        assert Path(line).exists()


@pytest.mark.lengthy
def test_installed_command_lists_and_runs_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "simsupply"
    listed = done([command, "list"], tmp_path)
    for path in (REPOSITORY / "configs").glob("*/*.yaml"):
        # The one table of published paces is no option: crews name its rows.
        assert path.stem in listed or path.parent.name == "paces"
    done([command, "run", *TINY], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["result"]
    summary = json.loads((tmp_path / "result" / "summary.json").read_text())
    assert summary["metrics"]["orders_delivered"]["mean"] == 40
    # An installed package has no commit; the checkout's must not be taken for it.
    assert json.loads((tmp_path / "result" / "provenance.json").read_text())["commit"] is None
