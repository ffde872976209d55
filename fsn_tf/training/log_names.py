"""Names in the logs of a training run that others look for."""

# Before the name of a metric that was measured on other videos.
VALIDATION = "validation_"
