// Package database is the only access to Mend's database, SQLite or PostgreSQL, with SQL that both
// understand. It does not know the tables.
package database

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the PostgreSQL driver
)

func init() { sqlx.BindDriver("sqlite", sqlx.QUESTION) }

// An Engine is a database system.
type Engine string

// The engines that Mend runs on.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// A DB is an open database, or a transaction within one. Queries are written once, with ? or :name
// placeholders, for both engines. Outside a transaction, reads can run in parallel with the writer;
// an SQLite file has one writer.
type DB struct {
	engine Engine
	read   *pool
	write  *pool
	tx     *sqlx.Tx // nil outside a transaction

	signals *signals
	health  *health
}

// Open opens the database at url: a postgres:// URL, or the path of an SQLite file, which is
// created, readable only by its owner, if it does not exist. It refuses a database whose settings
// could lose an acknowledged write.
func Open(ctx context.Context, url string) (*DB, error) {
	db, err := open(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := db.checkSettings(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// readers is the number of connections that read an SQLite file.
const readers = 4

func open(ctx context.Context, url string) (*DB, error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		p, err := connect(ctx, "postgres", planned(url), 16)
		if err != nil {
			return nil, err
		}
		var schema string // each schema belongs to a different Mend
		if err := p.GetContext(ctx, &schema, `SELECT COALESCE(current_schema(), '')`); err != nil {
			p.Close()
			return nil, fmt.Errorf("schema: %w", err)
		}
		channel := "mend_" + schema
		return &DB{
			engine: Postgres, read: p, write: p, signals: newSignals(url, channel[:min(len(channel), 63)]),
			health: &health{},
		}, nil
	}
	if err := createPrivate(url); err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	write, err := connect(ctx, "sqlite", source(url)+"&_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	read, err := connect(ctx, "sqlite", source(url)+"&_pragma=query_only(1)", readers)
	if err != nil {
		write.Close()
		return nil, err
	}
	return &DB{engine: SQLite, read: read, write: write, signals: newSignals("", ""), health: &health{}}, nil
}

// planned makes PostgreSQL plan each statement once, for any values: every query finds its rows by
// an index (the tests check these plans), and planning for the given values takes longer than
// running it. It also avoids full scans of small tables, whose duration would reveal to one partner
// how much the other has written.
func planned(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // connect will report the error
	}
	q := u.Query()
	q.Set("plan_cache_mode", "force_generic_plan")
	q.Set("enable_seqscan", "off")
	q.Set("jit", "off") // for a required full scan, the penalty would trigger JIT compilation
	u.RawQuery = q.Encode()
	return u.String()
}

func connect(ctx context.Context, driver, source string, connections int) (*pool, error) {
	db, err := sqlx.ConnectContext(ctx, driver, source)
	if _, unread := errors.AsType[*url.Error](err); unread {
		err = errors.New("its URL cannot be read") // the original error would contain the password
	}
	if err != nil {
		return nil, fmt.Errorf("open %s database: %w", driver, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return newPool(db), nil
}

// Engine returns the database system, for the few migrations that differ.
func (db *DB) Engine() Engine { return db.engine }

// Pool returns the writing connections, for the migration library only.
func (db *DB) Pool() *sqlx.DB { return db.write.DB }

// Close waits for running queries and closes the database.
func (db *DB) Close() error {
	db.signals.close()
	if db.read == db.write {
		return db.write.Close()
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// Get scans the single row of query into dest. If there is none, it returns fault.NotFound.
func (db *DB) Get(ctx context.Context, dest any, query string, args ...any) error {
	st, err := db.statement(ctx, db.read, query, args)
	if err != nil {
		return db.mapError(err)
	}
	return db.mapError(st.GetContext(ctx, dest, utc(args)...))
}

// Select scans the rows of query into the slice that dest points to.
func (db *DB) Select(ctx context.Context, dest any, query string, args ...any) error {
	st, err := db.statement(ctx, db.read, query, args)
	if err != nil {
		return db.mapError(err)
	}
	return db.mapError(st.SelectContext(ctx, dest, utc(args)...))
}

// Exec runs a statement and returns the number of rows it changed.
func (db *DB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := db.Broken(); err != nil {
		return 0, err
	}
	st, err := db.statement(ctx, db.write, query, args)
	if err != nil {
		return 0, db.mapError(err)
	}
	res, err := st.ExecContext(ctx, utc(args)...)
	if err != nil {
		return 0, db.mapError(err)
	}
	return res.RowsAffected()
}

// ExecNamed is Exec with :name placeholders filled from the fields of arg.
func (db *DB) ExecNamed(ctx context.Context, query string, arg any) (int64, error) {
	query, args, err := sqlx.Named(query, arg)
	if err != nil {
		return 0, err
	}
	return db.Exec(ctx, query, args...)
}

// InTx runs do in a transaction, which it commits if do returns nil and otherwise rolls back.
// Within a transaction it joins that one. Inside do use only tx: the outer db would wait for the
// writer forever.
//
// Closing the page must not undo what a person saves, so the transaction does not end with ctx; it
// is limited to five seconds instead, or as WithTxLimit says.
func (db *DB) InTx(ctx context.Context, do func(ctx context.Context, tx *DB) error) error {
	if db.tx != nil {
		return do(ctx, db)
	}
	if err := errors.Join(ctx.Err(), db.Broken()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), txLimit(ctx))
	defer cancel()
	tx, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", db.mapError(err))
	}
	defer tx.Rollback()
	count(ctx)
	if err := do(ctx,
		&DB{engine: db.engine, read: db.write, write: db.write, tx: tx, signals: db.signals, health: db.health}); err != nil {
		return err
	}
	return db.mapError(tx.Commit())
}

// utc converts times to UTC with microseconds, which is what both engines store: PostgreSQL would
// drop a zone and rounds finer times.
func utc(args []any) []any {
	for i, arg := range args {
		switch t := arg.(type) {
		case time.Time:
			args[i] = t.UTC().Truncate(time.Microsecond)
		case *time.Time:
			if t != nil {
				args[i] = t.UTC().Truncate(time.Microsecond)
			}
		}
	}
	return args
}

type txLimitKey struct{}

// WithTxLimit returns a context whose transactions may take as long as limit: for work that grows
// with what somebody uploaded.
func WithTxLimit(ctx context.Context, limit time.Duration) context.Context {
	return context.WithValue(ctx, txLimitKey{}, limit)
}

// txLimit returns how long a transaction of ctx may take.
func txLimit(ctx context.Context) time.Duration {
	if limit, ok := ctx.Value(txLimitKey{}).(time.Duration); ok {
		return limit
	}
	return 5 * time.Second
}
