"""Which code computed a result: its version, and a digest of the package's own files, installed or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__version__ = "0.1.0"


@cache
def code_version() -> str:
    """Digest of every source and data file of the package; one changed byte makes it another one.

    A commit would not do: there is none in an installed package, and a checkout may hold changes.
    """
    # Imported here: only results need it.
    from hashlib import blake2b

    package = Path(__file__).resolve().parents[1]
    digest = blake2b(digest_size=16)
    for path in sorted(package.rglob("*")):
        # Options are in the resolved configuration, fonts compute nothing.
        parts = path.relative_to(package).parts
        if path.suffix in (".py", ".csv", ".json", ".npz") and parts[0] != "configs":
            digest.update(f"{'/'.join(parts)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
