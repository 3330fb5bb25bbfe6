// Package calendar manages when a practice meets its couples: appointments with their states,
// series, office hours and days off, and the feed for other calendars. What happens in an
// appointment is in package sessions.
package calendar
