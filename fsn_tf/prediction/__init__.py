"""Trained networks on whole videos (Section 3.5)."""
