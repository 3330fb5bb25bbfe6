package worksheets

import (
	"context"

	"mend/internal/fields"
)

// SaveField calls SaveAnswer with the encoded value of e.
func (st *Store) SaveField(ctx context.Context, f OpenPage, e fields.Edit) (fields.Field, error) {
	values, err := decode(f.Worksheet, map[string]string{e.Field: e.Value})
	if err != nil {
		return fields.Field{}, err
	}
	return st.SaveAnswer(ctx, f, e, values[e.Field])
}
