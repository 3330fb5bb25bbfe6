package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v3"
)

// flags builds the flags that fill a config. Each takes its default from an environment variable.
type flags struct {
	*config
	getenv func(string) string
}

const defaultFolder = "mend-data"

func join(groups ...[]cli.Flag) []cli.Flag { return slices.Concat(groups...) }

// storage returns the flags for the location of the database and its key. With an empty folder the
// default is a temporary one.
func (f flags) storage(folder string) []cli.Flag {
	data := f.text(&f.data, "data", folder, "MEND_DATA", "folder of the database and all else that is kept")
	if folder == "" {
		data.Sources = cli.ValueSourceChain{} // a temporary folder must not be the one that holds records
		data.DefaultText = "a folder that is thrown away"
	}
	return []cli.Flag{
		data,
		f.text(&f.database, "database", "", "MEND_DATABASE",
			"postgres:// URL, or an SQLite file; mend.db in the data folder if not given"),
		f.text(&f.keyFile, "key-file", "", "MEND_KEY_FILE",
			"file of the master key; beside the data folder, in DATA-keys, if not given"),
		f.boolean(&f.plainRemote, "trust-database-network", "MEND_TRUST_DATABASE_NETWORK",
			"reach a database on another machine without sslmode=verify-full"),
	}
}

// listening returns the flags for how browsers reach Mend.
func (f flags) listening() []cli.Flag {
	return []cli.Flag{
		f.text(&f.addr, "addr", "localhost:8080", "MEND_ADDR", "address to listen on"),
		f.text(&f.url, "url", "", "MEND_URL", "how browsers reach Mend, such as https://mend.example.org"),
		f.text(&f.tlsCert, "tls-cert", "", "MEND_TLS_CERT", "file of the TLS certificate"),
		f.text(&f.tlsKey, "tls-key", "", "MEND_TLS_KEY", "file of the TLS key"),
		f.text(&f.behindProxy, "behind-proxy", "", "MEND_BEHIND_PROXY",
			"network of the proxy that does TLS, such as 10.0.0.0/8"),
	}
}

// serving returns the flags that apply only while Mend serves a practice.
func (f flags) serving() []cli.Flag {
	return []cli.Flag{
		f.boolean(&f.hstsAll, "hsts-subdomains", "MEND_HSTS_SUBDOMAINS",
			"have browsers use https for all subdomains as well"),
		f.text(&f.log.file, "log-file", "", "MEND_LOG_FILE",
			"file on another disk that gets each line of the log as well; none if not given"),
		f.text(&f.log.syslog, "log-syslog", "", "MEND_LOG_SYSLOG",
			"syslog server that gets each line as well: local, or such as udp://HOST:514"),
		f.text(&f.smtp, "smtp", "", "MEND_SMTP_URL",
			"mail server for reminders, such as smtp://USER:PASSWORD@HOST:587?from=ADDRESS; no reminders if not given"),
		f.text(&f.metrics, "metrics", "", "MEND_METRICS",
			"loopback address for Prometheus, such as localhost:9464; none if not given"),
		f.text(&f.backups, "backups", "", "MEND_BACKUPS", "folder for a backup each night; none if not given"),
		f.text(&f.fonts, "fonts", "", "MEND_FONTS",
			"folder of TrueType fonts for what the built-in ones lack, before those of the machine"),
		f.number(&f.keep, "keep", 14, "MEND_KEEP", "how many of them are kept"),
	}
}

// sealing returns the flags for encrypting a backup.
func (f flags) sealing() []cli.Flag {
	return []cli.Flag{f.text(&f.backupTo, "backup-to", "", "MEND_BACKUP_TO",
		"whom backups are sealed to: an age recipient, age1...; or set MEND_BACKUP_PASSPHRASE")}
}

// decryption returns the flags for decrypting a backup.
func (f flags) decryption() []cli.Flag {
	return []cli.Flag{f.text(&f.identity, "identity", "", "MEND_IDENTITY",
		"file of the age identity that opens the backup; or its passphrase is asked for")}
}

func (f flags) anyLog() []cli.Flag {
	return []cli.Flag{f.boolean(&f.config.anyLog, "any-log", "",
		"restore even what has a log that was cut off or rebuilt")}
}

// demoContent returns the flags for the content of the demo.
func (f flags) demoContent() []cli.Flag {
	return []cli.Flag{
		f.boolean(&f.json, "json", "", "print one line of JSON instead of words"),
		f.number(&f.couples, "couples", 5, "", "how many couples to invent"),
	}
}

func (f flags) text(to *string, name, value, env, usage string) *cli.StringFlag {
	return &cli.StringFlag{
		Name: name, Usage: usage, Value: value, Destination: to, Local: true, HideDefault: value == "",
		Sources: f.from(variable{name: env, getenv: f.getenv}),
	}
}

func (f flags) number(to *int, name string, value int, env, usage string) *cli.IntFlag {
	return &cli.IntFlag{
		Name: name, Usage: usage, Value: value, Destination: to, Local: true, HideDefault: value == 0,
		Sources: f.from(variable{name: env, getenv: f.getenv}),
	}
}

// boolean returns a boolean flag, off by default, that its variable turns on with "yes".
func (f flags) boolean(to *bool, name, env, usage string) *cli.BoolFlag {
	return &cli.BoolFlag{
		Name: name, Usage: usage, Destination: to, Local: true, HideDefault: true,
		Sources: f.from(variable{name: env, yes: true, getenv: f.getenv}),
	}
}

func (f flags) from(v variable) cli.ValueSourceChain {
	if v.name == "" {
		return cli.ValueSourceChain{}
	}
	return cli.NewValueSourceChain(v)
}

// A variable is an environment variable that gives the default of a flag. An empty one is ignored.
type variable struct {
	name   string
	yes    bool // a boolean that is on if the value is "yes"
	getenv func(string) string
}

// Lookup returns the value of the variable.
func (v variable) Lookup() (string, bool) {
	value := v.getenv(v.name)
	if v.yes {
		return "true", value == "yes"
	}
	return value, value != ""
}

// IsFromEnv makes help show the variable next to its flag.
func (v variable) IsFromEnv() bool { return true }

// Key returns what help shows.
func (v variable) Key() string {
	if v.yes {
		return v.name + "=yes"
	}
	return v.name
}

func (v variable) String() string   { return v.name }
func (v variable) GoString() string { return fmt.Sprintf("variable{%q}", v.name) }
