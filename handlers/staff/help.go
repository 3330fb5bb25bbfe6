package staff

import (
	"bytes"
	_ "embed"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"go.yaml.in/yaml/v3"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fold"
)

//go:embed help/en.yaml
var helpText []byte

// A helpTopic is a help page for counselors.
type helpTopic struct {
	ID, Title, Summary string
	Picture, Alt       string // a screenshot, taken by make pictures
	Sections           []helpSection
}

// A helpSection answers one question.
type helpSection struct{ Heading, Text string }

// Anchor returns the section's fragment id on its page.
func (s helpSection) Anchor() string {
	return strings.ReplaceAll(strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("’,.:", r) {
			return -1
		}
		return r
	}, s.Heading)), " ", "-")
}

var helpTopics = func() []helpTopic {
	var list []helpTopic
	decoder := yaml.NewDecoder(bytes.NewReader(helpText))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil { // the file is embedded
		panic(err)
	}
	return list
}()

// A helpHit is a section that matches a search.
type helpHit struct {
	Topic   helpTopic
	Section helpSection
}

type helpView struct {
	web.Base
	Topics []helpTopic
	Topic  *helpTopic // the topic shown, nil for the list
	Find   string
	Hits   []helpHit
}

var helpPage = web.NewPage[helpView]("staff/help.html")

// showHelp lists the help pages and the sections that contain every search word.
func (s *Server) showHelp(c *gin.Context) error {
	view := helpView{Base: web.PageBase(c, "Help"), Topics: helpTopics, Find: strings.TrimSpace(c.Query("find"))}
	if view.Find != "" {
		view.Hits = findHelp(view.Find)
	}
	return web.Render(c, http.StatusOK, helpPage, view)
}

func (s *Server) showHelpTopic(c *gin.Context) error {
	for i, topic := range helpTopics {
		if topic.ID == c.Param("topic") {
			return web.Render(c, http.StatusOK, helpPage,
				helpView{Base: web.PageBase(c, topic.Title), Topics: helpTopics, Topic: &helpTopics[i]})
		}
	}
	return fault.NotFound
}

func findHelp(find string) []helpHit {
	var hits []helpHit
	for _, topic := range helpTopics {
		for _, section := range topic.Sections {
			if fold.Has(topic.Title+" "+section.Heading+" "+section.Text, find) {
				hits = append(hits, helpHit{topic, section})
			}
		}
	}
	return hits
}
