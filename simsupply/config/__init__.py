"""Reading: YAML, Hydra, templates, variations, and where each value was written."""
