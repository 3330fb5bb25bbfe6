package mail

import (
	"context"
	"net"

	smtp "github.com/wneessen/go-mail"
)

// DialAt is Dial with the server's name resolved to an address of the test.
func (s *Server) DialAt(ctx context.Context, address string) error {
	there := smtp.WithDialContextFunc(func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	})
	client, err := smtp.NewClient(s.host, append(s.options(), there)...)
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	return err
}
