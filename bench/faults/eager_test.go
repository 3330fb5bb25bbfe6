package faults

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// eager puts a proxy in front of the program that reports a save before it is done, and
// directs the writers to it. Every test of this package must detect the losses.
func eager(m *mend, writers []*writer) {
	m.t.Helper()
	target, err := url.Parse(m.url)
	if err != nil {
		m.t.Fatal(err)
	}
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	var waiting sync.Map // a queue for each field, which keeps its saves in order
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut {
			through.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		later, _ := waiting.LoadOrStore(r.URL.Path, make(chan *http.Request, 1000))
		again := r.Clone(m.t.Context())
		again.Body, again.Host, again.RequestURI = io.NopCloser(bytes.NewReader(body)), "", ""
		again.URL.Scheme, again.URL.Host = target.Scheme, target.Host
		later.(chan *http.Request) <- again
		time.Sleep(2 * time.Millisecond)
	}))
	m.t.Cleanup(door.Close)
	for _, w := range writers {
		w.door = strings.Replace(door.URL, "127.0.0.1", "localhost", 1)
		queue, _ := waiting.LoadOrStore(w.page+"/fields/"+w.field, make(chan *http.Request, 1000))
		go func() {
			for {
				select {
				case r := <-queue.(chan *http.Request):
					if response, err := http.DefaultClient.Do(r); err == nil {
						response.Body.Close()
					}
				case <-m.t.Context().Done():
					return
				}
			}
		}()
	}
}
