package database

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

// MostStatements limits the prepared statements of a pool. Mend's SQL is a fixed set of texts, each
// with at most five sizes of IN (...), so only a defect can reach the limit. Beyond it every new text
// fails: a test holds that all routes together need a quarter of it at most.
const MostStatements = 4000

// A pool is a set of connections with their prepared statements. On lib/pq, preparing once makes
// point reads 3.5 times as fast.
type pool struct {
	*sqlx.DB
	mu         sync.RWMutex
	statements map[string]*sqlx.Stmt // nil while being prepared
	ran        map[string]bool       // in a transaction, without being prepared

	preparing  sync.Mutex      // held while a statement is prepared for later
	later      sync.WaitGroup  // what prepareLater began
	background context.Context // of prepareLater, until Close
	cancel     func()          // ends background
}

func newPool(db *sqlx.DB) *pool {
	p := &pool{DB: db, statements: map[string]*sqlx.Stmt{}, ran: map[string]bool{}}
	p.background, p.cancel = context.WithCancel(context.Background())
	return p
}

// prepared returns query as a prepared statement, preparing it on first use.
func (p *pool) prepared(ctx context.Context, query string) (*sqlx.Stmt, error) {
	p.mu.RLock()
	st, ok := p.statements[query]
	p.mu.RUnlock()
	if ok && st != nil {
		return st, nil
	}
	// Preparing may wait for a connection, so it is done without the lock: a transaction that holds
	// the connection may need the lock to continue.
	st, err := p.PreparexContext(ctx, p.Rebind(query))
	if err != nil {
		return nil, err
	}
	return p.keep(query, st)
}

// keep stores st for query unless it was stored meanwhile. Surplus statements are closed without
// the lock: closing waits for what runs on st's connection, which may wait for a transaction that
// needs the lock.
func (p *pool) keep(query string, st *sqlx.Stmt) (*sqlx.Stmt, error) {
	kept, err := p.store(query, st)
	if kept != st {
		st.Close()
	}
	return kept, err
}

func (p *pool) store(query string, st *sqlx.Stmt) (*sqlx.Stmt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	first, known := p.statements[query]
	if first != nil {
		return first, nil
	}
	if !known && len(p.statements) >= MostStatements {
		return nil, errors.New("too many different statements: is SQL being built from data?")
	}
	p.statements[query] = st
	return st, nil
}

// prepareLater prepares query for the next transaction once a connection is free, if this is the
// second time that it runs: many run once. If it fails, only speed is lost.
func (p *pool) prepareLater(query string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.background.Err() != nil || !p.runsAgain(query) {
		return
	}
	p.later.Go(func() {
		p.preparing.Lock() // one at a time, or each would open a connection of its own
		defer p.preparing.Unlock()
		ctx, cancel := context.WithTimeout(p.background, 5*time.Second)
		defer cancel()
		st, err := p.PreparexContext(ctx, p.Rebind(query))
		if err == nil {
			p.keep(query, st)
		}
	})
}

// runsAgain counts a run of query in a transaction. At the second one it marks query as being prepared
// and returns true. The caller holds the lock.
func (p *pool) runsAgain(query string) bool {
	if _, known := p.statements[query]; known || len(p.statements) >= MostStatements {
		return false
	}
	if p.ran[query] {
		delete(p.ran, query)
		p.statements[query] = nil
		return true
	}
	if len(p.ran) < MostStatements {
		p.ran[query] = true
	}
	return false
}

// Statements returns how many statements the larger pool of db has prepared.
func (db *DB) Statements() int {
	most := 0
	for _, p := range []*pool{db.write, db.read} {
		p.mu.RLock()
		most = max(most, len(p.statements))
		p.mu.RUnlock()
	}
	return most
}

// Close closes the statements and the connections. It first waits for what is prepared in the
// background: SQLite moves its log into the file when the last connection is closed, and a file whose
// log is left beside it must not be moved.
func (p *pool) Close() error {
	p.stopPreparing()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, st := range p.statements {
		if st != nil {
			st.Close()
		}
	}
	clear(p.statements)
	return p.DB.Close()
}

// stopPreparing ends prepareLater and waits for what it began.
func (p *pool) stopPreparing() {
	p.mu.Lock()
	p.cancel() // under the lock, so that prepareLater begins nothing after it
	p.mu.Unlock()
	p.later.Wait()
}

// statement returns query prepared on p, or in the current transaction.
func (db *DB) statement(ctx context.Context, p *pool, query string, args []any) (*sqlx.Stmt, error) {
	count(ctx)
	if heard, ok := ctx.Value(listenerKey{}).(func(string, []any)); ok {
		heard(query, args)
	}
	if db.tx == nil {
		return p.prepared(ctx, query)
	}
	p.mu.RLock()
	st := p.statements[query]
	p.mu.RUnlock()
	if st != nil {
		return db.tx.StmtxContext(ctx, st), nil
	}
	p.prepareLater(query)
	return db.tx.PreparexContext(ctx, p.Rebind(query))
}

type counterKey struct{}

// WithQueryCount returns a context that counts statements and transactions in n. Tests and
// benchmarks limit the queries of a page with it.
func WithQueryCount(ctx context.Context, n *atomic.Int64) context.Context {
	return context.WithValue(ctx, counterKey{}, n)
}

func count(ctx context.Context) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

type listenerKey struct{}

// WithQueryHook returns a context that passes every query and its values to heard. A test checks
// that every query uses an index with it.
func WithQueryHook(ctx context.Context, heard func(query string, args []any)) context.Context {
	return context.WithValue(ctx, listenerKey{}, heard)
}
