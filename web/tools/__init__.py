"""The steps behind the Makefile, one module a step: ``python -m web.tools.<step>``."""
