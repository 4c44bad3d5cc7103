"""Who is on duty when: drawn once before goods begin to flow, for both engines.

A person is a crew, a shift, a place and a number. `persons` names them, `levels` says what share
comes, `commute`, `beds`, `infections` and `reassign` change who does, `hours` says which minutes of
the shift are worked; `draw` puts it together.
"""
