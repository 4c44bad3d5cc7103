"""Every compiled function of the model: arrays in, arrays out; what belongs together comes in named tuples.

Each file says what its functions compute; `arguments` says what they are given. What is compiled is kept on disk, file
by file: who changes a function that others call from another file removes what was kept of those
(``rm -r simsupply/model/kernels/__pycache__``).
"""
