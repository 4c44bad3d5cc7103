"""Speed and memory of simsupply, next to other engines and to the floor of drawing random numbers.

``python -m benchmarks`` (``make bench``) measures everything in one run and writes ``docs/performance.md``.
"""
