"""Frame Segmentation Networks for temporal action localization."""

__version__ = "0.1.0"
