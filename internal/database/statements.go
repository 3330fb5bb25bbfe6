package database

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

// mostStatements bounds the prepared statements that one pool keeps. Mend's
// SQL is a fixed set of texts, so the bound is only reached by a defect.
const mostStatements = 500

// A pool is a set of connections with the statements prepared on them:
// preparing once makes a point read 3.5 times as fast on lib/pq.
type pool struct {
	*sqlx.DB
	mu         sync.RWMutex
	statements map[string]*sqlx.Stmt
}

// prepared returns query ready to run, preparing it the first time.
func (p *pool) prepared(ctx context.Context, query string) (*sqlx.Stmt, error) {
	p.mu.RLock()
	st, ok := p.statements[query]
	p.mu.RUnlock()
	if ok && st != nil {
		return st, nil
	}
	// Preparing may wait for a connection, so it is done without the lock: a
	// transaction that holds the connection needs the lock to go on.
	st, err := p.PreparexContext(ctx, p.Rebind(query))
	if err != nil {
		return nil, err
	}
	return p.keep(query, st)
}

// keep remembers st for query, unless somebody was first. What is not kept is
// closed without the lock: closing waits for what runs on st's connection,
// which may wait for a transaction that needs the lock to go on.
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
	if !known && len(p.statements) >= mostStatements {
		return nil, errors.New("too many different statements: is SQL being built from data?")
	}
	p.statements[query] = st
	return st, nil
}

// prepareLater prepares query for the next transaction, once one connection
// is free. Failing costs speed alone.
func (p *pool) prepareLater(query string) {
	p.mu.Lock()
	_, known := p.statements[query]
	later := !known && len(p.statements) < mostStatements
	if later {
		p.statements[query] = nil // on its way
	}
	p.mu.Unlock()
	if !later {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		st, err := p.PreparexContext(ctx, p.Rebind(query))
		if err == nil {
			p.keep(query, st)
		}
	}()
}

// Close closes the statements and the connections.
func (p *pool) Close() error {
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

// statement returns query prepared on p, or in the transaction that runs.
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

// WithQueryCount returns a context whose queries are counted in n: the statements
// that ran and the transactions that began. Tests and benchmarks hold pages to
// a number of queries with it.
func WithQueryCount(ctx context.Context, n *atomic.Int64) context.Context {
	return context.WithValue(ctx, counterKey{}, n)
}

func count(ctx context.Context) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

type listenerKey struct{}

// WithQueryHook returns a context in which heard is told each query that runs, with its values.
// A test holds every query to an index with it.
func WithQueryHook(ctx context.Context, heard func(query string, args []any)) context.Context {
	return context.WithValue(ctx, listenerKey{}, heard)
}
