package main

import (
	"time"

	"github.com/google/gopacket/layers"
	"google.golang.org/protobuf/encoding/protowire"
)

const (
	idleTimeout   = 60 * time.Second
	activeTimeout = 300 * time.Second
)

type flow struct {
	first       packet
	src, dst    [16]byte
	last        time.Time
	packets     [2]uint64
	bytes       [2]uint64
	flags       [2]uint8
	isFromLower bool
}

// flowMeter counts packets and bytes of each conversation in both directions, with the timeouts of plugins/flow.
type flowMeter struct {
	rows  *rowWriter
	flows map[conversation]*flow
}

func newFlowMeter(rows *rowWriter) *flowMeter {
	return &flowMeter{rows: rows, flows: make(map[conversation]*flow)}
}

func (m *flowMeter) packet(p *packet, tcp *layers.TCP, isTCP bool) {
	f := m.flows[p.conversation]
	if f != nil && (p.at.Sub(f.last) >= idleTimeout || p.at.Sub(f.first.at) >= activeTimeout) {
		m.emit(f)
		f = nil
	}
	if f == nil {
		f = &flow{first: *p, isFromLower: p.isFromLower}
		n := copy(f.src[:], p.src)
		copy(f.dst[:], p.dst)
		f.first.src, f.first.dst = f.src[:n], f.dst[:n]
		m.flows[p.conversation] = f
	}
	side := 0
	if p.isFromLower != f.isFromLower {
		side = 1
	}
	f.last = p.at
	f.packets[side]++
	f.bytes[side] += uint64(p.length)
	if isTCP {
		f.flags[side] |= tcp.Contents[13]
	}
}

func (m *flowMeter) finish() {
	for _, f := range m.flows {
		m.emit(f)
	}
}

func (m *flowMeter) emit(f *flow) {
	row := f.first.appendObservation(nil)
	row = protowire.AppendTag(row, 2, protowire.Fixed64Type)
	row = protowire.AppendFixed64(row, uint64(f.last.UnixNano()))
	row = appendUint(row, 3, uint64(f.last.Sub(f.first.at)))
	row = appendUint(row, 5, f.packets[0])
	row = appendUint(row, 6, f.packets[1])
	row = appendUint(row, 7, f.bytes[0])
	row = appendUint(row, 8, f.bytes[1])
	row = appendUint(row, 9, uint64(f.flags[0]))
	row = appendUint(row, 10, uint64(f.flags[1]))
	row = appendUint(row, 11, 4)
	row = appendUint(row, 12, 1)
	m.rows.append(row)
	delete(m.flows, f.first.conversation)
}
