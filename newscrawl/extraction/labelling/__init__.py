"""What each block of a page is for: features, the learned model, and one label a block."""
