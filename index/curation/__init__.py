"""What the user decides about entities: merge, split, rename, retype, hide.

See docs/reference/entities-file.md.
"""
