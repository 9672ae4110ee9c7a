"""Figure -> pyqtgraph: figures on the screen, with hover, selection and zoom."""
