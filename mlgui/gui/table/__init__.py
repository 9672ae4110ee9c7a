"""Everything in the window that changes the table of the data."""
