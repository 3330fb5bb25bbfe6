package migrations

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mend/internal/database"
)

// PostgresSchema returns the schema of a PostgreSQL database in the format of postgresSchema.
func PostgresSchema(ctx context.Context, db *database.DB) (string, error) {
	made, err := schemaOnPostgres(ctx, db)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(made)) {
		fmt.Fprintf(&text, "%s\t%s\n", name, made[name])
	}
	return text.String(), err
}
