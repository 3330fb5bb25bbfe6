package web

import (
	"strings"

	"mend/accounts"
)

// UnixLines converts a browser's line ends to
// and trims surrounding space.
func UnixLines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// commonZones lists the time zones that the form suggests; any other of the time zone database can
// be typed.
var commonZones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Toronto", "America/Vancouver", "Europe/London", "Europe/Dublin",
	"Europe/Berlin", "Europe/Madrid", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

// A PracticeForm is a practice as typed, in setup and in the settings.
type PracticeForm struct {
	Practice   string `form:"practice"`
	Address    string `form:"address"`
	Telephone  string `form:"telephone"`
	TimeZone   string `form:"time_zone"`
	Letterhead string `form:"letterhead"`
	Paper      string `form:"paper"`
}

// FormOfPractice returns the form of a stored practice.
func FormOfPractice(p accounts.Practice) PracticeForm {
	return PracticeForm{p.Name, p.Address, p.Telephone, p.TimeZone, p.Letterhead, p.Paper}
}

// Details returns the practice as typed.
func (f PracticeForm) Details() accounts.Practice {
	return accounts.Practice{
		Name: strings.TrimSpace(f.Practice), Address: UnixLines(f.Address), Telephone: strings.TrimSpace(f.Telephone),
		TimeZone: f.TimeZone, Letterhead: UnixLines(f.Letterhead), Paper: f.Paper,
	}
}

// Zones returns the suggested time zones.
func (PracticeForm) Zones() []string { return commonZones }

// A CounselorForm is a counselor as typed, in setup and in the settings.
type CounselorForm struct {
	Name         string `form:"name"`
	Credentials  string `form:"credentials"`
	LicenseType  string `form:"license_type"`
	LicenseNo    string `form:"license_no"`
	LicenseState string `form:"license_state"`
}

// FormOfCounselor returns the form of a stored counselor.
func FormOfCounselor(c accounts.Counselor) CounselorForm {
	return CounselorForm{c.Name, c.Credentials, c.LicenseType, c.LicenseNo, c.LicenseState}
}

// Profile returns the counselor as typed.
func (f CounselorForm) Profile() accounts.Counselor {
	return accounts.Counselor{
		Name: strings.TrimSpace(f.Name), Credentials: strings.TrimSpace(f.Credentials),
		LicenseType: strings.TrimSpace(f.LicenseType), LicenseNo: strings.TrimSpace(f.LicenseNo),
		LicenseState: strings.TrimSpace(f.LicenseState),
	}
}
