"""Snippet files and feature files, and what makes them (Section 3.2)."""
