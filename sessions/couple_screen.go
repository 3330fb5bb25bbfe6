package sessions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A Screen is the full content of the couple's screen.
type Screen struct {
	Mode string `json:"mode"` // ScreenPrompt, ScreenPause or ScreenOver
	Step string `json:"step"`
	Text string `json:"text"` // the prompt, "" if it is for one partner alone
	Turn string `json:"turn"` // whose turn it is, "" for nobody's

	Language string `json:"language"` // of the frame and the prompt, "" for English

	// Pages are two released pages of a worksheet, shown instead of the prompt.
	Pages *ScreenPages `json:"pages,omitempty"`

	Practice string `json:"-"` // the practice of the session
}

// ScreenPages holds one page of each partner, question by question.
type ScreenPages struct {
	Title, Left, Right string
	Rows               []ScreenRow
	Answers            []string // the answer ids of the two pages
}

// A ScreenRow is a question with both answers.
type ScreenRow struct {
	Label       string
	Left, Right []string
	Same        bool
}

// The modes of a screen.
const (
	ScreenPrompt = "prompt"
	ScreenPause  = "pause"
	ScreenOver   = "over"
)

// codeLife is how long a code is valid.
const codeLife = 10 * time.Minute

// screenTopic is the signal on which streams of a session's couple screen wait.
func screenTopic(session string) string { return "room " + session }

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// screenRow returns the row of a session's screen. It is sealed with a key of the couple, because it
// may show what they wrote.
func (st *Store) screenRow(ctx context.Context, db *database.DB, practice, couple, session string) (*vault.Row, error) {
	item := vault.Item{Couple: couple, Material: vault.Screen, State: vault.Kept}
	box, err := st.vault.Open(ctx, db, vault.ForProgram(practice), item)
	if err != nil {
		return nil, err
	}
	return box.Row("couple_screens", session), nil
}

// openScreen decrypts what the screen of s shows.
func (st *Store) openScreen(ctx context.Context, db *database.DB, s Session, shows []byte) (screen Screen, err error) {
	row, err := st.screenRow(ctx, db, s.PracticeID, s.CoupleID, s.ID)
	if err != nil {
		return screen, err
	}
	text := row.Read("shows", shows)
	if err := row.Err(); err != nil {
		return screen, err
	}
	return screen, json.Unmarshal([]byte(text), &screen)
}

func (st *Store) sealScreen(ctx context.Context, db *database.DB, s Session, screen Screen) ([]byte, error) {
	row, err := st.screenRow(ctx, db, s.PracticeID, s.CoupleID, s.ID)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(screen)
	if err != nil { // strings always marshal
		panic(err)
	}
	shows := row.Seal("shows", string(text))
	return shows, row.Err()
}

// OpenCoupleScreen lets a device show the running session for as long as login lasts, and returns a
// single-use code for that device. A device that showed it before is disconnected.
func (st *Store) OpenCoupleScreen(ctx context.Context, s Session, login string, screen Screen,
	now time.Time,
) (code string, err error) {
	if s.State != Running {
		return "", fault.Conflict
	}
	shows, err := st.sealScreen(ctx, st.db, s, screen)
	if err != nil {
		return "", err
	}
	code = rand.Text()[:8] // 40 bits, valid for ten minutes and once
	opened := audit.Event{Practice: s.PracticeID, Couple: s.CoupleID, Action: audit.Created, Object: "room", ID: s.ID}
	_, err = audit.Exec(ctx, st.db, opened, `
		INSERT INTO couple_screens (session_id, practice_id, login_id, code_hash, code_until, shows) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (session_id) DO UPDATE
		  SET login_id = excluded.login_id, code_hash = excluded.code_hash, code_until = excluded.code_until,
			token_hash = NULL, shows = excluded.shows, closed_at = NULL`, s.ID, s.PracticeID, login, hashed(code),
		now.Add(codeLife), shows)
	if err != nil {
		return "", fmt.Errorf("room of session %s: %w", s.ID, err)
	}
	return code[:4] + "-" + code[4:], st.db.Signal(ctx, screenTopic(s.ID))
}

// JoinCoupleScreen redeems a code and returns the session that the device now shows, with a token
// for it. For an invalid code it returns fault.NotFound.
func (st *Store) JoinCoupleScreen(ctx context.Context, code string, now time.Time) (session, token string, err error) {
	token = rand.Text()
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		var r struct {
			Session  string `db:"session_id"`
			Practice string `db:"practice_id"`
		}
		err := tx.Get(ctx, &r, `
			UPDATE couple_screens SET token_hash = ?, code_hash = NULL
			WHERE code_hash = ? AND code_until > ? AND code_until <= ? AND closed_at IS NULL
			RETURNING session_id, practice_id`, hashed(token), hashed(accounts.NormalizeCode(code)), now,
			now.Add(codeLife+accounts.ClockMayDiffer))
		if err != nil {
			return err
		}
		session = r.Session
		return audit.Record(ctx, tx, audit.Event{Practice: r.Practice, Action: audit.Opened, Object: "room", ID: session})
	})
	if err != nil {
		return "", "", fmt.Errorf("room: %w", err)
	}
	return session, token, nil
}

