package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"mend/demo"
)

// A browser is one person's browser with its own login.
type browser struct {
	url    string
	client *http.Client
}

// lines is the transport shared by all browsers, with a connection per person.
var lines = &http.Transport{MaxIdleConns: 2 * mostPeople, MaxIdleConnsPerHost: 2 * mostPeople}

func newBrowser(url string) *browser {
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	return &browser{
		url,
		&http.Client{
			Jar: jar, Transport: lines,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// An answer is the server's response.
type answer struct {
	status int
	body   string
	to     string // the redirect target
}

// ask sends a request as a page of the site does or, with json, as its script does.
func (b *browser) ask(ctx context.Context, method, path string, form url.Values, json bool) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	request, err := b.request(ctx, method, path, form)
	if err != nil {
		return answer{}, err
	}
	if json {
		request.Header.Set("Accept", "application/json")
	}
	response, err := b.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, string(body), response.Header.Get("Location")}, err
}

func (b *browser) request(ctx context.Context, method, path string, form url.Values) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return request, nil
}

// must is ask for requests that have to succeed before the load begins.
func (b *browser) must(ctx context.Context, method, path string, form url.Values, want int) (answer, error) {
	a, err := b.ask(ctx, method, path, form, false)
	if err == nil && a.status != want {
		err = fmt.Errorf("%s %s: %d instead of %d", method, path, a.status, want)
	}
	return a, err
}

func (b *browser) signIn(ctx context.Context, who demo.Person) error {
	_, err := b.must(ctx, "POST", "/login",
		url.Values{"sign_in": {who.SignIn}, "password": {who.Password}, "shared": {"no"}}, http.StatusSeeOther)
	return err
}

// found returns the first capture group of pattern in a page.
func found(page, pattern string) (string, error) {
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		return "", fmt.Errorf("a page has nothing like %s", pattern)
	}
	return m[1], nil
}
