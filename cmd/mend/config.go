package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"mend/internal/backup"
	"mend/internal/mail"
)

// A config holds the values of a command's flags (flags.go).
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
	hstsAll     bool // HSTS covers subdomains, too
	plainRemote bool // allow a remote database without verifying its certificate
	couples     int

	log      logTarget // where the log goes besides stderr
	smtp     string    // URL of the mail server; "" for no reminders
	metrics  string    // loopback address of the metrics
	backups  string    // folder of nightly backups
	backupTo string    // an age recipient
	keep     int       // number of nightly backups to keep
	anyLog   bool      // restore a backup even if its log is incomplete
	fonts    string    // folder of fonts for PDFs
	identity string    // file of the age identity that decrypts a backup

	backupPassphrase string
}

// settle fills in the paths of the data and its key, once the flags are read.
func (c *config) settle() error {
	if c.data != "" {
		c.inFolder(c.data)
	}
	return c.checkDatabase()
}

// mailServer returns the server that sends reminders, or nil if none is configured.
func (c config) mailServer() (*mail.Server, error) {
	if c.smtp == "" {
		return nil, nil
	}
	server, err := mail.ParseURL(c.smtp)
	if err != nil {
		return nil, fmt.Errorf("--smtp, or MEND_SMTP_URL: %w", err)
	}
	return server, nil
}

// checkMail returns an error if the mail server's URL is invalid.
func (c config) checkMail() error {
	_, err := c.mailServer()
	return err
}

// seal returns how nightly backups are encrypted.
func (c config) seal() backup.Seal {
	if c.backupTo != "" {
		return backup.Seal{Recipient: c.backupTo}
	}
	return backup.Seal{Passphrase: c.backupPassphrase}
}

// checkBackups returns an error if nightly backups have neither a recipient nor a passphrase of at
// least 12 characters, or if fewer than one would be kept.
func (c config) checkBackups() error {
	if c.backups == "" {
		return nil
	}
	if c.keep < 1 {
		return errors.New("--keep must be at least 1")
	}
	if c.backupTo == "" && len(c.backupPassphrase) < shortest {
		return errors.New("--backups needs --backup-to age1..., or MEND_BACKUP_PASSPHRASE of at least 12 characters")
	}
	return c.seal().Check()
}

// inFolder sets the data folder and, unless they are set, the paths of the database in it and of
// the master key next to it. The key is outside the folder, so that a copy of the folder is not
// readable by itself.
func (c *config) inFolder(folder string) {
	c.data = folder
	if c.database == "" {
		c.database = filepath.Join(folder, "mend.db")
	}
	if c.keyFile == "" {
		c.keyFile = filepath.Join(filepath.Clean(folder)+"-keys", "master.json")
	}
}

// checkListening returns an error if passwords and answers would cross a network unencrypted.
func (c config) checkListening() error {
	if (c.tlsCert == "") != (c.tlsKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if c.behindProxy != "" {
		network, err := netip.ParsePrefix(c.behindProxy)
		if err != nil {
			return fmt.Errorf("--behind-proxy must be a network such as 10.0.0.0/8, not %q", c.behindProxy)
		}
		if network.Bits() < 8 || network.Addr().Is6() && network.Bits() < 16 {
			return fmt.Errorf("--behind-proxy %s would take anybody's word for where they come from; give the network of the "+
				"proxy alone", c.behindProxy)
		}
		if !strings.HasPrefix(c.url, "https://") {
			return errors.New("--behind-proxy needs --url https://..., the address that browsers use")
		}
	}
	host, _, err := net.SplitHostPort(c.addr)
	if err != nil {
		return fmt.Errorf("--addr must be HOST:PORT, not %q", c.addr)
	}
	ip := net.ParseIP(host)
	loopback := host == "localhost" || ip != nil && ip.IsLoopback()
	if !loopback && c.tlsCert == "" && c.behindProxy == "" {
		return fmt.Errorf("listening on %q is not for this machine alone: give --tls-cert and --tls-key, "+
			"or --behind-proxy CIDR", c.addr)
	}
	return nil
}

// checkDatabase returns an error if the database is on another machine and its certificate would
// not be verified.
func (c config) checkDatabase() error {
	u, err := url.Parse(c.database)
	if c.onSQLite() || err != nil || c.plainRemote {
		return nil // Open reports an invalid URL without its password
	}
	host := cmp.Or(u.Query().Get("host"), u.Hostname(), "localhost")
	ip := net.ParseIP(host)
	if host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback() {
		return nil
	}
	if u.Query().Get("sslmode") != "verify-full" {
		return errors.New("the database is on another machine: its URL needs sslmode=verify-full, or give " +
			"--trust-database-network")
	}
	return nil
}

func (c config) onSQLite() bool {
	return !strings.HasPrefix(c.database, "postgres://") && !strings.HasPrefix(c.database, "postgresql://")
}

// siteURL returns the public address of a server that listens on addr.
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