// HasCoupleScreen reports whether a screen is open for a session, with or without a device.
func (st *Store) HasCoupleScreen(ctx context.Context, s Session) (bool, error) {
	var n int
	err := st.db.Get(ctx, &n, `SELECT COUNT(*) FROM couple_screens
		WHERE practice_id = ? AND session_id = ? AND closed_at IS NULL`,
		s.PracticeID, s.ID)
	return n > 0, err
}

// Show changes what the session's screen shows, if one is open.
func (st *Store) Show(ctx context.Context, s Session, screen Screen) error {
	shows, err := st.sealScreen(ctx, st.db, s, screen)
	if err != nil {
		return err
	}
	n, err := st.db.Exec(ctx, `UPDATE couple_screens SET shows = ?
		WHERE practice_id = ? AND session_id = ? AND closed_at IS NULL`,
		shows, s.PracticeID, s.ID)
	if err != nil || n == 0 {
		return err
	}
	return st.db.Signal(ctx, screenTopic(s.ID))
}

// blankScreen removes what the screen of s showed last, so that no words stay behind it.
func (st *Store) blankScreen(ctx context.Context, tx *database.DB, s Session) error {
	var shows []byte
	err := tx.Get(ctx, &shows, `SELECT shows FROM couple_screens WHERE practice_id = ? AND session_id = ?`,
		s.PracticeID, s.ID)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	screen, err := st.openScreen(ctx, tx, s, shows)
	if err != nil {
		return err
	}
	shows, err = st.sealScreen(ctx, tx, s, Screen{Mode: ScreenOver, Language: screen.Language})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE couple_screens SET shows = ? WHERE practice_id = ? AND session_id = ?`,
		shows, s.PracticeID, s.ID)
	return err
}

// CloseCoupleScreen disconnects the screen's device and removes what it showed.
func (st *Store) CloseCoupleScreen(ctx context.Context, s Session, now time.Time) error {
	closed := audit.Event{
		Practice: s.PracticeID, Couple: s.CoupleID, Action: audit.Changed, Object: "room",
		ID: s.ID, Reason: "closed",
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		_, err := audit.Exec(ctx, tx, closed, `
			UPDATE couple_screens SET closed_at = ?, code_hash = NULL, token_hash = NULL
			WHERE practice_id = ? AND session_id = ? AND closed_at IS NULL`, now, s.PracticeID, s.ID)
		if err != nil {
			return err
		}
		return st.blankScreen(ctx, tx, s)
	})
	return errors.Join(err, st.db.Signal(ctx, screenTopic(s.ID)))
}

// CloseScreensOfLogin wakes the screens opened by a login after it has ended, so that they read
// that they are closed.
func (st *Store) CloseScreensOfLogin(ctx context.Context, login string) error {
	var open []string
	if err := st.db.Select(ctx, &open, `SELECT session_id FROM couple_screens WHERE login_id = ? AND closed_at IS NULL`,
		login); err != nil {
		return err
	}
	for _, session := range open {
		if err := st.db.Signal(ctx, screenTopic(session)); err != nil {
			return err
		}
	}
	return nil
}

// Screen returns what the device with token shows of a session. It returns fault.NotFound if the
// screen was closed, another device took it, or the login that opened it has ended. Once the
// session has ended, Mode is ScreenOver.
func (st *Store) Screen(ctx context.Context, session, token string, now time.Time) (Screen, error) {
	var r struct {
		Practice string `db:"practice_id"`
		Couple   string `db:"couple_id"`
		Shows    []byte `db:"shows"`
		State    State  `db:"state"`
	}
	err := st.db.Get(ctx, &r, `
		SELECT r.practice_id, s.couple_id, r.shows, s.state
		FROM couple_screens r
		JOIN sessions s ON s.id = r.session_id
		JOIN logins l ON l.id = r.login_id
		WHERE r.session_id = ? AND r.token_hash = ? AND r.closed_at IS NULL AND l.revoked_at IS NULL
		  AND l.absolute_until > ?`, session, hashed(token), now)
	if err != nil {
		return Screen{}, fmt.Errorf("screen of session %s: %w", session, err)
	}
	screen, err := st.openScreen(ctx, st.db, Session{ID: session, PracticeID: r.Practice, CoupleID: r.Couple}, r.Shows)
	if err != nil {
		return Screen{}, err
	}
	if r.State != Running {
		return Screen{Mode: ScreenOver, Language: screen.Language}, nil
	}
	screen.Practice = r.Practice
	return screen, nil
}

// changesTopic is the signal on which the windows of a running session wait.
func changesTopic(session string) string { return "session " + session }

// Changed wakes the other windows of a session after something was saved.
func (st *Store) Changed(ctx context.Context, session string) error {
	return st.db.Signal(ctx, changesTopic(session))
}

// WatchChanges returns a channel that receives when something in a session may have been saved, and
// a function that stops watching.
func (st *Store) WatchChanges(session string) (<-chan struct{}, func()) {
	return st.db.Watch(changesTopic(session))
}

// WatchCoupleScreen returns a channel that receives when the screen of a session may have changed,
// and a function that stops watching.
func (st *Store) WatchCoupleScreen(session string) (<-chan struct{}, func()) {
	return st.db.Watch(screenTopic(session))
}
