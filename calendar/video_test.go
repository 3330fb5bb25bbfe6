package calendar

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/vault"
)

// meetsBy books an appointment by video, or in another way, in a week.
func (w *world) meetsBy(place, detail string) Appointment {
	w.Helper()
	a := Appointment{
		PracticeID: w.practice.ID, CoupleID: w.couple.ID, CounselorID: w.dana.ID, FormKey: rand.Text(),
		Slot:   Slot{noon.AddDate(0, 0, 7), "America/New_York", 50, place, detail},
		Reader: w.couple.Reader,
	}
	w.must(w.st.Book(w.Context(), &a, noon))
	return w.find(a.ID)
}

// upcoming returns what both partners are shown, which has to be the same.
func (w *world) upcoming(at time.Time) Upcoming {
	w.Helper()
	var seen []Upcoming
	for _, side := range []couples.Side{couples.A, couples.B} {
		c, _ := w.partner(side)
		coming, err := w.st.Upcoming(w.Context(), c, at)
		w.must(err)
		seen = append(seen, coming)
	}
	a, b := seen[0], seen[1]
	if (a.Next == nil) != (b.Next == nil) || a.Link != b.Link || a.Open != b.Open {
		w.Fatalf("the partners are shown different things: %+v, %+v", a, b)
	}
	return a
}

func TestALinkIsShownToBothFromAQuarterOfAnHourBeforeUntilTheSessionIsOver(t *testing.T) {
	eachWorld(t, func(w *world) {
		own := "https://video.example/room"
		a := w.meetsBy("video", own)
		for after, want := range map[time.Duration]string{
			-16 * time.Minute: "", -15 * time.Minute: own, 30 * time.Minute: own, 64 * time.Minute: own,
		} {
			got := w.upcoming(a.StartsAt.Add(after))
			if got.Next == nil || got.Link != want || got.Open != (want != "") || got.Next.PlaceDetail != "" {
				t.Errorf("%v after the beginning: %+v", after, got)
			}
		}
		if got := w.upcoming(a.StartsAt.Add(65 * time.Minute)); got.Next != nil {
			t.Errorf("it is still shown after its end: %+v", got)
		}
	})
}

func TestAPartnerIsShownNothingOfAnotherCouple(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.booked(w.other, noon.AddDate(0, 0, 1))
		if got := w.upcoming(noon); got.Next != nil || got.Canceled != nil {
			t.Errorf("%+v", got)
		}
		own := w.booked(w.couple, noon.AddDate(0, 0, 2))
		w.must(w.cancel(w.booked(w.other, noon.AddDate(0, 0, 1).Add(2*time.Hour)), ByA, noon))
		if got := w.upcoming(noon); got.Next == nil || got.Next.ID != own.ID || got.Canceled != nil {
			t.Errorf("%+v", got)
		}
	})
}

func TestASessionByVideoThatHasBegunIsStillJoined(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.meetsBy("video", "https://video.example/room")
		_, err := w.db.Exec(t.Context(), `UPDATE appointments SET state = 'held' WHERE id = ?`, a.ID)
		w.must(err)
		if got := w.upcoming(a.StartsAt.Add(25 * time.Minute)); got.Link != "https://video.example/room" {
			t.Errorf("%+v", got)
		}
		w.meetsBy("office", "the small room")
		_, err = w.db.Exec(t.Context(), `UPDATE appointments SET state = 'held'`)
		w.must(err)
		if got := w.upcoming(a.StartsAt.Add(66 * time.Minute)); got.Next != nil {
			t.Errorf("what was held is shown as the next: %+v", got)
		}
	})
}

