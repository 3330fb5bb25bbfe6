package rowmac

// A part is the rows of one table that belong to a thing.
type part struct {
	table   string // as the MAC names it
	from    string // the table with its joins
	thing   string // the column with the thing's id
	columns string // the columns that the MAC covers, each a bare column
	where   string // selects rows; "" for all
}

// A Kind is a kind of thing with one MAC: a row that decides something, with the rows that belong
// to it.
type Kind struct {
	name  string
	ids   string // a query for the ids in a practice that must have a MAC
	isSet bool   // the rows are a set, which has a MAC even if it is empty
	parts []part
}

// String returns the kind's name for verify and the log.
func (k Kind) String() string {
	return k.name
}

// The kinds. They leave out columns that change with use and decide nothing: revisions, languages,
// when something was touched or marked as read, and the counters of factors, which are bound or
// only ever grow.
var (
	Staff = Kind{name: "member of the staff", ids: `SELECT id FROM counselors WHERE practice_id = ?`, parts: []part{
		{
			"counselors", "counselors t", "t.id",
			"t.id, t.practice_id, t.email_index, t.email, t.name, t.credentials, t.license_type, t.license_no, " +
				"t.license_state, t.role, t.password_hash, t.created_at, t.disabled_at", "",
		},
	}}
	SignIn = Kind{name: "sign-in", ids: `SELECT id FROM sign_ins WHERE practice_id = ?`, parts: []part{
		{
			"sign_ins", "sign_ins t", "t.id",
			"t.id, t.practice_id, t.partner_id, t.name_index, t.name, t.password_hash, t.created_at, t.ends_at", "",
		},
	}}
	Factors = Kind{
		name: "second factors", isSet: true,
		ids: `SELECT id FROM counselors WHERE practice_id = ? UNION SELECT id FROM sign_ins WHERE practice_id = ?`,
		parts: []part{
			{"factors", "factors t", "t.owner_id", "t.owner_id, t.practice_id, t.secret, t.created_at, t.confirmed_at", ""},
			{"passkeys", "passkeys t", "t.owner_id", "t.id, t.practice_id, t.owner_id, t.name, t.created_at, t.suspect_at", ""},
			{"recovery_codes", "recovery_codes t", "t.owner_id", "t.owner_id, t.practice_id, t.code_hash, t.used_at", ""},
		},
	}
	Practice = Kind{name: "practice", ids: `SELECT id FROM practices WHERE id = ?`, parts: []part{
		{
			"practices", "practices t", "t.id",
			"t.id, t.name, t.address, t.telephone, t.time_zone, t.letterhead, t.paper, t.wait_hours, t.created_at, " +
				"t.keep_years, " +
				"t.formal_spanish, t.insurer_block",
			"",
		},
	}}
	Safety = Kind{name: "safety", ids: `SELECT practice_id FROM practice_safety WHERE practice_id = ?`, parts: []part{
		{
			"practice_safety", "practice_safety t", "t.practice_id",
			"t.practice_id, t.app_name, t.exit_url, t.crisis_lines, t.region, t.cover_name, t.cover_contact, t.no_cover, " +
				"t.escalate_hours, t.reviewed_at, t.reviewed_by", "",
		},
	}}
	Couple = Kind{name: "couple", ids: `SELECT id FROM couples WHERE practice_id = ?`, parts: []part{
		{
			"couples", "couples t", "t.id",
			"t.id, t.practice_id, t.counselor_id, t.record_no, t.form_key, t.created_at, t.served_at, t.legal_hold, t.erased_at",
			"",
		},
		{"partners", "partners t", "t.couple_id", "t.id, t.practice_id, t.couple_id, t.side, t.erased_at", ""},
		{
			"closings", "closings t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.ending, t.closed_at, t.a_until, t.b_until, t.form_key, t.reopened_at, t.reason",
			"",
		},
		{
			"after_care", "after_care t", "t.couple_id",
			"t.closing_id, t.partner_id, t.practice_id, t.couple_id, t.wanted, t.answered_at", "",
		},
	}}
	Policies = Kind{name: "policies of couple", isSet: true, ids: Couple.ids, parts: []part{
		{
			"privacy_policies", "privacy_policies t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.version, t.variant, t.wording, t.chosen_by, t.chosen_at", "",
		},
		{
			"policy_signatures", "policy_signatures t JOIN privacy_policies y ON y.id = t.policy_id", "y.couple_id",
			"t.policy_id, t.partner_id, t.practice_id, t.name, t.wording, t.title, t.text, t.signed_at", "",
		},
	}}
	Holds = Kind{name: "holds of couple", isSet: true, ids: Couple.ids, parts: []part{
		{
			"follow_ups", "follow_ups t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.partner_id, t.answer_id, t.urgent, t.holds, t.placed_at, t.acknowledged_at, " +
				"t.reviewed_at, t.decided_at, t.decision", "",
		},
		{
			"setbacks", "setbacks t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.event_id, t.marked_at, t.form_key, t.resumed_at, t.reason", "",
		},
	}}
	SafeContacts = Kind{name: "safe contacts of couple", isSet: true, ids: Couple.ids, parts: []part{
		{
			"safe_contacts", "safe_contacts t", "t.couple_id",
			"t.partner_id, t.practice_id, t.couple_id, t.channel, t.wording, t.address, t.sender, t.from_hour, t.until_hour, " +
				"t.no_voicemail, t.asked_on, t.confirmed_by, t.confirmed_at, t.cautioned, t.stopped_at, t.nudges", "",
		},
	}}
	ConsentVersion = Kind{
		name: "consent form", ids: `SELECT id FROM consent_versions WHERE practice_id = ?`,
		parts: []part{{
			"consent_versions", "consent_versions t", "t.id",
			"t.id, t.practice_id, t.form_id, t.number, t.title, t.text, t.title_es, t.text_es, t.published_by, t.published_at",
			"",
		}},
	}
	Consents = Kind{name: "consents of couple", isSet: true, ids: Couple.ids, parts: []part{
		{
			"consents", "consents t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.partner_id, t.version_id, t.given_by, t.given_at, t.canceled_at, t.form_key",
			"",
		},
		{
			"consent_answers", "consent_answers t JOIN consents c ON c.id = t.consent_id", "c.couple_id",
			"t.id, t.practice_id, t.consent_id, t.number, t.answer, t.language, t.text_hash, t.name, t.zone, t.answered_at, " +
				"t.form_key",
			"",
		},
	}}
	Requests = Kind{name: "record requests of couple", isSet: true, ids: Couple.ids, parts: []part{
		{
			"record_requests", "record_requests t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.partner_id, t.capacity, t.requester, t.purpose, t.received_on, t.due_on, " +
				"t.entered_by, t.entered_at, t.answer, t.answered_at, t.reason, t.form_key", "",
		},
		{
			"authorizations", "authorizations t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.request_id, t.partner_id, t.part, t.text, t.text_es, t.asked_by, " +
				"t.asked_at, t.expires_at", "",
		},
		{
			"authorization_answers", "authorization_answers t JOIN authorizations z ON z.id = t.authorization_id",
			"z.couple_id",
			"t.id, t.practice_id, t.authorization_id, t.number, t.answer, t.language, t.name, t.zone, t.answered_at, " +
				"t.form_key", "",
		},
		{
			"disclosures", "disclosures t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.partner_id, t.release_id, t.recipient, t.purpose, t.what, t.disclosed_at", "",
		},
	}}
	Release = Kind{name: "release", ids: `SELECT id FROM releases WHERE practice_id = ?`, parts: []part{
		{
			"releases", "releases t", "t.id",
			"t.id, t.practice_id, t.couple_id, t.request_id, t.partner_id, t.file, t.data, t.released_by, t.released_at", "",
		},
	}}
	TreatmentPlan = Kind{name: "treatment plan of couple", isSet: true, ids: Couple.ids, parts: []part{
		{
			"treatment_plans", "treatment_plans t", "t.couple_id",
			"t.couple_id, t.practice_id, t.review_on, t.revision", "",
		},
		{
			"treatment_objectives", "treatment_objectives t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.goal_id, t.position, t.text, t.step, t.interventions, t.revision, " +
				"t.form_key, t.retired_at",
			"",
		},
		{
			"treatment_plan_versions", "treatment_plan_versions t", "t.couple_id",
			"t.id, t.practice_id, t.couple_id, t.number, t.plan, t.published_by, t.published_at", "",
		},
		{
			"treatment_plan_answers",
			"treatment_plan_answers t JOIN treatment_plan_versions v ON v.id = t.version_id", "v.couple_id",
			"t.id, t.practice_id, t.version_id, t.partner_id, t.number, t.answer, t.words, t.zone, t.answered_at, t.form_key",
			"",
		},
	}}
	CaseloadImport = Kind{
		name: "caseload import", ids: `SELECT id FROM caseload_imports WHERE practice_id = ?`,
		parts: []part{
			{
				"caseload_imports", "caseload_imports t", "t.id",
				"t.id, t.practice_id, t.counselor_id, t.file, t.created_at, t.imported_at, t.undone_at", "",
			},
			{"imported_couples", "imported_couples t", "t.import_id", "t.couple_id, t.practice_id, t.import_id", ""},
		},
	}
	Answer = Kind{name: "page", ids: `SELECT id FROM answers WHERE practice_id = ? AND state = 'sent'`, parts: []part{
		{
			"answers", "answers t", "t.id",
			"t.id, t.practice_id, t.assignment_id, t.partner_id, t.state, t.begun_at, t.sent_at, t.on_paper, t.policy_id, " +
				"t.consent, t.decision, t.opened_at, t.taken_back_at", "t.state = 'sent'",
		},
		{
			"fields", "fields t JOIN answers a ON a.id = t.owner_id", "t.owner_id",
			"t.practice_id, t.owner_id, t.slot, t.sealed, t.revision, t.saved_at, t.save_key, t.missing", "a.state = 'sent'",
		},
		{
			"assignments", "assignments t JOIN answers a ON a.assignment_id = t.id", "a.id",
			"t.id, t.practice_id, t.couple_id, t.session_id, t.breach_id, t.worksheet, t.definition, t.form, t.audience, " +
				"t.portal, t.created_at, t.form_key, t.read_by", "a.state = 'sent'",
		},
		{
			"sharing_turns", "sharing_turns t", "t.answer_id",
			"t.id, t.practice_id, t.answer_id, t.turned_by, t.turn, t.turned_at", "",
		},
	}}
	Note = Kind{name: "note", ids: `SELECT id FROM notes WHERE practice_id = ? AND signed_at IS NOT NULL`, parts: []part{
		{
			"notes", "notes t", "t.id",
			"t.id, t.practice_id, t.couple_id, t.side, t.kind, t.session_id, t.happened_at, t.form_key, t.format, " +
				"t.created_at, t.content, t.hash, t.signed_at, t.signed_by, t.revision",
			"t.signed_at IS NOT NULL",
		},
		{
			"sessions", "sessions t JOIN notes n ON n.session_id = t.id", "n.id",
			"t.id, t.practice_id, t.couple_id, t.counselor_id, t.starts_at, t.minutes, t.place, t.place_detail, t.step, " +
				"t.breach_id, t.state, t.started_at, t.ended_at, t.corrected, t.a_minutes, t.b_minutes, t.paused_minutes, " +
				"t.form_key, t.revision, t.touched_at, t.signed", "n.signed_at IS NOT NULL",
		},
		{
			"session_intervals", "session_intervals t JOIN notes n ON n.session_id = t.session_id", "n.id",
			"t.id, t.practice_id, t.session_id, t.kind, t.began_at, t.ended_at", "n.signed_at IS NOT NULL",
		},
		{
			"fields", "fields t JOIN notes n ON n.id = t.owner_id", "n.id",
			"t.practice_id, t.owner_id, t.slot, t.sealed, t.revision, t.saved_at, t.save_key, t.missing",
			"n.signed_at IS NOT NULL",
		},
		{
			"fields of the session", "fields t JOIN notes n ON n.session_id = t.owner_id", "n.id",
			"t.practice_id, t.owner_id, t.slot, t.sealed, t.revision, t.saved_at, t.save_key, t.missing",
			"n.signed_at IS NOT NULL",
		},
	}}
	Addendum = Kind{name: "addendum", ids: `SELECT id FROM addenda WHERE practice_id = ?`, parts: []part{
		{
			"addenda", "addenda t", "t.id",
			"t.id, t.practice_id, t.note_id, t.reason, t.text, t.signer, t.signed_by, t.signed_at, t.form_key, t.co_signed", "",
		},
	}}
	NoteFile = Kind{name: "file of a note", ids: `SELECT id FROM note_files WHERE practice_id = ?`, parts: []part{
		{"note_files", "note_files t", "t.id", "t.id, t.practice_id, t.note_id, t.number, t.file", ""},
	}}
	SigningIdentity = Kind{
		name: "signing identity", ids: `SELECT id FROM signing_identities WHERE practice_id = ?`,
		parts: []part{{
			"signing_identities", "signing_identities t", "t.id",
			"t.id, t.practice_id, t.number, t.identity, t.created_at", "",
		}},
	}
	Supervision = Kind{name: "supervision", ids: `SELECT id FROM supervisions WHERE practice_id = ?`, parts: []part{
		{
			"supervisions", "supervisions t", "t.id",
			"t.id, t.practice_id, t.supervisor_id, t.counselor_id, t.couple_id, t.given_at", "",
		},
	}}
	EmergencyAccess = Kind{
		name: "emergency access", ids: `SELECT id FROM emergency_access WHERE practice_id = ?`,
		parts: []part{
			{
				"emergency_access", "emergency_access t", "t.id",
				"t.id, t.practice_id, t.couple_id, t.owner_id, t.reason, t.begun_at, t.until, t.ended_at, t.seen_at", "",
			},
		},
	}
	Erasure = Kind{name: "erasure", ids: `SELECT id FROM erasures WHERE practice_id = ?`, parts: []part{
		{
			"erasures", "erasures t", "t.id",
			"t.id, t.practice_id, t.couple_id, t.record_no, t.side, t.reason, t.erased_by, t.erased_at", "",
		},
	}}
)

// Kinds lists all kinds.
var Kinds = []Kind{
	Staff, SignIn, Factors, Practice, Safety, Couple, Policies, Holds, SafeContacts, ConsentVersion, Consents,
	TreatmentPlan, Requests, Release, Answer, Note, Addendum, NoteFile,
	SigningIdentity, Supervision,
	EmergencyAccess, Erasure, CaseloadImport,
}
