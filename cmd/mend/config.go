package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"mend/internal/backup"
)

// A config is how Mend is run. Each flag has an environment variable that
// gives its default.
type config struct {
	addr        string
	url         string
	data        string
	database    string
	keyFile     string
	tlsCert     string
	tlsKey      string
	behindProxy string
	json        bool
	hstsAll     bool // HSTS holds for subdomains, too
	plainRemote bool // a remote database may be reached without its certificate being checked
	couples     int
	years       int // of invented records; 0 for the few couples of the demo
	counselors  int // who have them; 0 for one for each hundred couples

	log      logTarget // where the log is written beside stderr
	metrics  string    // loopback address of the figures
	backups  string    // folder of nightly backups
	backupTo string    // an age recipient
	keep     int       // nightly backups
	anyLog   bool      // of a backup
	identity string    // file that opens a backup

	backupPassphrase string
}

// readConfig reads the flags of a command.
func readConfig(command string, args []string, getenv func(string) string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("mend "+command, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.addr, "addr", cmp.Or(getenv("MEND_ADDR"), "localhost:8080"), "address to listen on (MEND_ADDR)")
	flags.StringVar(&c.url, "url", getenv("MEND_URL"),
		"how browsers reach Mend, such as https://mend.example.org (MEND_URL)")
	folder := cmp.Or(getenv("MEND_DATA"), "mend-data")
	if command == "demo" {
		folder = "" // a throw-away folder
	}
	flags.StringVar(&c.data, "data", folder, "folder of the database and all else that is kept (MEND_DATA)")
	flags.StringVar(&c.database, "database", getenv("MEND_DATABASE"),
		"postgres:// URL, or an SQLite file; mend.db in the data folder if not given (MEND_DATABASE)")
	flags.StringVar(&c.keyFile, "key-file", getenv("MEND_KEY_FILE"),
		"file of the master key; beside the data folder, in DATA-keys, if not given (MEND_KEY_FILE)")
	flags.StringVar(&c.tlsCert, "tls-cert", getenv("MEND_TLS_CERT"), "file of the TLS certificate (MEND_TLS_CERT)")
	flags.StringVar(&c.tlsKey, "tls-key", getenv("MEND_TLS_KEY"), "file of the TLS key (MEND_TLS_KEY)")
	flags.StringVar(&c.behindProxy, "behind-proxy", getenv("MEND_BEHIND_PROXY"),
		"network of the proxy that does TLS, such as 10.0.0.0/8 (MEND_BEHIND_PROXY)")
	flags.BoolVar(&c.plainRemote, "trust-database-network", getenv("MEND_TRUST_DATABASE_NETWORK") == "yes",
		"reach a database on another machine without sslmode=verify-full (MEND_TRUST_DATABASE_NETWORK=yes)")
	c.addFlagsOf(command, flags, getenv)
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("%q is not a flag; see mend %s -help", flags.Arg(0), command)
	}
	if c.data != "" {
		c.inFolder(c.data)
	}
	return c, cmp.Or(c.check(), c.checkDatabase(), c.checkBackups())
}

// addFlagsOf adds the flags that some commands have beside the common ones.
func (c *config) addFlagsOf(command string, flags *flag.FlagSet, getenv func(string) string) {
	switch command {
	case "serve":
		flags.BoolVar(&c.hstsAll, "hsts-subdomains", getenv("MEND_HSTS_SUBDOMAINS") == "yes",
			"have browsers use https for all subdomains as well (MEND_HSTS_SUBDOMAINS=yes)")
		flags.StringVar(&c.log.file, "log-file", getenv("MEND_LOG_FILE"),
			"file on another disk that gets each line of the log as well; none if not given (MEND_LOG_FILE)")
		flags.StringVar(&c.log.syslog, "log-syslog", getenv("MEND_LOG_SYSLOG"),
			"syslog server that gets each line as well: local, or such as udp://HOST:514 (MEND_LOG_SYSLOG)")
		flags.StringVar(&c.metrics, "metrics", getenv("MEND_METRICS"),
			"loopback address for Prometheus, such as localhost:9464; none if not given (MEND_METRICS)")
		flags.StringVar(&c.backups, "backups", getenv("MEND_BACKUPS"),
			"folder for a backup each night; none if not given (MEND_BACKUPS)")
		flags.IntVar(&c.keep, "keep", number(getenv("MEND_KEEP"), 14), "how many of them are kept (MEND_KEEP)")
		c.backupPassphrase = getenv("MEND_BACKUP_PASSPHRASE")
		fallthrough
	case "backup":
		flags.StringVar(&c.backupTo, "backup-to", getenv("MEND_BACKUP_TO"),
			"whom backups are sealed to: an age recipient, age1...; or set MEND_BACKUP_PASSPHRASE (MEND_BACKUP_TO)")
	case "restore":
		flags.BoolVar(&c.anyLog, "any-log", false, "restore even what has a log that was cut off or rebuilt")
		fallthrough
	case "verify":
		flags.StringVar(&c.identity, "identity", getenv("MEND_IDENTITY"),
			"file of the age identity that opens the backup; or its passphrase is asked for (MEND_IDENTITY)")
	}
	if command == "demo" {
		flags.BoolVar(&c.json, "json", false, "print one line of JSON instead of words")
		flags.IntVar(&c.couples, "couples", 5, "how many couples to invent")
		flags.IntVar(&c.years, "years", 0,
			"how many years of records to invent, in bulk, in practices of twenty counselors; none if not given")
		flags.IntVar(&c.counselors, "counselors", 0,
			"how many counselors these are of; one for each hundred couples if not given")
	}
}

