"""A video in, the timeline of its actions out."""
