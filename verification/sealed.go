package verification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/vault"
)

// A sealedTable describes how the values of a table are encrypted: the cell that each is bound to
// and the keys used. All but name and keys are SQL expressions over the table t.
type sealedTable struct {
	name      string
	keys      []string // the primary key, by which the table is read in batches
	row       string   // the row id that a value is bound to
	owner     string   // the owner id that it is bound to, if not the row's
	from      string   // joins
	couple    string   // "" for the practice's keys
	side      string   // the partner, if their keys may be used
	erased    string   // the columns that are empty after an erasure; '*' for all
	needed    string   // not '' if a value is required
	materials []vault.Material
}

// byID is the key of tables with an id.
var byID = []string{"t.id"}

// pages are the materials of worksheet fields.
var pages = []vault.Material{
	vault.LockedPage, vault.PrivatePage, vault.ReleasePage, vault.JointPage,
	vault.CounselorField, vault.IndividualFile, vault.JointRecord, vault.Note,
}

// noteMaterials are the materials of notes, in the joint record or an individual file.
var noteMaterials = []vault.Material{vault.Note, vault.IndividualFile}

// ownerOfTyped joins the owner of typed fields: an answer, a session or a note.
const ownerOfTyped = `
	LEFT JOIN answers a ON a.id = REPLACE(t.owner_id, '/declined', '')
	LEFT JOIN partners p ON p.id = a.partner_id
	LEFT JOIN assignments g ON g.id = a.assignment_id
	LEFT JOIN notes n ON n.id = t.owner_id
	LEFT JOIN sessions s ON s.id = t.owner_id`

const (
	coupleOfTyped = `COALESCE(g.couple_id, n.couple_id, s.couple_id, '')`
	sideOfTyped   = `COALESCE(p.side, n.side, '')`
)

