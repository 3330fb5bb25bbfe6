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

// A config is how Mend is run: what the flags of a command say (flags.go).
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

	log      logTarget // where the log is written beside stderr
	smtp     string    // URL of the server that takes mail; none for no reminders
	metrics  string    // loopback address of the figures
	backups  string    // folder of nightly backups
	backupTo string    // an age recipient
	keep     int       // nightly backups
	anyLog   bool      // of a backup
	fonts    string    // folder of fonts for PDFs
	identity string    // file that opens a backup

	backupPassphrase string
}

// settle says where the data and its key are, once the flags are read.
func (c *config) settle() error {
	if c.data != "" {
		c.inFolder(c.data)
	}
	return c.checkDatabase()
}

// mailServer is the server that takes reminders, nil without one.
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

// checkMail refuses a mail server that cannot be spoken to.
func (c config) checkMail() error {
	_, err := c.mailServer()
	return err
}

// seal is whom nightly backups are sealed to.
func (c config) seal() backup.Seal {
	if c.backupTo != "" {
		return backup.Seal{Recipient: c.backupTo}
	}
	return backup.Seal{Passphrase: c.backupPassphrase}
}

// checkBackups refuses nightly backups without a recipient or a passphrase of at least 12
// characters, and with fewer than one file to keep.
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

// checkListening refuses to carry passwords and answers in clear over a network.
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
			"--trust-database-network")
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
