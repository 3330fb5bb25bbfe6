package calendar

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mend/internal/vault"
)

// A ConflictKind is a reason against a slot.
type ConflictKind string

// The kinds of conflicts. None of them prevents booking.
const (
	CounselorBusy  ConflictKind = "counselor"
	CoupleBusy     ConflictKind = "couple"
	RoomTaken      ConflictKind = "room"
	PracticeClosed ConflictKind = "closed"
	DayOff         ConflictKind = "day off"
	InThePast      ConflictKind = "past"
	FarAhead       ConflictKind = "far ahead"
)

// farAhead is how many years ahead an appointment's year is probably a typing mistake.
const farAhead = 2

// A Conflict is a conflict at one of the requested times.
type Conflict struct {
	At   time.Time
	Kind ConflictKind
}

// longest is the maximum length of an appointment: those that began earlier are over.
const longest = 8 * time.Hour

// Conflicts returns the conflicts of a at each of the times, as of now. Two appointments in the office
// use the same room if their place details are equal.
func (st *Store) Conflicts(ctx context.Context, a Appointment, times []time.Time, now time.Time) ([]Conflict, error) {
	if len(times) == 0 {
		return nil, nil
	}
	first, last := slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)
	others, err := st.nearbyAppointments(ctx, a, first.Add(-longest), last.Add(longest))
	if err != nil {
		return nil, err
	}
	settings, err := st.Settings(ctx, a.PracticeID)
	if err != nil {
		return nil, err
	}
	off, err := daysOff(ctx, st.db, a.PracticeID, a.CounselorID, first.AddDate(0, 0, -1).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	var conflicts []Conflict
	for _, at := range times {
		slot := a.Slot
		slot.StartsAt = at
		found := overlaps(a, slot, others)
		if !settings.Open(slot) {
			found = append(found, PracticeClosed)
		}
		day := slot.Local().Format(time.DateOnly)
		if slices.ContainsFunc(off, func(d DaysOff) bool { return d.Include(day) }) {
			found = append(found, DayOff)
		}
		switch {
		case slot.Ends().Before(now):
			found = append(found, InThePast)
		case at.After(now.AddDate(farAhead, 0, 0)):
			found = append(found, FarAhead)
		}
		for _, kind := range found {
			conflicts = append(conflicts, Conflict{at, kind})
		}
	}
	return conflicts, nil
}

// overlaps returns the kinds of conflicts of a at a slot with other appointments, each once.
func overlaps(a Appointment, slot Slot, others []Appointment) (found []ConflictKind) {
	add := func(c ConflictKind, is bool) {
		if is && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	for _, o := range others {
		if !o.StartsAt.Before(slot.Ends()) || !slot.StartsAt.Before(o.Ends()) {
			continue
		}
		add(CounselorBusy, o.CounselorID == a.CounselorID)
		add(CoupleBusy, o.CoupleID == a.CoupleID)
		add(
			RoomTaken,
			a.Place == "office" && o.Place == "office" && a.PlaceDetail != "" && o.PlaceDetail == a.PlaceDetail,
		)
	}
	return found
}

// nearbyAppointments returns the appointments within a period that share the counselor, the couple or possibly
// a room with a. It excludes a itself, wherever it was moved, and what an earlier submission of its
// form created. Rooms are compared by the program and shown to nobody.
func (st *Store) nearbyAppointments(ctx context.Context, a Appointment, from, until time.Time) ([]Appointment, error) {
	var list []Appointment
	err := st.db.Select(ctx, &list, `
		SELECT `+columns+`
		FROM appointments a
		JOIN couples c ON c.id = a.couple_id
		WHERE a.practice_id = ? AND a.state IN ('planned', 'held') AND a.starts_at > ? AND a.starts_at < ?
		  AND c.erased_at IS NULL AND a.uid <> ? AND a.form_key <> ?
		  AND NOT EXISTS (SELECT 1 FROM appointment_series r WHERE r.id = a.series_id AND r.form_key = ?)
		  AND (a.counselor_id = ? OR a.couple_id = ? OR (? AND a.place = 'office' AND a.place_detail IS NOT NULL))
		ORDER BY a.starts_at, a.id`,
		a.PracticeID, from, until, a.UID, a.FormKey, a.FormKey, a.CounselorID, a.CoupleID,
		a.Place == "office" && a.PlaceDetail != "")
	if err != nil {
		return nil, fmt.Errorf("conflicts: %w", err)
	}
	for i := range list {
		list[i].Reader, list[i].SealedAbsent = vault.ForProgram(a.PracticeID), nil
		if err := st.unseal(ctx, st.db, &list[i]); err != nil {
			return nil, fmt.Errorf("conflicts: %w", err)
		}
	}
	return list, nil
}
