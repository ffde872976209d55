"""From frame scores to segments (Sections 3.5 and 4.2)."""
