// Command peer is a QUIC server that sends back what it gets, and a client of it.
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/lucas-clemente/quic-go"
)

var (
	listen       = flag.String("listen", "", "be a server at this address")
	connect      = flag.String("connect", "", "be a client of the server at this address")
	certificate  = flag.String("certificate", "", "the server's certificate")
	key          = flag.String("key", "", "the server's key")
	serverName   = flag.String("name", "", "the name that the client asks for")
	protocols    = flag.String("alpn", "loom", "protocols, separated by commas")
	versions     = flag.String("versions", "1", "QUIC versions, separated by commas: 1 and 29")
	isAskedAgain = flag.Bool("retry", false, "the server validates addresses with Retry packets")
	connections  = flag.Int("connections", 1, "connections of the client, one after the other, which resume the first one's session")
	isEarly      = flag.Bool("early", false, "the client sends early data")
	hasDatagrams = flag.Bool("datagrams", false, "allow datagrams (RFC 9221)")
	idLength     = flag.Int("id-length", 0, "bytes of the connection ids of a client")
	retryGroups  = flag.Bool("other-group", false, "the server takes no group that the client has a key share of")
)

func main() {
	flag.Parse()
	if *listen != "" {
		serve()
	} else {
		ask()
	}
}

func settings() (*tls.Config, *quic.Config) {
	numbers := map[string]quic.VersionNumber{"1": quic.Version1, "29": quic.VersionDraft29}
	config := &quic.Config{
		EnableDatagrams:      *hasDatagrams,
		HandshakeIdleTimeout: 2 * time.Second,
		MaxIdleTimeout:       5 * time.Second,
		ConnectionIDLength:   *idLength,
		TokenStore:           quic.NewLRUTokenStore(1, 1),
	}
	for _, version := range strings.Split(*versions, ",") {
		config.Versions = append(config.Versions, numbers[version])
	}
	config.RequireAddressValidation = func(net.Addr) bool { return *isAskedAgain }
	return &tls.Config{NextProtos: strings.Split(*protocols, ",")}, config
}

func serve() {
	security, config := settings()
	pair, err := tls.LoadX509KeyPair(*certificate, *key)
	if err != nil {
		log.Fatal(err)
	}
	security.Certificates = []tls.Certificate{pair}
	if *retryGroups {
		security.CurvePreferences = []tls.CurveID{tls.CurveP384}
	}
	listener, err := quic.ListenAddrEarly(*listen, security, config)
	if err != nil {
		log.Fatal(err)
	}
	for {
		connection, err := listener.Accept(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		go echo(connection)
	}
}

func echo(connection quic.EarlyConnection) {
	stream, err := connection.AcceptStream(context.Background())
	if err != nil {
		return
	}
	io.Copy(stream, stream)
	stream.Close()
}

func ask() {
	security, config := settings()
	security.InsecureSkipVerify = true
	security.ServerName = *serverName
	security.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	for i := 0; i < *connections; i++ {
		if err := say(security, config); err != nil {
			log.Fatal(err)
		}
	}
}

func say(security *tls.Config, config *quic.Config) error {
	dial := func() (quic.Connection, error) { return quic.DialAddr(*connect, security, config) }
	if *isEarly {
		dial = func() (quic.Connection, error) { return quic.DialAddrEarly(*connect, security, config) }
	}
	connection, err := dial()
	if err != nil {
		return err
	}
	stream, err := connection.OpenStreamSync(context.Background())
	if err != nil {
		return err
	}
	if _, err := stream.Write([]byte("a thread of wool\n")); err != nil {
		return err
	}
	stream.Close()
	io.ReadAll(stream)
	// Tickets and tokens for the next connection come behind the answer.
	time.Sleep(200 * time.Millisecond)
	return connection.CloseWithError(0, "enough")
}