// number is text as a whole number, or what is usual.
func number(text string, usual int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return usual
}

// seal is whom nightly backups are sealed to.
func (c config) seal() backup.Seal {
	if c.backupTo != "" {
		return backup.Seal{Recipient: c.backupTo}
	}
	return backup.Seal{Passphrase: c.backupPassphrase}
}

// checkBackups refuses nightly backups that nobody could open, or anybody.
func (c config) checkBackups() error {
	if c.backups == "" {
		return nil
	}
	if c.keep < 1 {
		return errors.New("-keep must be at least 1")
	}
	if c.backupTo == "" && len(c.backupPassphrase) < shortest {
		return errors.New("-backups needs -backup-to age1..., or MEND_BACKUP_PASSPHRASE of at least 12 characters")
	}
	return c.seal().Check()
}

// inFolder keeps the data in folder, the database too if none is named. The
// master key is kept beside it, so that a copy of the folder is not readable
// by itself.
func (c *config) inFolder(folder string) {
	c.data = folder
	if c.database == "" {
		c.database = filepath.Join(folder, "mend.db")
	}
	if c.keyFile == "" {
		c.keyFile = filepath.Join(filepath.Clean(folder)+"-keys", "master.json")
	}
}

// check refuses to carry passwords and answers in clear over a network.
func (c config) check() error {
	if (c.tlsCert == "") != (c.tlsKey == "") {
		return errors.New("-tls-cert and -tls-key go together")
	}
	if c.behindProxy != "" {
		network, err := netip.ParsePrefix(c.behindProxy)
		if err != nil {
			return fmt.Errorf("-behind-proxy must be a network such as 10.0.0.0/8, not %q", c.behindProxy)
		}
		if network.Bits() < 8 || network.Addr().Is6() && network.Bits() < 16 {
			return fmt.Errorf("-behind-proxy %s would take anybody's word for where they come from; give the network of the "+
				"proxy alone", c.behindProxy)
		}
		if !strings.HasPrefix(c.url, "https://") {
			return errors.New("-behind-proxy needs -url https://..., the address that browsers use")
		}
	}
	host, _, err := net.SplitHostPort(c.addr)
	if err != nil {
		return fmt.Errorf("-addr must be HOST:PORT, not %q", c.addr)
	}
	ip := net.ParseIP(host)
	loopback := host == "localhost" || ip != nil && ip.IsLoopback()
	if !loopback && c.tlsCert == "" && c.behindProxy == "" {
		return fmt.Errorf("listening on %q is not for this machine alone: give -tls-cert and -tls-key, or -behind-proxy CIDR",
			c.addr)
	}
	return nil
}

// checkDatabase refuses to carry the records to another machine whose certificate
// nobody looks at.
func (c config) checkDatabase() error {
	u, err := url.Parse(c.database)
	if c.onSQLite() || err != nil || c.plainRemote {
		return nil // Open says what is wrong with an address, without its password
	}
	host := cmp.Or(u.Query().Get("host"), u.Hostname(), "localhost")
	ip := net.ParseIP(host)
	if host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback() {
		return nil
	}
	if u.Query().Get("sslmode") != "verify-full" {
		return errors.New("the database is on another machine: its URL needs sslmode=verify-full, or give " +
			"-trust-database-network")
	}
	return nil
}

func (c config) onSQLite() bool {
	return !strings.HasPrefix(c.database, "postgres://") && !strings.HasPrefix(c.database, "postgresql://")
}

// siteURL is how browsers reach a server that listens on addr.
func (c config) siteURL(addr net.Addr) string {
	if c.url != "" {
		return strings.TrimSuffix(c.url, "/")
	}
	scheme := "http"
	if c.tlsCert != "" {
		scheme = "https"
	}
	host, _, _ := net.SplitHostPort(c.addr)
	_, port, _ := net.SplitHostPort(addr.String())
	return scheme + "://" + net.JoinHostPort(host, port)
}
