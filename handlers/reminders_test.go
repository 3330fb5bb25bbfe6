package handlers

import (
	"context"
	"net/url"
	"testing"
	"time"

	"mend/calendar/reminders"
	"mend/handlers/web"
	"mend/internal/database"
	"mend/internal/mail"
	"mend/internal/mailtest"
)

// TestAPartnerStopsRemindersAndAllowsThemAgain: with buttons only; a link does not stop anything.
func TestAPartnerStopsRemindersAndAllowsThemAgain(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, kit := w.things(), w.as(w.partner(1, "A"))
		contact := "/partners/" + things["partner"] + "/contact"
		kit.get("/my/settings").want(t, 200, "Stop reminders", "You allow appointment reminders only.").
			never(t, "You stopped reminders.")
		kit.get("/my/settings/reminders?do=stop").want(t, 404)
		kit.get("/my/settings").want(t, 200).never(t, "You stopped reminders.")
		kit.post("/my/settings/reminders", url.Values{"do": {"nudge"}}).want(t, 303)
		kit.get("/my/settings").want(t, 200, `value="nudge" aria-pressed="true"`,
			"You allow appointment and worksheet reminders.").never(t, "You allow appointment reminders only.")
		kit.post("/my/settings/reminders", url.Values{"do": {"stop"}}).want(t, 303)
		kit.get("/my/settings").want(t, 200, "You stopped reminders.", "Allow reminders").never(t, "You allow appointment")
		w.as(w.dana).get(contact).want(t, 200, "Kit turned off reminders.")
		kit.post("/my/settings/reminders", url.Values{"do": {"allow"}}).want(t, 303)
		kit.get("/my/settings").want(t, 200, "Stop reminders", `value="nudge" aria-pressed="false"`)
		kit.post("/my/settings/reminders", url.Values{"do": {"everything"}}).want(t, 400)
		kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		kit.get("/my/settings").want(t, 200, "Detener recordatorios", "No se lo diremos a tu pareja.")
	})
}

// refuseReminder makes the mail server refuse a reminder to Kit.
func (w *world) refuseReminder(t *testing.T, things map[string]string) {
	t.Helper()
	practice := w.one(`SELECT practice_id FROM couples WHERE id = ?`, things["couple"])
	starts := w.now.Add(48 * time.Hour)
	if _, err := w.db.Exec(t.Context(), `DELETE FROM reminders`); err != nil { // of other appointments of the demo
		t.Fatal(err)
	}
	err := w.db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
		return reminders.Plan(ctx, tx, reminders.Appointment{
			ID: "soon", PracticeID: practice, CoupleID: things["couple"], With: "A", StartsAt: starts, Zone: "America/New_York",
		}, w.now)
	})
	if err != nil {
		t.Fatal(err)
	}
	postOffice := mailtest.Start(t)
	postOffice.AnswerAt(mailtest.Recipient, "550 no such mailbox")
	server, err := mail.ParseURL(postOffice.URL())
	if err != nil {
		t.Fatal(err)
	}
	sends := reminders.Worker{
		Store: w.site.Reminders, Server: server, Audit: w.site.Audit,
		Now: func() time.Time { return starts.Add(-24 * time.Hour) },
	}
	if err := sends.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestAReminderThatIsRefusedIsToldToTheCounselorAlone: on Today, until it is dismissed.
func TestAReminderThatIsRefusedIsToldToTheCounselorAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, noor, kit := w.as(w.dana), w.as(w.partner(1, "B")), w.as(w.partner(1, "A"))
		before, own := noor.crawl("/my"), kit.crawl("/my")
		w.refuseReminder(t, things)
		const title = "Reminders not delivered"
		today := dana.get("/").want(t, 200, title, "Check the address with Kit alone.")
		w.as(w.ellis).get("/").want(t, 200).never(t, title)
		for path, page := range noor.crawl("/my") {
			if before[path] != page {
				t.Errorf("%s tells the other partner", path)
			}
		}
		for path, page := range kit.crawl("/my") {
			if own[path] != page {
				t.Errorf("%s tells whoever looks at the partner's phone", path)
			}
		}
		seen := today.find(t, `action="(/reminders/`+id+`/seen)"`)
		w.as(w.ellis).post(seen, url.Values{}).want(t, 303) // and it stays
		dana.get("/").want(t, 200, title)
		dana.post(seen, url.Values{}).want(t, 303)
		dana.get("/").want(t, 200).never(t, title)
	})
}

// TestAnOwnerChoosesHowLongBefore: and sees whether reminders are sent at all.
func TestAnOwnerChoosesHowLongBefore(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		const off = "Reminders are off: no mail server is set up."
		dana.get("/settings/practice").want(t, 200, off, `name="hours" value="24"`)
		dana.post("/settings/reminders", url.Values{"hours": {"a day"}}).want(t, 422, "Enter a number of hours from 1 to 120.",
			`name="hours" value="a day"`)
		dana.post("/settings/reminders", url.Values{"hours": {"48"}}).want(t, 303)
		dana.get("/settings/practice").want(t, 200, `name="hours" value="48"`)
		w.as(w.ellis).post("/settings/reminders", url.Values{"hours": {"1"}}).want(t, 404)
		contact := "/partners/" + things["partner"] + "/contact"
		dana.get(contact).want(t, 200, off)
		w.served(func(site *web.Site) { site.MailFrom = "office@riverbend.example" })
		dana.get("/settings/practice").want(t, 200, "Replies and bounces go to office@riverbend.example.",
			"if an email bounces later, you learn it from that mailbox").never(t, off)
		dana.get(contact).want(t, 200).never(t, off)
	})
}
