package pdf

// An element is a node of the structure that a screen reader reads. Its drawn content is recorded
// page by page during drawing.
type element struct {
	role       string // a standard structure type of PDF
	title      string // a heading's, for the bookmarks
	language   string // "" to inherit
	alternate  string // the description of a figure
	actual     string // the text to read instead of what is drawn
	visual     bool   // its letters are drawn left to right and read right to left
	link       *link  // a link's target and position
	annotation int    // its object on a page; 0 for none
	onPage     int    // that page
	attributes string
	parent     *element
	kids       []kid
}

// A kid is an element or, if that is nil, content of a page.
type kid struct {
	element *element
	mark    mark
}

// A mark is a marked piece of content on a page, which is counted from 0.
type mark struct{ page, id int }

// add gives e a child.
func (e *element) add(child *element) *element {
	child.parent = e
	e.kids = append(e.kids, kid{element: child})
	return child
}

// top returns the block that e is part of.
func (e *element) top() *element {
	for e.parent != nil {
		e = e.parent
	}
	return e
}

// Running heads and feet are not part of the text, so screen readers ignore them.
var (
	artifact     = &element{role: "Artifact"}
	runningHead  = &element{role: "Artifact", attributes: " /Type /Pagination /Subtype /Header"}
	runningFoot  = &element{role: "Artifact", attributes: " /Type /Pagination /Subtype /Footer"}
	watermark    = &element{role: "Artifact", attributes: " /Type /Pagination /Subtype /Watermark"}
	columnHeader = " /O /Table /Scope /Column"
)

// tagged assigns the text in rows to e, except what already belongs to another element.
func tagged(rows []row, e *element) []row {
	for _, r := range rows {
		for i := range r.texts {
			if r.texts[i].tag == nil {
				r.texts[i].tag = e
			}
		}
	}
	return rows
}

// withLanguage sets a language for the text in rows that has none.
func withLanguage(rows []row, language string) []row {
	for _, r := range rows {
		for _, t := range r.texts {
			if block := t.tag.top(); block.language == "" {
				block.language = language
			}
		}
	}
	return rows
}

// repeated returns rows for use on a later page, where they are a running head.
func repeated(rows []row) []row {
	again := make([]row, 0, len(rows))
	for _, r := range rows {
		texts := make([]text, 0, len(r.texts))
		for _, t := range r.texts {
			t.tag = artifact
			texts = append(texts, t)
		}
		r.texts, r.listed = texts, false
		again = append(again, r)
	}
	return again
}

// structured returns the structure of pages in reading order.
func structured(pages [][]placed, language string) *element {
	root := &element{role: "Document", language: language}
	include := func(tag *element) {
		if tag == nil || tag.role == "Artifact" {
			return
		}
		if block := tag.top(); block != root {
			root.add(block)
		}
	}
	for _, page := range pages {
		for _, r := range page {
			for _, p := range r.paths {
				include(p.tag)
			}
			for _, t := range r.texts {
				include(t.tag)
			}
		}
	}
	fixHeadingLevels(root.kids)
	return root
}

// fixHeadingLevels adjusts headings so that no level is skipped.
func fixHeadingLevels(blocks []kid) {
	sections := false
	for _, k := range blocks {
		switch k.element.role {
		case "H2":
			sections = true
		case "H3":
			if !sections {
				k.element.role = "H2"
			}
		}
	}
}
