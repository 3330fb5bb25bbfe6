// Package surface names where a page is seen, and says what follows from it: what
// stands around the page, and whether it may be shown while a session runs.
package surface

// A Surface is where a page is seen. Each route names one.
type Surface string

// The surfaces.
const (
	Public   Surface = "public"   // before a sign-in: anybody's device
	Portal   Surface = "portal"   // a partner's own device
	Staff    Surface = "staff"    // the counselor's or a colleague's screen, seen by nobody else
	Live     Surface = "live"     // the counselor's screen, which both partners may see during a session
	Handover Surface = "handover" // the counselor's device in the hands of one partner
	Screen   Surface = "screen"   // the screen that faces the couple
)

// All are the surfaces, from what anybody may see to what faces the couple.
var All = []Surface{Public, Portal, Staff, Live, Handover, Screen}

// For returns the surface of a page for somebody who is signed in: what anybody
// may see, and what is not for them, is answered in their own frame.
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

// FacesCouple tells whether a partner has the page before them on a device that
// is not theirs: nothing around it leads anywhere.
func (s Surface) FacesCouple() bool { return s == Handover || s == Screen }

// HasWayOut tells whether the quick exit and the crisis lines stand around the
// page, in the practice's frame: a partner may see it.
func (s Surface) HasWayOut() bool { return s == Public || s == Portal }

// MayNameOthers tells whether what stands around the page may name other couples:
// the jump box, and records that are open to an owner. No partner may see it.
func (s Surface) MayNameOthers(sessionRuns bool) bool {
	return (s == Staff || s == Live) && !sessionRuns
}

// IsTranslated tells whether the page speaks the language of the partner who
// sees it. The staff read English.
func (s Surface) IsTranslated() bool { return s != Staff && s != Live }
