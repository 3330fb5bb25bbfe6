package vault

// A Row encrypts and decrypts the columns of one row of a table. It keeps the first error: check
// Err once, after reading.
type Row struct {
	box       Box
	table, id string
	err       error
}

// Row returns the row of table with id, in box.
func (b Box) Row(table, id string) *Row { return &Row{box: b, table: table, id: id} }

// Seal encrypts text for a column.
func (r *Row) Seal(column, text string) []byte {
	if r.err != nil {
		return nil
	}
	sealed, err := r.box.Seal(CellRef{r.table, column, r.id, r.id}, text)
	r.err = err
	return sealed
}

// Read decrypts a column. An empty value gives "".
func (r *Row) Read(column string, sealed []byte) string {
	if r.err != nil || sealed == nil {
		return ""
	}
	text, err := r.box.Read(CellRef{r.table, column, r.id, r.id}, sealed)
	r.err = err
	return text
}

// Err returns the first error.
func (r *Row) Err() error { return r.err }
