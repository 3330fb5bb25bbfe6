// Package calendar knows when a practice meets its couples: appointments with
// their states, series of them, office hours and days off, and the feed that
// other calendars read. What happens in an appointment is a session; see sessions.
package calendar
