package handlers

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
)

// visitsOfCaseloads holds the visits of the caseload import.
var visitsOfCaseloads = map[string]visit{
	"GET /settings/data":              {"/settings/data", nil, 200},
	"GET /settings/data/caseload.zip": {"/settings/data/caseload.zip", nil, 200},

	"GET /couples/import":               {"/couples/import", nil, 200},
	"POST /couples/import":              {"/couples/import", url.Values{}, 422},
	"GET /couples/import/sample.csv":    {"/couples/import/sample.csv", nil, 200},
	"GET /couples/import/:import":       {"/couples/import/{import}", nil, 200},
	"POST /couples/import/:import":      {"/couples/import/{import}", url.Values{}, 303},
	"POST /couples/import/:import/undo": {"/couples/import/{imported}/undo", url.Values{}, 303},
}

// upload uploads a file with the import form.
func (b *browser) upload(file []byte) answer {
	b.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "caseload.csv")
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || form.Close() != nil {
		b.w.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, b.w.url+"/couples/import", &body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Content-Type", form.FormDataContentType())
	return b.raw(request)
}

// addImports adds an uploaded and an imported caseload of Dana's to things.
func (w *world) addImports(things map[string]string) {
	w.t.Helper()
	dana := w.as(w.dana)
	for _, name := range []string{"import", "imported"} {
		file := "Partner 1,Partner 2\n" + name + " Early,Second Early\n"
		page := dana.upload([]byte(file)).want(w.t, 303).location()
		things[name] = page[len("/couples/import/"):]
	}
	dana.post("/couples/import/"+things["imported"], url.Values{}).want(w.t, 303)
}
