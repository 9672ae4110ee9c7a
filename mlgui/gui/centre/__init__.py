"""The tabs in the middle of the window: one view of the results a file."""
