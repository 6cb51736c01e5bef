"""Labelled pages to the labeller's model, and how good that is on pages that it hasn't seen."""
