"""Changing the looks of a figure on the screen: popovers beside what was clicked, and a list of everything."""
