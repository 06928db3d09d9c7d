package main

import "google.golang.org/protobuf/encoding/protowire"

// rowWriter holds a batch of rows in the wire form of `repeated Event rows = 1`, and empties it as an agent would.
type rowWriter struct {
	batch []byte
	rows  uint64
	bytes uint64
}

const batchBytes = 1 << 20

func (w *rowWriter) append(row []byte) {
	w.batch = append(w.batch, 10)
	w.batch = protowire.AppendBytes(w.batch, row)
	w.rows++
	if len(w.batch) >= batchBytes {
		w.bytes += uint64(len(w.batch))
		w.batch = w.batch[:0]
	}
}

func appendUint(b []byte, field protowire.Number, value uint64) []byte {
	if value == 0 {
		return b
	}
	b = protowire.AppendTag(b, field, protowire.VarintType)
	return protowire.AppendVarint(b, value)
}

func appendBool(b []byte, field protowire.Number, value bool) []byte {
	b = protowire.AppendTag(b, field, protowire.VarintType)
	return protowire.AppendVarint(b, protowire.EncodeBool(value))
}

func appendText(b []byte, field protowire.Number, value []byte) []byte {
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return protowire.AppendBytes(b, value)
}

func appendString(b []byte, field protowire.Number, value string) []byte {
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return protowire.AppendString(b, value)
}
