"""Planners' questions, each answered by replications under common random numbers; one folder for each.

``python -m experiments NAME`` runs one again and writes its ``README.md``, ``results.csv`` and ``figure.png``.
"""
