"""What news pages have in common, as data: names of metadata, boilerplate, and words for it.

Nothing here names a site. Names of metadata are compared in lower case; where several occur,
the first in the tuple wins.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLE_TYPES = _words(
    "article newsarticle analysisnewsarticle askpublicnewsarticle backgroundnewsarticle "
    "opinionnewsarticle reportagenewsarticle reviewnewsarticle advertisercontentarticle "
    "satiricalarticle scholarlyarticle techarticle medicalscholarlyarticle socialmediaposting "
    "blogposting liveblogposting discussionforumposting report review criticreview howto "
    "recipe podcastepisode"
)
"""Types of schema.org (in lower case) whose record describes an article."""

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
META_PUBLISHER = ("dc.publisher", "dcterms.publisher", "publisher")
META_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
META_LANGUAGE = ("content-language", "og:locale", "dc.language", "language", "inlanguage")

BYLINE_CLASSES = ("byline", "author", "writer", "contributor")
"""What the class of an element that names the author contains."""

NOT_AUTHORS = _words(
    "admin administrator author authors by byline contributor contributors contributing editor "
    "editors editorial follow guest journalist more photographer photo posted published read "
    "reporter senior share staff subscribe twitter unknown updated view writer writers"
)
"""Words (in lower case): a name made of nothing else is none."""

ROLES = _words(
    "analyst anchor chief columnist contributor correspondent desk director editor editors editorial "
    "fellow head manager minister newsroom officer photographer president producer professor "
    "reporter researcher staff strategist team writer writers"
)
"""Words (in lower case) that make a piece of a byline a job and no name."""

AGENCIES = _words(
    "associatedpress ap reuters afp agencefrancepresse upi bloomberg bloombergnews dpa pa pamedia "
    "ansa efe tass interfax xinhua kyodo yonhap financialtimes newyorktimes washingtonpost "
    "healthday"
)
"""Bare names (letters only, lower case) of agencies and papers that bylines carry beside people."""

NO_NAME_BEGINNINGS = ("special to ", "for the ", "special for ", "http:", "https:", "www.", "@")
"""How pieces of a byline begin that are no names."""

BLOCK_TAGS = _words(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr iframe li main nav ol p pre section summary "
    "table tbody td tfoot th thead tr ul video"
)
"""Elements that begin and end a line of text."""

CONTENT_TAGS = frozenset(("article", "body", "html", "main"))
"""Elements that are never boilerplate, whatever their class."""

BOILERPLATE_TAGS = _words(
    "aside audio button canvas dialog embed figcaption figure footer head iframe input label link "
    "map math menu meta nav noscript object optgroup option output picture progress script select "
    "source style svg template textarea track video"
)
"""Elements that never hold text of an article."""

BOILERPLATE_ROLES = _words(
    "alert alertdialog banner complementary contentinfo dialog navigation search toolbar"
)

CERTAIN_BOILERPLATE = _words(
    "comment-list consent cookie cookies disqus gdpr invisible onetrust outbrain taboola"
)
"""Names that are boilerplate even when they cover most of the page's text."""

BOILERPLATE_CLASSES = _words(
    "ad ads advert adverts advertisement advertising affiliate affiliates also-like also-read "
    "author authors author-bio banner bio breadcrumb breadcrumbs buy byline bylines caption "
    "captions carousel comment comments comment-list consent contributor cookie cookies "
    "copyright correction credit credits datetime disclaimer disclosure disqus dateline embed "
    "follow footer gallery gdpr hidden img-caption instagram listing masthead menu meta modal "
    "more-from more-on more-stories most-popular most-read nav navbar navigation newsletter "
    "newsletters onetrust outbrain overlay pagination paywall player popup print-only product "
    "products promo promos promotion pubdate published rating ratings read-also read-more readmore "
    "recirc recirculation recommendation recommendations recommended related screen-reader "
    "screen-reader-text see-also share sharing shares sidebar sign-up signup skip skip-link slideshow "
    "social social-media social-share sponsor sponsored sponsors sr-only subscribe subscription "
    "subscriptions table-of-contents taboola tag-list taglist tags teaser teasers ticker timestamp "
    "toc toolbar tooltip topics trending tweet twitter updated video videos visually-hidden "
    "visuallyhidden widget widgets wp-caption-text"
)
"""Words of class names and ids (camel case split, lower case, joined by hyphens)."""

