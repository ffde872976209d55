"""The networks of the paper, in Keras alone (Sections 3.2 to 3.4)."""
