"""From a question to ranked, counted and highlighted answers.

May import from index, never from web.
"""
