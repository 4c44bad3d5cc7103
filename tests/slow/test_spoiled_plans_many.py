"""Ten thousand spoiled plans: none ends in a traceback, hangs, or measures what cannot be."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.fuzz.fuzzing import check
from tests.fuzz.mutations import spoiled_text
from tests.fuzz.test_spoiled_plans import (
    POINTS,
    check_files,
    check_points,
    spoiled_files,
    spoiled_values,
    spoiled_words,
)

MANY = settings(max_examples=2500, deadline=None, suppress_health_check=[*HealthCheck], database=None)


@MANY
@given(spoiled_values())
def test_other_values(tmp_path: Path, files: tuple[bytes, bytes]) -> None:
    check_files(files, tmp_path)


@MANY
@given(spoiled_files())
def test_other_texts(tmp_path: Path, files: tuple[bytes, bytes]) -> None:
    check_files(files, tmp_path)


@MANY
@given(spoiled_words())
def test_other_words(plan: tuple[str, str, list[str]]) -> None:
    check(*plan)


@MANY
@given(spoiled_text(POINTS))
def test_other_points(tmp_path: Path, content: bytes) -> None:
    check_points(content, tmp_path)