func TestTheStandingLinkServesAppointmentsByVideoWithoutALinkOfTheirOwn(t *testing.T) {
	standing := "https://video.example/dana"
	eachWorld(t, func(w *world) {
		w.must(w.st.SaveVideoSettings(t.Context(), w.practice.ID, w.dana.ID, VideoSettings{Link: standing}))
		w.must(w.st.SaveVideoSettings(t.Context(), w.practice.ID, w.ellis.ID,
			VideoSettings{Link: "https://video.example/ellis"}))
		for _, c := range []struct{ place, detail, link, rest string }{
			{"video", "", standing, ""},
			{"video", "https://video.example/own", "https://video.example/own", ""},
			{"video", "Wait until I let you in.", standing, "Wait until I let you in."},
			{"video", "http://video.example/plain", standing, "http://video.example/plain"},
			{"office", "", "", ""},
			{"phone", "", "", ""},
		} {
			a := w.meetsBy(c.place, c.detail)
			if got := w.upcoming(a.StartsAt.Add(-20 * time.Minute)); got.Link != "" {
				t.Errorf("%s, %q: the link is shown too early: %+v", c.place, c.detail, got)
			}
			if got := w.upcoming(a.StartsAt); got.Link != c.link || got.Next.PlaceDetail != c.rest {
				t.Errorf("%s, %q: %+v", c.place, c.detail, got)
			}
			w.must(w.cancel(a, ByPractice, noon))
		}
	})
}

func TestAVideoLinkIsHTTPSAndSealedAndOfOneCounselor(t *testing.T) {
	eachWorld(t, func(w *world) {
		save := func(v VideoSettings) error {
			return w.st.SaveVideoSettings(t.Context(), w.practice.ID, w.dana.ID, v)
		}
		for _, link := range []string{
			"http://video.example/dana", "video.example/dana", "javascript:alert(1)", "https://", "https:///dana",
			"https://name:word@video.example/", "https://video.example/a b", "https://video.example/" + strings.Repeat("x", 200),
		} {
			w.wantFault(link, save(VideoSettings{Link: link}), "link")
		}
		licenses, _ := ParseLicenses("ny; Pennsylvania, NY")
		w.must(save(VideoSettings{Link: " https://video.example/dana ", Licenses: licenses}))
		w.want("a second window", save(VideoSettings{Link: "https://video.example/other"}), fault.Conflict)
		got, err := w.st.VideoSettings(t.Context(), w.practice.ID, w.dana.ID)
		w.must(err)
		if got.Link != "https://video.example/dana" || got.LicenseLine() != "NY, PA" || got.Revision != 1 {
			t.Errorf("%+v", got)
		}
		if other, err := w.st.VideoSettings(t.Context(), w.practice.ID, w.ellis.ID); err != nil || other.Link != "" {
			t.Errorf("another counselor: %+v, %v", other, err)
		}
		var link, states []byte
		w.must(w.db.Get(t.Context(), &link, `SELECT link FROM video_settings`))
		w.must(w.db.Get(t.Context(), &states, `SELECT licenses FROM video_settings`))
		if strings.Contains(string(link), "video.example") || strings.Contains(string(states), got.LicenseLine()) {
			t.Error("it can be read on the disk")
		}
	})
}

func TestLicensesAreReadByNameOrLettersAndWhatIsNoStateIsSaid(t *testing.T) {
	for line, want := range map[string]string{
		"": "|", "NY": "NY|", " new york , dc": "NY, DC|", "NY, Ontario": "NY|Ontario", "Puerto Rico,,": "PR|", "XX": "|XX",
	} {
		list, unknown := ParseLicenses(line)
		if got := (VideoSettings{Licenses: list}).LicenseLine() + "|" + unknown; got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	on := VideoSettings{Licenses: []USState{{"NY", "New York"}}}
	if !on.Licensed("NY") || on.Licensed("NJ") || on.Licensed(OutsideUS) || !(VideoSettings{}).Licensed("NJ") {
		t.Error("a state is in or out of the licenses wrongly")
	}
}

// here returns a full location answer of a partner.
func here(a Appointment) PartnerLocation {
	return PartnerLocation{
		AppointmentID: a.ID, FormKey: rand.Text(), State: "NY", Place: "12 Pear Street", Company: "nobody",
		Telephone: "555-0100",
	}
}

// tell stores where a partner is.
func (w *world) tell(side couples.Side, l PartnerLocation, at time.Time) error {
	w.Helper()
	c, p := w.partner(side)
	return w.st.TellLocation(w.Context(), c, p, l, at)
}

func TestALocationIsCheckedFieldByField(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.meetsBy("video", "")
		for field, change := range map[string]func(*PartnerLocation){
			"state":     func(l *PartnerLocation) { l.State = "ZZ" },
			"place":     func(l *PartnerLocation) { l.State, l.Place = OutsideUS, " " },
			"company":   func(l *PartnerLocation) { l.Company = "" },
			"telephone": func(l *PartnerLocation) { l.Telephone = " " },
		} {
			l := here(a)
			change(&l)
			w.wantFault(field, w.tell(couples.A, l, a.StartsAt), field)
		}
		long := here(a)
		long.Place, long.Telephone = strings.Repeat("x", 301), strings.Repeat("1", 101)
		w.wantFault("a long place", w.tell(couples.A, long, a.StartsAt), "place")
		w.wantFault("a long number", w.tell(couples.A, long, a.StartsAt), "telephone")
	})
}

