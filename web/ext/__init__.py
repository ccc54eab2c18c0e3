"""Sphinx extensions of the book, one concern a module."""
