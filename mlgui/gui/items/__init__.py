"""Qt item models of tables, and the delegates that paint their cells."""
