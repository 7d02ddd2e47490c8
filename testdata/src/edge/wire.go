package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"log"
	"os"
	"strings"
)

// A message collects the fields of one protobuf message.
type message []byte

func (m *message) varint(v uint64) { *m = binary.AppendUvarint(*m, v) }

// num writes a number; zero is left out, as protobuf writers do.
func (m *message) num(field int, v int64) {
	if v != 0 {
		m.varint(uint64(field) << 3)
		m.varint(uint64(v))
	}
}

func (m *message) bytes(field int, b []byte) {
	m.varint(uint64(field)<<3 | 2)
	m.varint(uint64(len(b)))
	*m = append(*m, b...)
}

// nums writes a repeated number, packed or one field a number.
func (m *message) nums(field int, unpacked bool, vs []int64) {
	var body message
	for _, v := range vs {
		if unpacked {
			m.varint(uint64(field) << 3)
			m.varint(uint64(v))
		}
		body.varint(uint64(v))
	}
	if !unpacked && len(vs) > 0 {
		m.bytes(field, body)
	}
}

// A profile is written as it is described: nothing is checked, nothing is
// sorted. Field numbers are those of profile.proto.
type profile struct {
	body      message
	table     []string
	index     map[string]int64
	maps      int64
	functions int64
	locations int64
	unpacked  bool // repeated numbers one field a number
}

func newProfile(types ...string) *profile {
	p := &profile{table: []string{""}, index: map[string]int64{"": 0}}
	for _, t := range types {
		p.body.bytes(1, p.valueType(t))
	}
	return p
}

func (p *profile) str(s string) int64 {
	i, ok := p.index[s]
	if !ok {
		i = int64(len(p.table))
		p.table = append(p.table, s)
		p.index[s] = i
	}
	return i
}

// valueType takes "type/unit".
func (p *profile) valueType(s string) (m message) {
	kind, unit, _ := strings.Cut(s, "/")
	m.num(1, p.str(kind))
	m.num(2, p.str(unit))
	return m
}

// period, times and texts of the profile as a whole.
func (p *profile) period(kind string, every int64) {
	p.body.bytes(11, p.valueType(kind))
	p.body.num(12, every)
}

func (p *profile) times(start, duration int64) {
	p.body.num(9, start)
	p.body.num(10, duration)
}

func (p *profile) comments(texts ...string) {
	for _, t := range texts {
		p.body.nums(13, p.unpacked, []int64{p.str(t)})
	}
}

func (p *profile) text(field int, s string) { p.body.num(field, p.str(s)) }

const (
	dropFrames    = 7
	keepFrames    = 8
	defaultType   = 14
	docURL        = 15
	hasFunctions  = 1 << 7
	hasFilenames  = 1 << 8
	hasLines      = 1 << 9
	hasInlines    = 1 << 10
	hasEverything = hasFunctions | hasFilenames | hasLines | hasInlines
)

func (p *profile) mapping(start, limit, offset int64, file, build string, has int) int64 {
	p.maps++
	var m message
	m.num(1, p.maps)
	m.num(2, start)
	m.num(3, limit)
	m.num(4, offset)
	m.num(5, p.str(file))
	m.num(6, p.str(build))
	for field := 7; field <= 10; field++ {
		m.num(field, int64(has>>field&1))
	}
	p.body.bytes(3, m)
	return p.maps
}

// function takes the name, and if they differ or exist the system name and file.
func (p *profile) function(start int64, name string, more ...string) int64 {
	p.functions++
	system, file := name, ""
	if len(more) > 0 {
		system = more[0]
	}
	if len(more) > 1 {
		file = more[1]
	}
	var m message
	m.num(1, p.functions)
	m.num(2, p.str(name))
	m.num(3, p.str(system))
	m.num(4, p.str(file))
	m.num(5, start)
	p.body.bytes(5, m)
	return p.functions
}

// plain makes functions whose system name is their name, one after the other.
func (p *profile) plain(file string, names ...string) (ids []int64) {
	for i, name := range names {
		ids = append(ids, p.function(int64(10*i+5), name, name, file))
	}
	return ids
}

type line struct{ function, line, column int64 }

// location takes its lines innermost first, as the format has them.
func (p *profile) location(mapping, address int64, lines ...line) int64 {
	return p.locationFolded(false, mapping, address, lines...)
}

func (p *profile) locationFolded(folded bool, mapping, address int64, lines ...line) int64 {
	p.locations++
	var m message
	m.num(1, p.locations)
	m.num(2, mapping)
	m.num(3, address)
	for _, l := range lines {
		var lm message
		lm.num(1, l.function)
		lm.num(2, l.line)
		lm.num(3, l.column)
		m.bytes(4, lm)
	}
	if folded {
		m.num(5, 1)
	}
	p.body.bytes(4, m)
	return p.locations
}

type label struct {
	key, text string
	number    int64
	unit      string
}

// sample takes its stack leaf first.
func (p *profile) sample(stack, values []int64, labels ...label) {
	var m message
	m.nums(1, p.unpacked, stack)
	m.nums(2, p.unpacked, values)
	for _, l := range labels {
		var lm message
		lm.num(1, p.str(l.key))
		lm.num(2, p.str(l.text))
		lm.num(3, l.number)
		lm.num(4, p.str(l.unit))
		m.bytes(3, lm)
	}
	p.body.bytes(2, m)
}

func (p *profile) encode() []byte {
	out := p.body
	for _, s := range p.table {
		out.bytes(6, []byte(s))
	}
	return out
}

// write compresses what ends in .gz.
func (p *profile) write(name string) {
	data := p.encode()
	if strings.HasSuffix(name, ".gz") {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(data)
		z.Close()
		data = b.Bytes()
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		log.Fatal(err)
	}
}
