"""Statements become files: tables, figures' data, reports, JSON and scripts. `formats.EXPORTERS` lists those of tables."""
