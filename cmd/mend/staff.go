package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/fault"
)

// resetStaff sets a new password for a member of the practice, read from standard input, and ends
// their logins.
func (p console) resetStaff(ctx context.Context, email string, cfg config) error {
	house, err := openApp(ctx, cfg, accounts.StrongHashing())
	if err != nil {
		return err
	}
	defer house.close()
	fmt.Fprint(p.stdout, "New password (at least 12 characters): ")
	password, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	ctx = house.site.Audit.Begin(ctx, audit.Who{Role: "server"})
	err = house.site.Accounts.ResetPassword(ctx, email, strings.TrimRight(password, "\r\n"), time.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return errors.New("the password was not changed: " + problems["password"].String())
	}
	if errors.Is(err, fault.NotFound) {
		return errors.New("no counselor signs in with this address")
	}
	if err == nil {
		fmt.Fprintln(p.stdout, "\nDone. All logins of this counselor have ended.")
	}
	return err
}
