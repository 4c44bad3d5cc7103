"""Cross-field rules on specifications: one file per subject, problems by key, all at once."""
