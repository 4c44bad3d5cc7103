"""What the world is, and the world laid out."""
