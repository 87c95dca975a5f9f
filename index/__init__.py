"""From sources to a store of articles, and from the store to an index.

Imports run one way: web → search → index. Nothing here knows of search or web.
"""
