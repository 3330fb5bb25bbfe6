package pdf

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// metadata writes the title and date of the file, as an info dictionary and as XMP, and returns the
// object numbers of both.
func (s Sheet) metadata(o *objects) (info, xmp int) {
	title, made := oneLine(s.Title), s.made()
	stamp := made.Format("D:20060102150405Z")
	info = o.add("<</Title %s /Producer (Mend) /CreationDate (%s) /ModDate (%s)>>", textString(title), stamp, stamp)
	packet := xmpPacket(title, s.language(), made)
	xmp = o.add("<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream", len(packet), packet)
	return info, xmp
}

// schemaOfUA describes the PDF/UA entry, since archives know few entries by themselves.
const schemaOfUA = `<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the standard that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
`

// xmpPacket returns the metadata as XMP, including the claim of PDF/UA-1 conformance.
func xmpPacket(title, language string, made time.Time) string {
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(title)) // writing to memory does not fail
	stamp := made.Format(time.RFC3339)
	return fmt.Sprintf(`<?xpacket begin="`+"\uFEFF"+`" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
`+schemaOfUA+`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>
<pdf:Producer>Mend</pdf:Producer>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`, escaped.String(), language, stamp, stamp)
}

// outputIntent declares the document's colors as sRGB.
func outputIntent(o *objects) int {
	profile := o.stream("/N 3", sRGB())
	return o.add("<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) "+
		"/DestOutputProfile %d 0 R>>", profile)
}
