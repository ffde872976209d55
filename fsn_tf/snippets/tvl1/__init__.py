"""TV-L1 optical flow on TensorFlow."""
