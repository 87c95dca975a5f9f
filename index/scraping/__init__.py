"""Articles from sites: polite visits of their pages, feeds and sitemaps, on Scrapy.

Only `running` and what it imports know Scrapy, so that other commands start without it.
"""
