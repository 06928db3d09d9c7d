package main

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"net"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// conversation is the same for both directions: the lower endpoint first.
type conversation struct {
	low, high         [16]byte
	lowPort, highPort uint16
	protocol          uint8
}

// packet is what is known of the current packet below its application layer.
type packet struct {
	at           time.Time
	number       uint64
	src, dst     net.IP
	srcPort      uint16
	dstPort      uint16
	protocol     uint8
	length       int
	conversation conversation
	isFromLower  bool
}

func (p *packet) setConversation() {
	c := conversation{protocol: p.protocol}
	var src, dst [16]byte
	copy(src[:], p.src)
	copy(dst[:], p.dst)
	p.isFromLower = true
	for i := range src {
		if src[i] != dst[i] {
			p.isFromLower = src[i] < dst[i]
			break
		}
		if i == len(src)-1 {
			p.isFromLower = p.srcPort <= p.dstPort
		}
	}
	if p.isFromLower {
		c.low, c.high, c.lowPort, c.highPort = src, dst, p.srcPort, p.dstPort
	} else {
		c.low, c.high, c.lowPort, c.highPort = dst, src, p.dstPort, p.srcPort
	}
	p.conversation = c
}

var rowCount uint32

// appendObservation appends field 1 of an event: wireloom.v1.Observation with id, time, interface, endpoints and Community ID.
func (p *packet) appendObservation(b []byte) []byte {
	var scratch [192]byte
	o := scratch[:0]
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], uint64(p.at.UnixMilli())<<16|0x7000|uint64(p.at.Nanosecond()%1000000)*4096/1000000)
	id[8] = 0x80
	binary.BigEndian.PutUint32(id[12:], rowCount)
	rowCount++
	o = appendText(o, 1, id[:])
	o = protowire.AppendTag(o, 2, protowire.Fixed64Type)
	o = protowire.AppendFixed64(o, uint64(p.at.UnixNano()))
	o = appendString(o, 4, "dns.pcap")
	o = appendText(o, 5, p.src)
	o = appendText(o, 6, p.dst)
	o = appendUint(o, 7, uint64(p.srcPort))
	o = appendUint(o, 8, uint64(p.dstPort))
	o = appendUint(o, 9, uint64(p.protocol))
	o = p.appendCommunityID(o)
	o = appendUint(o, 13, p.number)
	o = appendUint(o, 14, 1)
	return appendText(b, 1, o)
}

func (p *packet) appendCommunityID(b []byte) []byte {
	var message [40]byte
	m := message[2:2]
	n := len(p.src)
	c := &p.conversation
	m = append(m, c.low[:n]...)
	m = append(m, c.high[:n]...)
	m = append(m, c.protocol, 0)
	m = binary.BigEndian.AppendUint16(m, c.lowPort)
	m = binary.BigEndian.AppendUint16(m, c.highPort)
	sum := sha1.Sum(message[:2+len(m)])
	var text [30]byte
	text[0], text[1] = '1', ':'
	base64.StdEncoding.Encode(text[2:], sum[:])
	return appendText(b, 12, text[:])
}
