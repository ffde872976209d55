"""From prepared videos and annotations to a workdir (Section 3.5)."""