STANDFIRST_CLASSES = (
    "dek",
    "standfirst",
    "subtitle",
    "sub-title",
    "subhead",
    "sub-head",
    "subheading",
    "sub-heading",
    "strapline",
    "deck",
    "summary",
    "excerpt",
    "lede",
    "leadin",
    "lead-in",
    "description",
    "tagline",
    "intro",
)
"""What the class of the line under the headline contains, or that of its container."""

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH}\s+\d\d?|\d\d?\s+{_MONTH})"
_THIS_STORY = r"this\s+(?:article|story|piece|post)\s+(?:was\s+)?"
_LINKS_TO_OTHERS = (
    r"(?:read|see|watch|listen|view)\s+(?:more|also|next|now|the\s+(?:original|full))\b.{0,150}",
    r"(?:also|more|related|recommended|read|see|watch|listen|up\s+next|further\s+reading)\s*[:|].{0,200}",
    r"(?:don[’']t\s+miss|editor[’']?s?\s+(?:pick|choice)s?|more\s+(?:from|on)\b.{0,60})\s*[:|].{0,200}",
    r"(?:related|recommended|trending|sponsored)(?:\s+\w+){0,2}",
    r"most\s+(?:read|popular)",
    r"more\s+(?:from|on|in)\s.{1,40}",
    r"people\s+are\s+also\s+reading",
    r"(?:what\s+to\s+read\s+next|you\s+(?:may|might)\s+also\s+like).{0,40}",
    r"(?:recommended|suggested)\s+by\s.{1,40}",
    r"more\s+information:.{0,400}",
)
_LABELS = (
    r"advertisement|ad|loading|watch|listen|play|copied|comments?|published|follow",
    r"share(?:\s+this.{0,30})?",
    r"skip\s+(?:to|past|ad|advert|advertisement|navigation)\b.{0,60}",
    r"(?:story|article)\s+continues.{0,40}",
    r"scroll\s+to\s+continue.{0,40}",
    r"post\s+your\s+comment",
    rf"(?:published|updated|posted)\W+(?:on\s+)?.{{0,12}}{_DAY},?\s+\d{{4}}\b.{{0,30}}",
    rf"(?:\w+day\W+)?{_DAY},?\s+\d{{4}}\W+(?:at\s+)?\d\d?[:.]\d\d.{{0,20}}",
)
_INVITATIONS = (
    r"(?:click|tap)\s+here\b.{0,150}",
    r"get\s.{0,60}\sby\s+clicking\s+here",
    r"(?:sign\s+up|subscribe|register)\b.{0,60}\b(?:newsletters?|inbox|e-?mails?|alerts?)\b.{0,200}",
    r"(?:sign\s+up|subscribe|register)\b.{0,60}\b(?:updates|channel|podcast)\b.{0,200}",
    r".{0,100}\bsign\s+up\s+(?:for|to)\b.{0,80}\bnewsletter.{0,250}",
    r"follow\s.{1,60}\son\s+(?:facebook|twitter|x|instagram|tiktok|youtube|threads|google\s+news)\b.{0,200}",
    r"let\s+us\s+know\b.{0,60}\bcomments\b.{0,100}",
)
_CREDITS_AND_RIGHTS = (
    r"(?:©|\(c\)\s*\d{4}|copyright\s+(?:©|\(c\)|\d{4}|by\b)).{0,200}",
    r".{0,120}\ball\s+rights\s+reserved\b.{0,120}",
    r"(?:image|photo|picture|photograph|video|source)(?:\s+(?:credit|by|courtesy))?s?\s*:.{0,150}",
    r"we\s+may\s+(?:earn|receive)\b.{0,200}",
    rf".{{0,40}}\b{_THIS_STORY}(?:first|originally|previously)\s+(?:appeared|published|ran)\b.{{0,200}}",
)
FURNITURE_LINE = re.compile(
    rf"\W*(?:{'|'.join((*_LINKS_TO_OTHERS, *_LABELS, *_INVITATIONS, *_CREDITS_AND_RIGHTS))})\W*$",
    re.IGNORECASE,
)
"""Lines that belong to the page and not to the article, each matched as a whole."""

PAYWALL_LINE = re.compile(
    r"\b(?:subscribe|register|sign\s+in|log\s+in|create\s+(?:a|an)\s+(?:free\s+)?account)\b.{0,40}"
    r"\bto\s+(?:continue|keep|finish)\s+reading|\bto\s+(?:continue|keep)\s+reading\b.{0,60}\bsubscri"
    r"|\b(?:article|story|content)\s+is\s+(?:only\s+)?(?:for|reserved\s+for|available\s+to)\s+"
    r"(?:our\s+)?(?:paying\s+)?(?:subscribers|members)|\bsubscribers?[-\s]+only\b"
    r"|\bexclusively\s+for\s+(?:subscribers|members)",
    re.IGNORECASE,
)
"""What a page says where the rest of its text is for subscribers."""
