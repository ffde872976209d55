"""Training with an eye on other videos: validation, and a search by it."""
