"""Steps of the engine: a folder for each kind."""
