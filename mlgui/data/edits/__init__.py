"""Changes of a table, each a function from table to table that shares unchanged columns and adds a step to its history."""
