"""Filling a survey: its controls, one by one and of whole forms."""