// sealedTables lists all tables with encrypted values, except those with keys.
var sealedTables = []sealedTable{
	{name: "counselors", keys: byID, row: "t.id", materials: []vault.Material{vault.Staff}},
	{name: "sign_ins", keys: byID, row: "t.id", materials: []vault.Material{vault.SignInName}},
	{name: "factors", keys: []string{"t.owner_id"}, row: "t.owner_id", materials: []vault.Material{vault.Factor}},
	{name: "signing_identities", keys: byID, row: "t.id", materials: []vault.Material{vault.SigningKey}},
	{name: "passkeys", keys: byID, row: "t.id", materials: []vault.Material{vault.Factor}},
	{
		name: "practice_safety", keys: []string{"t.practice_id"}, row: "t.practice_id",
		materials: []vault.Material{vault.Staff},
	},
	{
		name: "caseload_imports", keys: byID, row: "t.id",
		erased:    "CASE WHEN t.imported_at IS NULL THEN '' ELSE '*' END",
		materials: []vault.Material{vault.Upload},
	},
	{name: "erasures", keys: byID, row: "t.id", materials: []vault.Material{vault.Tombstone}},
	{
		name: "couple_screens", keys: []string{"t.session_id"}, row: "t.session_id", couple: "s.couple_id",
		from: "JOIN sessions s ON s.id = t.session_id", materials: []vault.Material{vault.Screen},
	},

	{name: "couples", keys: byID, row: "t.id", couple: "t.id", materials: []vault.Material{vault.JointRecord}},
	{
		name: "partners", keys: byID, row: "t.id", couple: "t.couple_id", side: "t.side",
		from: "JOIN couples c ON c.id = t.couple_id", // names are shared, and so erased with the couple
		erased: "CASE WHEN c.erased_at IS NOT NULL THEN '" + strings.Join(couples.ErasedColumns(true), " ") + "' " +
			"WHEN t.erased_at IS NOT NULL THEN '" + strings.Join(couples.ErasedColumns(false), " ") + "' ELSE '' END",
		materials: []vault.Material{vault.Name, vault.Contact},
	},
	{
		name: "safe_contacts", keys: []string{"t.partner_id"}, row: "t.partner_id",
		from: "JOIN partners p ON p.id = t.partner_id", couple: "t.couple_id", side: "p.side",
		materials: []vault.Material{vault.SafeContact},
	},
	{
		name: "policy_signatures", keys: []string{"t.policy_id", "t.partner_id"}, row: "t.policy_id || '/' || t.partner_id",
		from:      "JOIN partners p ON p.id = t.partner_id JOIN couples c ON c.id = p.couple_id",
		couple:    "p.couple_id",
		erased:    "CASE WHEN c.erased_at IS NULL THEN '' ELSE '*' END",
		materials: []vault.Material{vault.Name},
	},
	{
		name: "consent_answers", keys: byID, row: "t.id",
		from:   "JOIN consents c ON c.id = t.consent_id JOIN partners p ON p.id = c.partner_id",
		couple: "c.couple_id", side: "p.side", materials: []vault.Material{vault.Consent},
	},
	{
		name: "record_requests", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "t.couple_id", side: "p.side", materials: []vault.Material{vault.IndividualFile},
	},
	{
		name: "authorizations", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "t.couple_id", side: "p.side", materials: []vault.Material{vault.Consent},
	},
	{
		name: "authorization_answers", keys: byID, row: "t.id",
		from:   "JOIN authorizations z ON z.id = t.authorization_id JOIN partners p ON p.id = z.partner_id",
		couple: "z.couple_id", side: "p.side", materials: []vault.Material{vault.Consent},
	},
	{
		name: "releases", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "t.couple_id", side: "p.side", materials: []vault.Material{vault.IndividualFile},
	},
	{
		name: "disclosures", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "t.couple_id", side: "p.side", materials: []vault.Material{vault.Consent},
	},
	{
		name: "billing_details", keys: []string{"t.couple_id"}, row: "t.couple_id",
		from: "JOIN partners p ON p.id = t.partner_id", couple: "t.couple_id", side: "p.side",
		materials: []vault.Material{vault.IndividualFile},
	},
	{name: "breaches", keys: byID, row: "t.id", couple: "t.couple_id", materials: []vault.Material{vault.Breach}},
	{name: "closings", keys: byID, row: "t.id", couple: "t.couple_id", materials: []vault.Material{vault.JointRecord}},
	{name: "setbacks", keys: byID, row: "t.id", couple: "t.couple_id", materials: []vault.Material{vault.JointRecord}},
	{name: "goals", keys: byID, row: "t.id", couple: "t.couple_id", materials: []vault.Material{vault.JointRecord}},
	{
		name: "treatment_objectives", keys: byID, row: "t.id", couple: "t.couple_id",
		materials: []vault.Material{vault.JointRecord},
	},
	{
		name: "treatment_plan_versions", keys: byID, row: "t.id", couple: "t.couple_id",
		materials: []vault.Material{vault.SharedPlan},
	},
	{
		name: "treatment_plan_answers", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "p.couple_id", side: "p.side", materials: []vault.Material{vault.PlanAnswer},
	},
	{name: "events", keys: byID, row: "t.id", couple: "t.couple_id", materials: []vault.Material{vault.JointRecord}},
	{name: "step_moves", keys: byID, row: "t.id", couple: "t.couple_id", materials: []vault.Material{vault.JointRecord}},
	{
		name: "step_states", keys: []string{"t.couple_id", "t.step"}, row: "t.couple_id || '/' || t.step",
		couple: "t.couple_id", materials: []vault.Material{vault.JointRecord},
	},
	{
		name:      "emergency_access",
		keys:      byID,
		row:       "t.id",
		couple:    "t.couple_id",
		materials: []vault.Material{vault.Reason},
	},
	{
		name: "follow_ups", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "t.couple_id", side: "p.side", materials: []vault.Material{vault.IndividualFile},
	},
	{
		name: "follow_up_topics", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "t.couple_id", side: "p.side", materials: []vault.Material{vault.CounselorField},
	},
	{
		name: "comments", keys: byID, row: "t.id",
		from:   "JOIN answers a ON a.id = t.answer_id JOIN partners p ON p.id = a.partner_id",
		couple: "p.couple_id", side: "p.side", materials: []vault.Material{vault.IndividualFile, vault.PrivatePage},
	},
	{
		name: "promises", keys: byID, row: "t.id", couple: "t.couple_id", side: "t.proposed_by",
		materials: []vault.Material{vault.JointPage, vault.PrivatePage},
	},
	{
		name: "promise_marks", keys: []string{"t.promise_id", "t.side", "t.day"},
		row:  "t.promise_id || ' ' || t.side || ' ' || t.day",
		from: "JOIN promises p ON p.id = t.promise_id", couple: "p.couple_id", side: "t.side",
		materials: []vault.Material{vault.JointPage, vault.CounselorField},
	},

	{
		name: "appointments", keys: byID, row: "t.id", couple: "t.couple_id",
		materials: []vault.Material{vault.Appointment, vault.Absence},
	},
	{
		name:      "appointment_series",
		keys:      byID,
		row:       "t.id",
		couple:    "t.couple_id",
		materials: []vault.Material{vault.Appointment},
	},
	{
		name: "video_settings", keys: []string{"t.counselor_id"}, row: "t.counselor_id",
		materials: []vault.Material{vault.Staff},
	},
	{
		name: "locations", keys: byID, row: "t.id", from: "JOIN partners p ON p.id = t.partner_id",
		couple: "t.couple_id", side: "p.side", materials: []vault.Material{vault.Location},
	},
	{name: "sessions", keys: byID, row: "t.id", couple: "t.couple_id", materials: []vault.Material{vault.JointRecord}},
	{name: "notes", keys: byID, row: "t.id", couple: "t.couple_id", side: "t.side", materials: noteMaterials},
	{
		name: "note_files", keys: byID, row: "t.id", from: "JOIN notes n ON n.id = t.note_id",
		couple: "n.couple_id", side: "n.side", materials: noteMaterials,
	},
	{
		name: "addenda", keys: byID, row: "t.id", from: "JOIN notes n ON n.id = t.note_id",
		couple: "n.couple_id", side: "n.side", materials: noteMaterials,
	},
	{
		name: "assignments", keys: byID, row: "t.id", couple: "t.couple_id", side: "t.audience",
		needed:    "CASE WHEN t.portal THEN '' ELSE 'needed' END",
		materials: []vault.Material{vault.IndividualFile},
	},
	{
		name: "fields", keys: []string{"t.owner_id", "t.slot"}, row: "t.slot", owner: "t.owner_id", from: ownerOfTyped,
		couple: coupleOfTyped, side: sideOfTyped, materials: pages,
	},
	{
		name: "field_copies", keys: []string{"t.owner_id", "t.slot", "t.page"}, row: "t.slot || '/' || t.page",
		owner: "t.owner_id", from: ownerOfTyped, couple: coupleOfTyped, side: sideOfTyped, materials: pages,
	},
}

