"""Gates: orders wait until somebody may pass."""
