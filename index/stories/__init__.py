"""Which articles tell the same story in nearly the same words: wire copy, reprints, rewrites.

`fingerprints` reads what articles are compared by, `kernels` compares, `sweep` makes stories of
what is near each other in time, `shelf` keeps all that in the store, `grouping` is the stage that
follows an import, and `copies` tells a reader what else is of a story.
See docs/decisions/stories.md for what was measured.
"""
