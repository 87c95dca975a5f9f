"""Searching the native index: plans become bitmaps, bitmaps become counts, hits and facets."""