func TestALocationIsToldOnlyForTheCouplesOwnSessionByVideoAroundItsTime(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, office := w.meetsBy("video", ""), w.meetsBy("office", "")
		for _, at := range []time.Duration{-16 * time.Minute, 65 * time.Minute} {
			w.want(at.String(), w.tell(couples.A, here(a), a.StartsAt.Add(at)), fault.NotFound)
		}
		w.want("in the office", w.tell(couples.A, here(office), a.StartsAt), fault.NotFound)
		c, p, err := w.couples.FindForPartner(t.Context(), w.practice.ID, w.other.Partner(couples.A).ID)
		w.must(err)
		w.want("another couple", w.st.TellLocation(t.Context(), c, p, here(a), a.StartsAt), fault.NotFound)
		moved := w.meetsBy("video", "")
		_, err = w.move(moved, slot(moved.StartsAt.Add(time.Hour)))
		w.must(err)
		w.want("moved", w.tell(couples.A, here(moved), moved.StartsAt), fault.NotFound)
		w.must(w.cancel(a, ByB, noon))
		w.want("canceled", w.tell(couples.A, here(a), a.StartsAt), fault.NotFound)
		if n := w.locationsKept(); n != 0 {
			t.Errorf("%d were kept", n)
		}
	})
}

// locationsKept returns the number of stored answers.
func (w *world) locationsKept() (n int) {
	w.Helper()
	w.must(w.db.Get(w.Context(), &n, `SELECT COUNT(*) FROM locations`))
	return n
}

func TestALocationIsReadByItsCounselorAloneAndAnAnswerNeverReplacesAnother(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.meetsBy("video", "")
		first, second := here(a), here(a)
		second.State, second.Place, second.Company = OutsideUS, "Lisbon, Portugal", "others"
		w.must(w.tell(couples.A, first, a.StartsAt))
		w.must(w.tell(couples.A, first, a.StartsAt)) // submitted again
		w.must(w.tell(couples.A, second, a.StartsAt.Add(time.Minute)))
		partner := w.couple.Partner(couples.A)
		list, err := w.st.Locations(t.Context(), w.couple, partner, 10)
		w.must(err)
		places := []string{}
		for _, l := range list {
			places = append(places, l.StateName()+": "+l.Place+", "+l.Company+", "+l.Telephone)
		}
		if want := []string{
			"Outside the U.S.: Lisbon, Portugal, others, 555-0100", "New York: 12 Pear Street, nobody, 555-0100",
		}; !slices.Equal(places, want) {
			t.Errorf("%q", places)
		}
		newest, err := w.st.LocationIn(t.Context(), w.couple, partner, a.ID)
		w.must(err)
		if newest.Place != "Lisbon, Portugal" {
			t.Errorf("in the session: %+v", newest)
		}
		_, err = w.st.LocationIn(t.Context(), w.couple, w.couple.Partner(couples.B), a.ID)
		w.want("of whoever did not answer", err, fault.NotFound)
		asB, _ := w.partner(couples.B)
		for name, reader := range map[string]vault.Actor{
			"the other partner": asB.Reader, "the front desk": vault.ForDesk(w.practice.ID, w.drew.ID),
			"a supervisor": vault.ForSupervisor(w.practice.ID, w.ellis.ID, w.couple.ID),
			"the program":  vault.ForProgram(w.practice.ID),
		} {
			c := w.couple
			c.Reader = reader
			list, err := w.st.Locations(t.Context(), c, partner, 10)
			w.want(name, err, fault.NotFound)
			if len(list) > 0 {
				t.Errorf("%s reads %+v", name, list)
			}
		}
	})
}
