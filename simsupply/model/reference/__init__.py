"""The reference engine: the same model as plain SimPy, one process per order, without kernels.

It shares with the fast engine what is *drawn* (dispatch lists, minutes of work, journeys, duty) and the
books; everything that takes time is written again. Every order finishes every step at the same
time in both, to the last bit. It also simulates what the kernels cannot: limited floors, through which
a step depends on the one after it.
"""
