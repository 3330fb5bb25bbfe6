package migrations_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mend/internal/database"
	"mend/internal/dbtest"
)

// unsealed are the text columns that are readable for anybody who has the disk, by the reason why
// they may be. Whatever a person types about a couple is sealed: BYTEA.
var unsealed = map[string]string{
	"a name that the program gave, of a few": `answers.consent answers.decision answers.state appointment_series.place
		answers.language appointments.place appointments.state assignments.audience consent_answers.answer
		consent_answers.language
		authorization_answers.answer authorization_answers.language authorizations.part record_requests.answer
		record_requests.capacity consent_forms.kind calendar_feeds.title safe_contacts.channel
		safe_contacts.wording reminders.state reminders.topic
		assignments.worksheet challenges.ceremony challenges.purpose closings.ending counselors.role criteria_met.criterion
		definitions.worksheet erasures.side notes.format notes.kind notes.side partners.side pathway_lines.rule pathway_lines.worksheet
		policy_signatures.wording privacy_policies.variant privacy_policies.wording promise_marks.side promises.answer_a
		promises.answer_b promises.maker row_macs.kind sessions.place sessions.state sessions.step sharing_turns.turn
		sign_ins.language step_moves.state step_moves.step step_states.state step_states.step session_intervals.kind
		treatment_plan_answers.answer vault_keys.compartment`,
	"a number that the program gave, or a file of a few letters and digits": `couples.record_no erasures.record_no
		field_copies.page`,
	"a keyed hash of what it stands for": `assignments.definition counselors.email_index sign_ins.name_index
		fields.slot field_copies.slot vault_escrow.proof
		own_versions.wording own_worksheets.origin_wording`,
	"half of a code, which opens nothing":                         `invitations.locator`,
	"what a browser says of itself, and whom sign-ins failed for": `logins.device sign_in_failures.subject`,
	"when both meet their counselor: what the front desk knows": `appointment_series.clock appointment_series.first_day
		appointment_series.made_until appointment_series.rule appointment_series.which appointment_series.zone
		appointments.zone`,
	"the path of what a passkey signs, an id in it": `challenges.subject`,
	"an id of an appointment":                       `appointments.moved_to appointments.uid`,
	"when a practice is open":                       `days_off.first_day days_off.last_day office_hours.closes office_hours.opens`,
	"a day": `agreements.expires_on agreements.review_on events.day promise_marks.day safe_contacts.asked_on
		treatment_plans.review_on`,
	"words of a worksheet, the same for every couple": `definitions.source own_versions.worksheet own_worksheets.draft
		own_worksheets.origin own_worksheets.title pathways.name`,
	"what a practice says of itself to everybody": `practice_safety.app_name practice_safety.crisis_lines
		practice_safety.exit_url practice_safety.region practices.address practices.letterhead practices.name practices.paper
		practices.telephone practices.time_zone`,
	"what a practice has its clients read, the same for all": `policy_signatures.text policy_signatures.title
		consent_forms.text consent_forms.text_es consent_forms.title
		consent_forms.title_es consent_versions.text consent_versions.text_es consent_versions.title consent_versions.title_es`,
	"by which clock something is kept, beside its time": `reminders.zone consent_answers.zone authorization_answers.zone
		treatment_plan_answers.zone`,
	"the log of who did what, without words": `audit_log.action audit_log.address audit_log.couple audit_log.device
		audit_log.login audit_log.object audit_log.person audit_log.reason audit_log.role audit_log.side`,
}

// named matches the columns that hold an id, a form key or a hash.
var named = regexp.MustCompile(`\.(id|\w+_id|\w+_by|form_key|save_key|\w+_hash|hash|mac)$`)

// TestEveryTextIsSealedOrNeedNotBe reads the schema: a new column has to be sealed or listed above
// with a reason.
func TestEveryTextIsSealedOrNeedNotBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		known := map[string]bool{}
		for _, columns := range unsealed {
			for _, column := range strings.Fields(columns) {
				known[column] = true
			}
		}
		tables, err := db.Tables(t.Context())
		if err != nil || len(tables) < 40 {
			t.Fatal(len(tables), err)
		}
		for _, table := range tables {
			for i, name := range table.Columns {
				column := table.Name + "." + name
				if table.Kinds[i] == database.Text && !named.MatchString(column) && !known[column] {
					t.Errorf(
						"%s can be read on the disk: seal it (BYTEA), or say in the list why it need not be",
						column,
					)
				}
				delete(known, column)
			}
		}
		if left := slices.Sorted(maps.Keys(known)); len(left) > 0 {
			t.Errorf("the list has columns that there are not: %q", left)
		}
	})
}
