# Everything here runs on a machine with Go. `make test` installs what its
# tests need beyond that (PostgreSQL, Chromium, poppler, qpdf, zbar, strace) where
# it may.

TAGS = nomsgpack

# What is built and tested is one program without C; only the race detector needs it.
export CGO_ENABLED = 0

.PHONY: run demo build test test-quick mutate check format bench growth load faults faults-long icon pictures

run:
	go run -tags $(TAGS) ./cmd/mend

demo:
	go run -tags $(TAGS) ./cmd/mend demo

build:
	go build -tags $(TAGS) -trimpath -ldflags "-s -w" -o mend ./cmd/mend

# The race detector leaves out the bulk load, in which nothing runs at once.
test:
	sh .ci/prepare
	GOGC=400 sh .ci/with-postgres go test -tags $(TAGS) -timeout 30m ./...
	sh .ci/with-postgres sh -c 'CGO_ENABLED=1 go test -race -skip BulkLoad -tags $(TAGS) ./internal/fields ./internal/database ./internal/fault & race=$$!; \
		cd bench && GOGC=400 go test -parallel 4 -tags $(TAGS) -timeout 30m ./...; bench=$$?; wait $$race && exit $$bench'

# What a change is tried with while it is made: SQLite alone, no browser, nothing that takes
# seconds, and without bench.
test-quick:
	scratch=$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	export GOGC=400 GOTMPDIR=$${TMPDIR:-/tmp} TMPDIR=$$scratch; \
	go test -short -parallel 4 -tags $(TAGS) ./...

# Breaks a package in one place after the other and says which breaks its own tests do not
# notice, on SQLite. It takes as many test runs as there are places: an hour for accounts.
PKG = ./couples
mutate:
	scratch=$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	export GOTMPDIR=$${TMPDIR:-/tmp} TMPDIR=$$scratch MEND_TEST_POSTGRES=; \
	go run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0 unleash $(PKG) --tags $(TAGS) \
		--workers 1 --timeout-coefficient 6 --invert-logical --output-statuses l

check:
	sh .ci/prepare
	sh .ci/lint $(TAGS)
	.ci/node_modules/.bin/prettier --print-width 120 --check templates/assets/*.js templates/assets/*.css templates/styles/*.css
	go mod tidy -diff
	cd bench && go mod tidy -diff
	sh .ci/weaknesses $(TAGS)

# Brings Go, styles and scripts into the form that check asks for.
format:
	sh .ci/prepare
	go tool -modfile=tools/go.mod golangci-lint fmt
	.ci/node_modules/.bin/prettier --print-width 120 --write templates/assets/*.js templates/assets/*.css templates/styles/*.css

# What Mend stands on is taken away under it; the long form does so many times.
faults:
	sh .ci/prepare
	cd bench && sh ../.ci/with-postgres go test -tags $(TAGS) ./faults -count 1 -v

faults-long:
	sh .ci/prepare
	cd bench && sh ../.ci/with-postgres go test -tags $(TAGS) ./faults -count 1 -v -timeout 2h -long
	go test -tags $(TAGS) ./internal/pdf -run ChangedByte -count 1 -v -long

bench:
	sh .ci/with-postgres go test -tags $(TAGS) -run '^$$' -bench . -benchmem ./handlers ./internal/pdf
	MEND_ON_DISK=1 sh .ci/with-postgres go test -tags $(TAGS) -run '^$$' -bench 'Ratios|Door|Timing' -benchtime 1x ./handlers -figures $(CURDIR)/docs/performance.md
	go test -tags $(TAGS) -run '^$$' -bench NoteDocument -benchtime 1x ./internal/pdf -figures $(CURDIR)/docs/performance.md

# How pages fare with many couples: COUPLES=20000 needs some 40 GB of disk and 12 of
# memory, and takes a while. ENGINE=SQLite or ENGINE=PostgreSQL measures one alone.
COUPLES = 20000
YEARS = 10
ENGINE = .
growth:
	cd bench && GOGC=400 MEND_ON_DISK=1 sh ../.ci/with-postgres go test -tags $(TAGS) -run '^$$' -bench Growth/$(ENGINE) -benchtime 1x -timeout 3h ./growth -growth $(COUPLES) -years $(YEARS) -figures $(CURDIR)/docs/performance.md

# Many people at once, on SQLite and on PostgreSQL, for so long.
FOR = 10m
load: build
	cd bench && go build -tags $(TAGS) -o ../mendload ./load
	./mendload -mend ./mend -for $(FOR) -write docs/performance.md
	MEND_ON_DISK=1 sh .ci/with-postgres sh -c './mendload -mend ./mend -for $(FOR) -database "$$MEND_TEST_POSTGRES" -write docs/performance.md'

# page.svg for phones whose home screen takes no SVG.
icon:
	printf '<body style="margin:0; background:#f8f4ec"><img src="templates/assets/page.svg" width="132" style="margin:24px">' > icon.html
	$$(command -v chromium-headless-shell || command -v chromium) --headless --no-sandbox --hide-scrollbars --window-size=180,180 --screenshot=templates/assets/page.png "file://$(CURDIR)/icon.html"
	rm icon.html

pictures:
	sh .ci/prepare
	sh .ci/with-postgres go test -tags $(TAGS) ./cmd/mend -count 1 -run 'Circle/sqlite|EveryPage|Help' -pictures $(CURDIR)/pictures
	mv pictures/help-*.png templates/assets/
