package main

import (
	"time"

	"github.com/google/gopacket/layers"
	"google.golang.org/protobuf/encoding/protowire"
)

// timeToLive is how long a query waits for its response, as in plugins/dns/dns.proto.
const timeToLive = 10 * time.Second

type dnsKey struct {
	conversation conversation
	id           uint16
}

type query struct {
	observation []byte
	fields      []byte
	name        string
	kind        layers.DNSType
	at          time.Time
}

// dnsMeter pairs queries with responses and encodes one row a transaction, with the fields of wireloom.dns.v1.Dns that gopacket reads.
type dnsMeter struct {
	rows    *rowWriter
	open    map[dnsKey]*query
	order   []dnsKey
	scratch []byte
}

func newDNSMeter(rows *rowWriter) *dnsMeter {
	return &dnsMeter{rows: rows, open: make(map[dnsKey]*query)}
}

func (m *dnsMeter) message(packet *packet, dns *layers.DNS) {
	if dns.QR {
		m.response(packet, dns)
	} else {
		m.query(packet, dns)
	}
	m.expire(packet.at)
}

func (m *dnsMeter) query(packet *packet, dns *layers.DNS) {
	q := &query{at: packet.at}
	q.observation = packet.appendObservation(nil)
	fields := protowire.AppendTag(nil, 6, protowire.VarintType)
	fields = protowire.AppendVarint(fields, uint64(dns.ID))
	fields = appendUint(fields, 7, uint64(dns.OpCode))
	fields = appendBool(fields, 8, dns.RD)
	fields = appendBool(fields, 9, dns.Z&1 != 0)
	fields = appendBool(fields, 10, dns.Z&2 != 0)
	if len(dns.Questions) > 0 {
		q.name = string(dns.Questions[0].Name)
		q.kind = dns.Questions[0].Type
		fields = appendText(fields, 18, dns.Questions[0].Name)
		fields = appendUint(fields, 19, uint64(q.kind))
		fields = appendUint(fields, 20, uint64(dns.Questions[0].Class))
	}
	fields = appendUint(fields, 22, uint64(dns.QDCount))
	q.fields = fields
	key := dnsKey{packet.conversation, dns.ID}
	m.open[key] = q
	m.order = append(m.order, key)
}

func (m *dnsMeter) response(packet *packet, dns *layers.DNS) {
	key := dnsKey{packet.conversation, dns.ID}
	q := m.open[key]
	isPaired := q != nil && (len(dns.Questions) == 0 || (q.kind == dns.Questions[0].Type && q.name == string(dns.Questions[0].Name)))
	row := m.scratch[:0]
	state := uint64(3)
	if isPaired {
		delete(m.open, key)
		state = 1
		row = append(row, q.observation...)
		row = append(row, q.fields...)
		row = appendUint(row, 4, uint64(packet.at.Sub(q.at)))
	} else {
		row = packet.appendObservation(row)
	}
	row = appendUint(row, 2, state)
	row = appendUint(row, 3, 1)
	row = appendUint(row, 5, packet.number)
	row = appendBool(row, 11, dns.RA)
	row = appendBool(row, 12, dns.AA)
	row = appendBool(row, 13, dns.TC)
	row = appendBool(row, 14, dns.Z&2 != 0)
	row = protowire.AppendTag(row, 17, protowire.VarintType)
	row = protowire.AppendVarint(row, uint64(dns.ResponseCode))
	row = appendUint(row, 23, uint64(dns.ANCount))
	row = appendUint(row, 24, uint64(dns.NSCount))
	row = appendUint(row, 25, uint64(dns.ARCount))
	for i := range dns.Answers {
		row = appendText(row, 33, dns.Answers[i].Name)
	}
	for i := range dns.Answers {
		row = appendUint(row, 34, uint64(dns.Answers[i].Type))
	}
	for i := range dns.Answers {
		row = appendUint(row, 35, uint64(dns.Answers[i].TTL))
	}
	for i := range dns.Answers {
		answer := &dns.Answers[i]
		switch answer.Type {
		case layers.DNSTypeA, layers.DNSTypeAAAA:
			row = appendString(row, 36, answer.IP.String())
		case layers.DNSTypeCNAME:
			row = appendText(row, 36, answer.CNAME)
		}
	}
	m.rows.append(row)
	m.scratch = row
}

// expire makes rows of the queries that waited for too long.
func (m *dnsMeter) expire(now time.Time) {
	for len(m.order) > 0 {
		key := m.order[0]
		q := m.open[key]
		if q != nil {
			if now.Sub(q.at) < timeToLive {
				return
			}
			m.unanswered(key, q)
		}
		m.order = m.order[1:]
	}
}

func (m *dnsMeter) finish() {
	for key, q := range m.open {
		m.unanswered(key, q)
	}
}

func (m *dnsMeter) unanswered(key dnsKey, q *query) {
	row := append(m.scratch[:0], q.observation...)
	row = append(row, q.fields...)
	row = appendUint(row, 2, 2)
	row = appendUint(row, 3, 1)
	m.rows.append(row)
	m.scratch = row
	delete(m.open, key)
}

// appendMessage makes a row of one message, without pairing and without a Community ID: the least that gopacket can do.
func appendMessage(rows *rowWriter, packet *packet, dns *layers.DNS) {
	var scratch [512]byte
	row := protowire.AppendTag(scratch[:0], 2, protowire.Fixed64Type)
	row = protowire.AppendFixed64(row, uint64(packet.at.UnixNano()))
	row = appendText(row, 5, packet.src)
	row = appendText(row, 6, packet.dst)
	row = appendUint(row, 7, uint64(packet.srcPort))
	row = appendUint(row, 8, uint64(packet.dstPort))
	row = appendUint(row, 10, uint64(dns.ID))
	row = appendUint(row, 17, uint64(dns.ResponseCode))
	if len(dns.Questions) > 0 {
		row = appendText(row, 18, dns.Questions[0].Name)
		row = appendUint(row, 19, uint64(dns.Questions[0].Type))
	}
	row = appendUint(row, 23, uint64(dns.ANCount))
	rows.append(row)
}
