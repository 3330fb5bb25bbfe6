package pdf

// An element is a node of the structure that a screen reader walks. What is drawn
// for it is told to it while drawing, page by page.
type element struct {
	role       string // a standard structure type of PDF
	title      string // of a heading, for the bookmarks
	language   string // "" for that of what is around it
	alternate  string // says what a figure shows
	actual     string // is read instead of what is drawn
	visual     bool   // its letters are drawn from the left and read from the right
	link       *link  // of a link, what it leads to and where it stands
	annotation int    // the object that stands for it on a page; 0 for none
	onPage     int    // that page
	attributes string
	parent     *element
	kids       []kid
}

// A kid is an element or, where that is nil, content of a page.
type kid struct {
	element *element
	mark    mark
}

// A mark is the content on a page, counted from 0, that has a number there.
type mark struct{ page, id int }

// add gives e a child.
func (e *element) add(child *element) *element {
	child.parent = e
	e.kids = append(e.kids, kid{element: child})
	return child
}

// top is the block that e is part of.
func (e *element) top() *element {
	for e.parent != nil {
		e = e.parent
	}
	return e
}

// The furniture of a page is no part of the text: a screen reader leaves it out.
var (
	artifact     = &element{role: "Artifact"}
	runningHead  = &element{role: "Artifact", attributes: " /Type /Pagination /Subtype /Header"}
	runningFoot  = &element{role: "Artifact", attributes: " /Type /Pagination /Subtype /Footer"}
	watermark    = &element{role: "Artifact", attributes: " /Type /Pagination /Subtype /Watermark"}
	columnHeader = " /O /Table /Scope /Column"
)

// tagged gives all that is drawn as text in rows to e, and what belongs to
// another element already stays with it.
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

// speaking gives what is drawn as text in rows a language, where it has none of its own.
func speaking(rows []row, language string) []row {
	for _, r := range rows {
		for _, t := range r.texts {
			if block := t.tag.top(); block.language == "" {
				block.language = language
			}
		}
	}
	return rows
}

// repeated are rows as they stand on a further page, where they are furniture.
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

// structured is the structure of what stands on pages, in the order in which it
// is read.
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
	steady(root.kids)
	return root
}

// steady makes headings follow each other without leaving out a level.
func steady(blocks []kid) {
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