// ofKeys lists the tables that contain keys, which the function keys checks.
var ofKeys = []string{"vault_keys", "vault_proof"}

// batch is the number of rows held in memory at once.
const batch = 256

// sealed checks that every encrypted value decrypts in its cell, and returns those that do not. The
// contents are shown to nobody. An unknown table is an error.
func sealed(ctx context.Context, db *database.DB, v *vault.Vault) (list []string, err error) {
	tables, err := db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		columns := bytesOf(t)
		if len(columns) == 0 || slices.Contains(ofKeys, t.Name) {
			continue
		}
		i := slices.IndexFunc(sealedTables, func(s sealedTable) bool { return s.name == t.Name })
		if i < 0 {
			return nil, fmt.Errorf("it is not known how %s is sealed", t.Name)
		}
		found, err := sealedTables[i].broken(ctx, db, v, columns)
		if err != nil {
			return nil, fmt.Errorf("what is sealed in %s: %w", t.Name, err)
		}
		list = append(list, found...)
	}
	return list, nil
}

// bytesOf returns the columns of a table with encrypted values.
func bytesOf(t database.Table) (columns []string) {
	for i, kind := range t.Kinds {
		if kind == database.Bytes {
			columns = append(columns, t.Columns[i])
		}
	}
	return columns
}

// broken returns the values of a table that do not decrypt.
func (t sealedTable) broken(ctx context.Context, db *database.DB, v *vault.Vault, columns []string) (
	list []string, err error,
) {
	var after []any
	for {
		rows, err := db.Values(ctx, t.query(columns, after != nil), after...)
		if err != nil {
			return list, err
		}
		for _, row := range rows {
			found, err := t.brokenIn(ctx, db, v, columns, row)
			if err != nil {
				return list, err
			}
			list = append(list, found...)
		}
		if len(rows) < batch {
			return list, nil
		}
		after = rows[len(rows)-1][:len(t.keys)]
	}
}

// query returns the query for a batch of rows: the keys, the cells that the values are bound to,
// and the values.
func (t sealedTable) query(columns []string, further bool) string {
	keys, where := strings.Join(t.keys, ", "), ""
	if further {
		where = " WHERE (" + keys + ") > (" + strings.TrimSuffix(strings.Repeat("?, ", len(t.keys)), ", ") + ")"
	}
	text := func(expression, otherwise string) string {
		if expression == "" {
			return otherwise
		}
		return expression
	}
	return fmt.Sprintf(`SELECT %s, t.practice_id, %s, %s, %s, %s, %s, %s, t.%s FROM %s t %s%s ORDER BY %s LIMIT %d`,
		keys, t.row, text(t.owner, t.row), text(t.couple, "''"), text(t.side, "''"), text(t.erased, "''"),
		text(t.needed, "''"), strings.Join(columns, ", t."),
		t.name, t.from, where, keys, batch)
}

// brokenIn returns the values of one row that do not decrypt.
func (t sealedTable) brokenIn(ctx context.Context, db *database.DB, v *vault.Vault, columns []string, row []any) (
	list []string, err error,
) {
	const stands = 7 // the number of columns that describe the cell
	at, values := texts(row[len(t.keys):len(t.keys)+stands]), row[len(t.keys)+stands:]
	for i, column := range columns {
		value, ok := values[i].([]byte)
		left := at[5] == "*" || slices.Contains(strings.Fields(at[5]), column)
		if !ok && at[6] == "" || ok && len(value) == 0 && left {
			continue // never written, or erased
		}
		s := vault.Sealed{
			Practice: at[0], Couple: at[3], Of: vault.Side(at[4]), Value: value,
			CellRef: vault.CellRef{Table: t.name, Column: column, Row: at[1], Owner: at[2]},
		}
		whole, err := v.Decrypts(ctx, db, s, t.materials)
		if err != nil {
			return list, err
		}
		if !whole {
			list = append(list, fmt.Sprintf("%s %s of practice %s: its %s does not open", t.name, at[1], at[0], column))
		}
	}
	return list, nil
}

// texts converts values to strings.
func texts(values []any) (list []string) {
	for _, v := range values {
		text, _ := v.(string)
		list = append(list, text)
	}
	return list
}
