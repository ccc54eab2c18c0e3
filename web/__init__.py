"""What only the published page needs: Sphinx extensions, theme, page runtime, build steps."""
