package web

import (
	"cmp"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/i18n"
)

// An AuditLine is a log entry, formatted.
type AuditLine struct {
	Seq                         int64
	When                        string
	Who                         i18n.Message
	Action, Object, Side, Place string
	Record                      string // the record number of the couple, in the practice's own log
}

// AuditActions lists the actions that the log can be filtered by.
var AuditActions = []audit.Action{
	audit.SignedIn, audit.SignInFailed, audit.Reauthenticated, audit.SignedOut, audit.Joined, audit.Invited,
	audit.PasswordSet, audit.FactorChanged,
	audit.Created, audit.Changed, audit.Opened, audit.Compared, audit.Sent, audit.Shared, audit.Signed, audit.Printed,
	audit.Held, audit.Decided, audit.Acknowledged,
	audit.Denied, audit.EmergencyAccess, audit.KeysChanged, audit.Erased, audit.SettingChanged,
}

// LineOf formats a log entry. It does not name clients, because a page of the log may be printed
// and shown.
func LineOf(e audit.Entry, people []accounts.Counselor, zone *time.Location) AuditLine {
	who := cmp.Or(i18n.Message(NameOf(people, e.Person)), map[string]i18n.Message{
		"partner": "portal.access.a_partner", "program": "Mend", "": "portal.access.nobody_signed_in",
	}[e.Role])
	return AuditLine{
		e.Seq, e.At.In(zone).Format("Jan 2, 2006, 3:04:05 PM"), who, e.Action.Label() + reasonOf(e),
		e.Object, e.Side, e.Address, "",
	}
}

func reasonOf(e audit.Entry) string {
	if e.Reason == "" || e.Action == audit.Signed {
		return ""
	}
	return ": " + e.Reason
}
