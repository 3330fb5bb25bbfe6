package backup

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"mend/internal/database"
)

// A line is one line of a file. Exactly one of its fields is set.
type line struct {
	Header   *Header   `json:"header,omitempty"`
	Table    *table    `json:"table,omitempty"`
	Row      []*string `json:"row,omitempty"` // values as strings, null as null
	Manifest *Manifest `json:"manifest,omitempty"`
}

type table struct {
	Name    string          `json:"name"`
	Columns []string        `json:"columns"`
	Kinds   []database.Kind `json:"kinds"`
}

// words converts a row's values to strings, the same on both engines.
func words(row []any) []*string {
	said := make([]*string, len(row))
	for i, v := range row {
		var s string
		switch x := v.(type) {
		case nil:
			continue
		case string:
			s = x
		case []byte:
			s = base64.StdEncoding.EncodeToString(x)
		case time.Time:
			s = x.Format(time.RFC3339Nano)
		case bool:
			s = strconv.FormatBool(x)
		case int64:
			s = strconv.FormatInt(x, 10)
		}
		said[i] = &s
	}
	return said
}

// values converts strings back to values.
func values(said []*string, kinds []database.Kind) ([]any, error) {
	if len(said) != len(kinds) {
		return nil, fmt.Errorf("%d values for %d columns", len(said), len(kinds))
	}
	row := make([]any, len(said))
	for i, s := range said {
		if s == nil {
			continue
		}
		var err error
		switch kinds[i] {
		case database.Text:
			row[i] = *s
		case database.Bytes:
			row[i], err = base64.StdEncoding.DecodeString(*s)
		case database.Time:
			row[i], err = time.Parse(time.RFC3339Nano, *s)
		case database.Boolean:
			row[i], err = strconv.ParseBool(*s)
		case database.Integer:
			row[i], err = strconv.ParseInt(*s, 10, 64)
		default:
			err = fmt.Errorf("the unknown kind %q", kinds[i])
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}

// An adder computes the Sum of rows.
type adder struct {
	rows  int64
	total big.Int
}

var whole = new(big.Int).Lsh(big.NewInt(1), 256)

func (a *adder) add(said []*string) {
	text, err := json.Marshal(said)
	if err != nil { // a list of strings always marshals
		panic(err)
	}
	digest := sha256.Sum256(text)
	a.rows++
	a.total.Add(&a.total, new(big.Int).SetBytes(digest[:]))
	a.total.Mod(&a.total, whole)
}

func (a *adder) sum() Sum {
	return Sum{a.rows, hex.EncodeToString(a.total.FillBytes(make([]byte, 32)))}
}
