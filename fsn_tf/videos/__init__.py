"""Frames of videos at a given rate, and what is made of them (Section 3.2)."""
