"""A tour of a few minutes on High School & Beyond."""
