"""Conversations as files, played through the real pipeline and store; README.md says how they are written."""
