"""What news pages have in common, as data: names of metadata, boilerplate, and words for it.

Nothing here names a site. Names of metadata are compared in lower case; where several occur,
the first in the tuple wins.
"""

from __future__ import annotations

ARTICLE_TYPES = frozenset(
    "article newsarticle analysisnewsarticle askpublicnewsarticle backgroundnewsarticle "
    "opinionnewsarticle reportagenewsarticle reviewnewsarticle advertisercontentarticle "
    "satiricalarticle scholarlyarticle techarticle medicalscholarlyarticle socialmediaposting "
    "blogposting liveblogposting discussionforumposting report review criticreview howto "
    "recipe podcastepisode".split()
)
"""Types of schema.org (in lower case) whose record describes an article."""

LIST_TYPES = frozenset(
    "collectionpage itemlist searchresultspage profilepage offercatalog contactpage".split()
)
"""Types of schema.org (in lower case) whose record describes a page that leads to articles."""

META_TITLE = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "title")
META_DESCRIPTION = ("og:description", "description", "twitter:description", "dc.description")
META_PUBLISHED = (
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publication_date",
    "publicationdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published-date",
    "pubdate",
    "pub_date",
    "originalpublicationdate",
    "dcterms.date",
    "dcterms.created",
    "dcterms.issued",
    "dc.date.issued",
    "dc.date.created",
    "dc.date",
    "dc:date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "article_date_original",
    "rnews:datepublished",
    "displaydate",
    "date",
)
META_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "last-modified",
    "revised",
)
META_AUTHOR = (
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "cxenseparse:author",
    "byl",
    "twitter:creator:name",
)
META_SECTION = ("article:section", "og:article:section", "parsely-section", "section")
META_SOURCE = ("og:site_name", "application-name", "dc.publisher", "publisher", "copyright")
META_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
META_LANGUAGE = ("content-language", "og:locale", "dc.language", "language", "inlanguage")

BYLINE_CLASSES = ("byline", "author", "writer", "contributor")
"""What the class of an element that names the author contains."""

NOT_AUTHORS = frozenset(
    "admin administrator author authors by byline contributor contributors contributing editor "
    "editors editorial follow guest journalist more photographer photo posted published read "
    "reporter senior share staff subscribe twitter unknown updated view writer writers".split()
)
"""Words (in lower case): a name made of nothing else is none."""

ROLES = frozenset(
    "analyst anchor chief columnist contributor correspondent desk director editor editors editorial "
    "fellow head manager minister newsroom officer photographer president producer professor "
    "reporter researcher staff strategist team writer writers".split()
)
"""Words (in lower case) that make a piece of a byline a job and no name."""

AGENCIES = frozenset(
    "associatedpress ap reuters afp agencefrancepresse upi bloomberg bloombergnews dpa pa pamedia "
    "ansa efe tass interfax xinhua kyodo yonhap financialtimes newyorktimes washingtonpost "
    "healthday".split()
)
"""Bare names (letters only, lower case) of agencies and papers that bylines carry beside people."""

NO_NAME_BEGINNINGS = ("special to ", "for the ", "special for ", "http:", "https:", "www.", "@")
"""How pieces of a byline begin that are no names."""
