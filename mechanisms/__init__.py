"""Does every mechanism of the model move what it must, the way it must? Measured off against on.

``python -m mechanisms`` runs every case of ``mechanisms/cases`` and writes ``docs/mechanisms.md``.
"""
