// Package vault is the only code that encrypts and decrypts what people wrote, and the only place
// that decides who may read it. All encrypted data belongs to a compartment of a couple or a
// practice; each has its own Tink keyset (AES-256-GCM), wrapped by the master keyset, which is a
// file and never in the database. The table of who may open what is policy.
package vault

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/tink-crypto/tink-go/v2/tink"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// Unwrapped keys of at most 500 couples are cached, for at most five minutes.
const (
	keptKeys = 500
	keptFor  = 5 * time.Minute
)

// A Vault encrypts and decrypts.
type Vault struct {
	master *Master
	keys   *expirable.LRU[string, keyring]

	destroyed <-chan struct{} // receives when keys were destroyed; nil for never
	drops     atomic.Int64    // how often the cache was emptied for that
}

// New returns a vault whose keys are wrapped by master.
func New(master *Master) *Vault {
	return &Vault{master: master, keys: expirable.NewLRU[string, keyring](keptKeys, nil, keptFor)}
}

// An Item is what somebody asks to open: a material in a state, of a couple and, if it belongs to
// one partner, of a side.
type Item struct {
	Couple   string
	Material Material
	State    State
	Of       Side
	ID       string // of the answer or note, for the audit log
}

// loggedMaterials lists the materials whose reading by anybody but their author is logged, with their
// objects in the log.
var loggedMaterials = map[Material]string{
	LockedPage: audit.PageObject, PrivatePage: audit.PageObject, ReleasePage: audit.PageObject,
	CounselorField: audit.PageObject,
	JointPage:      "joint page", IndividualFile: "individual file", JointRecord: "record", Note: "note",
	Location: "location",
}

// A Box encrypts and decrypts data of one material in one compartment. The policy has allowed its
// holder to.
type Box struct {
	aead     tink.AEAD
	practice string
	couple   string
	in       compartment
	material Material
}

// A CellRef identifies the cell of a table that contains an encrypted value. It is authenticated,
// so that a value moved elsewhere cannot be decrypted.
type CellRef struct {
	Table, Column, Row string
	Owner              string // the answer, note or partner that the value belongs to
}

// Open returns the box of item if actor may read it, and fault.NotFound if the policy refuses or
// its keys were destroyed. Within a transaction, db must be the transaction.
func (v *Vault) Open(ctx context.Context, db *database.DB, actor Actor, item Item) (Box, error) {
	in, ok := compartmentOf(item.Material, item.Of)
	if !ok || !actor.mayOpen(item) || actor.role != Program && !declared(ctx, item.Material) {
		return Box{}, fmt.Errorf("open %s: %w", item.Material, fault.NotFound)
	}
	ring, err := v.keyringOf(ctx, db, actor.practice, keysOf(in, item.Couple))
	if err != nil {
		return Box{}, err
	}
	key, ok := ring[in]
	if !ok {
		return Box{}, fmt.Errorf("open %s: %w", item.Material, fault.NotFound)
	}
	if object, ok := loggedMaterials[item.Material]; ok && actor.relation(item.Of) != Author {
		audit.RecordRead(ctx,
			audit.Event{
				Practice: actor.practice, Couple: item.Couple, Side: string(item.Of), Action: audit.Opened,
				Object: object, ID: item.ID,
			})
	}
	return Box{key.aead, actor.practice, boundTo(item), in, item.Material}, nil
}

// keysOf returns the couple whose keys a compartment uses, or "" for the practice's.
func keysOf(in compartment, couple string) string {
	if slices.Contains(ofPractice, in) {
		return ""
	}
	return couple
}

// boundTo returns the couple to which values of item are bound. A sign-in name is encrypted when
// somebody joins, before their couple is known.
func boundTo(item Item) string {
	if item.Material == SignInName {
		return ""
	}
	return item.Couple
}

// mayOpen reports whether the policy lets a open item. The front desk and the program see the whole
// practice; others only the couple for which they were created.
func (a Actor) mayOpen(item Item) bool {
	if a.practice == "" || a.person == "" {
		return false
	}
	if a.role != FrontDesk && a.role != Program && (a.couple == "" || a.couple != item.Couple) {
		return false
	}
	return allows(a.relation(item.Of), item.Material, item.State)
}

// materialsKey is the context key of the materials that a route declared.
type materialsKey struct{}

// WithMaterials restricts everything opened under ctx to the materials that a route declared.
func WithMaterials(ctx context.Context, materials []Material) context.Context {
	return context.WithValue(ctx, materialsKey{}, materials)
}

func declared(ctx context.Context, m Material) bool {
	materials, narrowed := ctx.Value(materialsKey{}).([]Material)
	return !narrowed || slices.Contains(materials, m)
}

// step is the unit to which encrypted texts are padded, in bytes, so that their length does not
// reveal how much somebody wrote.
const step = 256

// Seal encrypts text for the cell spot.
func (b Box) Seal(spot CellRef, text string) ([]byte, error) {
	if b.aead == nil {
		return nil, errors.New("vault: a box that was not opened")
	}
	padded := make([]byte, (4+len(text)+step-1)/step*step)
	binary.BigEndian.PutUint32(padded, uint32(len(text)))
	copy(padded[4:], text)
	return b.aead.Encrypt(padded, b.bind(spot))
}

// errTampered means that an encrypted value does not belong to its cell.
var errTampered = errors.New("vault: a sealed value does not open at its place")

// Read decrypts a value of the cell spot. If it was moved, changed or encrypted with other keys, it
// returns an error.
func (b Box) Read(spot CellRef, sealed []byte) (string, error) {
	if b.aead == nil {
		return "", errors.New("vault: a box that was not opened")
	}
	padded, err := b.aead.Decrypt(sealed, b.bind(spot))
	if err != nil || len(padded) < 4 {
		return "", fmt.Errorf("%w: %s.%s", errTampered, spot.Table, spot.Column)
	}
	n := int(binary.BigEndian.Uint32(padded))
	if n > len(padded)-4 {
		return "", fmt.Errorf("%w: %s.%s", errTampered, spot.Table, spot.Column)
	}
	return string(padded[4 : 4+n]), nil
}

// bind returns the associated data of a value: everything that identifies its cell, each part with
// its length.
func (b Box) bind(s CellRef) []byte {
	var out strings.Builder
	for _, part := range []string{
		"mend/1", b.practice, b.couple, string(b.in), string(b.material), s.Table,
		s.Column, s.Row, s.Owner,
	} {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(part)))
		out.Write(n[:])
		out.WriteString(part)
	}
	return []byte(out.String())
}
