"""The description inside a file (XMP): title in both languages, author, dates."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

_TEMPLATE = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{zh}</rdf:li><rdf:li xml:lang="zh-CN">{zh}</rdf:li>\
<rdf:li xml:lang="en">{en}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{at}</xmp:CreateDate><xmp:ModifyDate>{at}</xmp:ModifyDate>
<xmp:MetadataDate>{at}</xmp:MetadataDate><xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def packet(title_zh: str, title_en: str, author: str, at: datetime, producer: str) -> bytes:
    """The packet as UTF-8; it says the same as the information dictionary, as PDF/A asks."""
    texts = {"zh": title_zh, "en": title_en, "author": author, "producer": producer}
    moment = at.replace(microsecond=0).isoformat()
    return _TEMPLATE.format(at=moment, **{name: escape(text) for name, text in texts.items()}).encode("utf-8")
