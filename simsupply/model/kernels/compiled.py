"""Whether the kernels have been compiled on this machine before."""

from __future__ import annotations


def are_compiled() -> bool:
    """Whether numba's cache holds the kernels as they are now.

    Compiling takes some seconds and happens once; the progress line says so.
    """
    from simsupply.model.kernels.single_queue import serve_queue

    try:
        # If this way to ask goes, no harm: the line is not shown.
        return bool(serve_queue._cache._cache_file._load_index())  # noqa: SLF001 -- numba has no public way to ask
    except AttributeError:
        return True
