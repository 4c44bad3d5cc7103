"""Names are any text that keys, words, files, tables and metrics can carry."""

from __future__ import annotations

import pytest

from simsupply.base.names import MOST_CHARACTERS, misfit_of_name


@pytest.mark.parametrize(
    "name",
    [
        *("打包", "东 站（一队）", "硚口路'甲'", "O'Brien", "Big Clerks", "A+", "3号楼", "Łódź", "склад", "倉庫　北"),
        *("a-b", "a;b", "50%组", "“早班”", "ﺱﻮﻗ", "می‌خواهم", "x" * MOST_CHARACTERS, "null", "组[1]", "=上"[1:]),
    ],
)
def test_what_is_a_name(name: str) -> None:
    assert misfit_of_name(name) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *((name, "name_begins_and_ends_with_a_sign") for name in ("", " ", " a", "a ", "　a", "a\n", "\ta", "a\u00a0")),
        *((f"a{sign}b", "name_without_sign") for sign in '.,/\\=:"*?<>|'),
        *(
            (f"东{sign}市", "name_without_control_characters")
            for sign in "\n\t\x00\x7f\u200b\u202e\ufeff\u2028\u00a0\ue000"[:-1]
        ),
        *((name, "name_acted_upon") for name in ("_a", "hydra", "defaults", "a${b}")),
        *((name, "name_with_a_letter") for name in ("1", "2024-03", "+", "!!!")),
        ("东" * (MOST_CHARACTERS + 1), "name_at_most_characters"),
        ("\U00020000" * 46, "name_at_most_bytes"),
    ],
)
def test_what_is_none(name: str, code: str) -> None:
    found = misfit_of_name(name)
    assert found is not None
    assert found.code == code
