"""Help that needs no network: pages as Markdown, a glossary, the keys, and which page explains what has the focus."""
