"""The native index: immutable segments of arrays, written once and mapped by readers.

docs/reference/index-format.md specifies the files, docs/architecture.md says why they are so.
"""
