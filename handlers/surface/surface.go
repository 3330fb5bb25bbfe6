// Package surface names where a page is seen, and derives from it the frame around the page and
// whether the page may be shown while a session runs.
package surface

// A Surface is where a page is seen. Each route has one.
type Surface string

// The surfaces.
const (
	Public   Surface = "public"   // before sign-in, on any device
	Portal   Surface = "portal"   // a partner's own device
	Staff    Surface = "staff"    // the counselor's or a colleague's screen, seen by nobody else
	Live     Surface = "live"     // the counselor's screen, which both partners may see during a session
	Handover Surface = "handover" // the counselor's device in the hands of one partner
	Screen   Surface = "screen"   // the screen that faces the couple
)

// All lists the surfaces, from the public ones to the screen that faces the couple.
var All = []Surface{Public, Portal, Staff, Live, Handover, Screen}

// For returns the surface of a page for somebody who is signed in: public pages and refusals are
// shown in that person's own frame.
func (s Surface) For(staff bool) Surface {
	switch {
	case s.FacesCouple():
		return s
	case !staff:
		return Portal
	case s == Live:
		return Live
	}
	return Staff
}

// FacesCouple reports whether a partner sees the page on a device that is not theirs. Its frame has
// no links.
func (s Surface) FacesCouple() bool { return s == Handover || s == Screen }

// HasWayOut reports whether a partner may see the page, so that it gets the practice's frame with
// the quick exit and the crisis lines.
func (s Surface) HasWayOut() bool { return s == Public || s == Portal }

// MayNameOthers reports whether the frame may name other couples: in the jump box, and as records
// open to an owner. It may not where a partner can see the page.
func (s Surface) MayNameOthers(sessionRuns bool) bool {
	return (s == Staff || s == Live) && !sessionRuns
}

// IsTranslated reports whether the page is in the language of the partner who sees it. Staff pages
// are in English.
func (s Surface) IsTranslated() bool { return s != Staff && s != Live }
