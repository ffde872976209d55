"""What networks can see of a video; each is a folder of what is prepared."""

RGB = "rgb"
FLOW = "flow"
# Of somebody's 2D CNN.
FEATURES = "features"
