"""Steps of the reference engine, in SimPy."""
