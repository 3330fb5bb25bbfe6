package web

import (
	"strings"

	"mend/accounts"
)

// Unix turns the line ends of a browser into plain ones.
func Unix(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// commonZones are offered; any other of the time zone database may be typed.
var commonZones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Toronto", "America/Vancouver", "Europe/London", "Europe/Dublin",
	"Europe/Berlin", "Europe/Madrid", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

// A PracticeForm is a practice as typed, at set-up and in the settings.
type PracticeForm struct {
	Practice   string `form:"practice"`
	Address    string `form:"address"`
	Telephone  string `form:"telephone"`
	TimeZone   string `form:"time_zone"`
	Letterhead string `form:"letterhead"`
	Paper      string `form:"paper"`
}

// FormOfPractice is the form of a practice as it is stored.
func FormOfPractice(p accounts.Practice) PracticeForm {
	return PracticeForm{p.Name, p.Address, p.Telephone, p.TimeZone, p.Letterhead, p.Paper}
}

// Details is the practice that was typed.
func (f PracticeForm) Details() accounts.Practice {
	return accounts.Practice{
		Name: strings.TrimSpace(f.Practice), Address: Unix(f.Address), Telephone: strings.TrimSpace(f.Telephone),
		TimeZone: f.TimeZone, Letterhead: Unix(f.Letterhead), Paper: f.Paper,
	}
}

// Zones are offered as time zones.
func (PracticeForm) Zones() []string { return commonZones }

// A CounselorForm is a counselor as typed, at set-up and in the settings.
type CounselorForm struct {
	Name         string `form:"name"`
	Credentials  string `form:"credentials"`
	LicenseType  string `form:"license_type"`
	LicenseNo    string `form:"license_no"`
	LicenseState string `form:"license_state"`
}

// FormOfCounselor is the form of a counselor as they are stored.
func FormOfCounselor(c accounts.Counselor) CounselorForm {
	return CounselorForm{c.Name, c.Credentials, c.LicenseType, c.LicenseNo, c.LicenseState}
}

// Profile is the counselor that was typed.
func (f CounselorForm) Profile() accounts.Counselor {
	return accounts.Counselor{
		Name: strings.TrimSpace(f.Name), Credentials: strings.TrimSpace(f.Credentials),
		LicenseType: strings.TrimSpace(f.LicenseType), LicenseNo: strings.TrimSpace(f.LicenseNo),
		LicenseState: strings.TrimSpace(f.LicenseState),
	}
}
