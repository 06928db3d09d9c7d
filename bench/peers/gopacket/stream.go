package main

import (
	"bufio"
	"bytes"
	"strconv"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/reassembly"
)

// streamMeter reassembles TCP with gopacket's reassembly package and makes rows of what the mode names.
type streamMeter struct {
	mode      string
	rows      *rowWriter
	assembler *reassembly.Assembler
	payload   uint64
	now       packet
}

func newStreamMeter(mode string, rows *rowWriter) *streamMeter {
	m := &streamMeter{mode: mode, rows: rows}
	m.assembler = reassembly.NewAssembler(reassembly.NewStreamPool(m))
	return m
}

type captureContext struct{ info gopacket.CaptureInfo }

func (c *captureContext) GetCaptureInfo() gopacket.CaptureInfo { return c.info }

func (m *streamMeter) segment(p *packet, network gopacket.Flow, tcp *layers.TCP) {
	m.now = *p
	m.assembler.AssembleWithContext(network, tcp, &captureContext{gopacket.CaptureInfo{Timestamp: p.at}})
}

func (m *streamMeter) finish() uint64 {
	m.assembler.FlushAll()
	return m.payload
}

// New makes the state of one connection (reassembly.StreamFactory).
func (m *streamMeter) New(_, _ gopacket.Flow, _ *layers.TCP, _ reassembly.AssemblerContext) reassembly.Stream {
	s := &stream{meter: m}
	s.client = m.now
	s.client.src = append([]byte(nil), m.now.src...)
	s.client.dst = append([]byte(nil), m.now.dst...)
	s.client.setConversation()
	return s
}

type transaction struct {
	at     time.Time
	number uint64
	method []byte
	target []byte
	host   []byte
}

// stream follows the HTTP messages of one connection, or counts the bytes of TLS records.
type stream struct {
	meter    *streamMeter
	client   packet
	held     [2][]byte
	skip     [2]int
	requests []transaction
}

func (s *stream) Accept(*layers.TCP, gopacket.CaptureInfo, reassembly.TCPFlowDirection, reassembly.Sequence, *bool, reassembly.AssemblerContext) bool {
	return true
}

func (s *stream) ReassembledSG(sg reassembly.ScatterGather, _ reassembly.AssemblerContext) {
	direction, _, _, _ := sg.Info()
	length, _ := sg.Lengths()
	data := sg.Fetch(length)
	s.meter.payload += uint64(length)
	side := 0
	if direction == reassembly.TCPDirServerToClient {
		side = 1
	}
	if s.skip[side] > 0 {
		n := s.skip[side]
		if n > len(data) {
			n = len(data)
		}
		s.skip[side] -= n
		data = data[n:]
	}
	if len(data) == 0 {
		return
	}
	if len(s.held[side]) > 0 {
		data = append(s.held[side], data...)
		s.held[side] = s.held[side][:0]
	}
	done := s.take(side, data)
	if done < len(data) {
		s.held[side] = append([]byte(nil), data[done:]...)
	} else {
		s.skip[side] = done - len(data)
	}
}

func (s *stream) ReassemblyComplete(reassembly.AssemblerContext) bool { return true }

// take reads whole messages and answers how many bytes are done with, those of a body that is still to come included.
func (s *stream) take(side int, data []byte) int {
	at := 0
	for at < len(data) {
		if s.meter.mode == "tls" {
			if len(data)-at < 5 {
				return at
			}
			if side == 0 && data[at] == 22 {
				s.hello()
			}
			at += 5 + int(data[at+3])<<8 + int(data[at+4])
			continue
		}
		end := bytes.Index(data[at:], []byte("\r\n\r\n"))
		if end == -1 {
			return at
		}
		at += s.message(side, data[at:at+end+4])
	}
	return at
}

// hello makes a row of a connection's first record.
func (s *stream) hello() {
	if len(s.requests) > 0 {
		return
	}
	s.requests = append(s.requests, transaction{})
	s.meter.rows.append(s.client.appendObservation(nil))
}

// message reads one header and answers its length with that of its body.
func (s *stream) message(side int, header []byte) int {
	contentLength := 0
	var host, contentType []byte
	lines := bufio.NewScanner(bytes.NewReader(header))
	lines.Scan()
	first := append([]byte(nil), lines.Bytes()...)
	for lines.Scan() {
		name, value, found := bytes.Cut(lines.Bytes(), []byte(":"))
		if !found {
			continue
		}
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("content-length")):
			contentLength, _ = strconv.Atoi(string(value))
		case bytes.EqualFold(name, []byte("host")):
			host = append([]byte(nil), value...)
		case bytes.EqualFold(name, []byte("content-type")):
			contentType = append([]byte(nil), value...)
		}
	}
	now := &s.meter.now
	parts := bytes.SplitN(first, []byte(" "), 3)
	if side == 0 {
		s.requests = append(s.requests, transaction{now.at, now.number, parts[0], parts[1], host})
	} else if len(s.requests) > 0 {
		request := s.requests[0]
		s.requests = s.requests[1:]
		s.client.at, s.client.number = request.at, request.number
		row := s.client.appendObservation(nil)
		row = appendUint(row, 2, 1)
		row = appendUint(row, 3, uint64(now.at.Sub(request.at)))
		row = appendUint(row, 4, now.number)
		row = appendText(row, 6, request.method)
		row = appendText(row, 7, request.target)
		row = appendText(row, 8, request.host)
		status, _ := strconv.Atoi(string(parts[1]))
		row = appendUint(row, 19, uint64(status))
		row = appendText(row, 23, contentType)
		row = appendUint(row, 24, uint64(contentLength))
		s.meter.rows.append(row)
	}
	return len(header) + contentLength
}
