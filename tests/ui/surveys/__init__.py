"""The room of surveys in a real window over a real vault."""
