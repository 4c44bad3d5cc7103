"""The compiled next-event loop for steps that couple: arrays in, arrays changed; nothing is allocated in it.

`columns` says what stands in the rows of each array, `arena` how functions get at them, `loop` is where it begins. What
is decided, and what happens, has a file for each kind. As in `simsupply.model.kernels`, who changes a function removes
what was kept of it (``rm -r simsupply/model/events/__pycache__``): everything is inlined into the loop.
"""
