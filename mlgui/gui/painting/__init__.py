"""How a Figure looks: ticks, colours, marks, text and frames, shared by the screen and by paper."""
