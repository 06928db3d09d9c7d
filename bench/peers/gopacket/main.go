// gopacket-peer makes Wireloom's rows of a capture file with gopacket, as the peer in benchmarks: DecodingLayerParser with reused
// layers on one goroutine, rows encoded with protowire. It prints packets, rows, bytes and seconds.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gopacket-peer dns|dns-messages|flow|http|tls FILE")
		os.Exit(2)
	}
	runtime.GOMAXPROCS(1)
	file, err := os.Open(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	reader, err := pcapgo.NewReader(bufio.NewReaderSize(file, 4<<20))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	started := time.Now()
	rows := &rowWriter{}
	packets, payload := decode(os.Args[1], reader, rows)
	seconds := time.Since(started).Seconds()
	fmt.Printf("packets %d rows %d bytes %d payload %d seconds %.4f\n",
		packets, rows.rows, rows.bytes+uint64(len(rows.batch)), payload, seconds)
}

// decode takes every packet of the reader through the meter that mode names; it answers packets and reassembled payload bytes.
func decode(mode string, reader *pcapgo.Reader, rows *rowWriter) (packets, payload uint64) {
	var ethernet layers.Ethernet
	var ip4 layers.IPv4
	var ip6 layers.IPv6
	var udp layers.UDP
	var tcp layers.TCP
	var dns layers.DNS
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet, &ethernet, &ip4, &ip6, &udp, &tcp)
	if mode == "dns" || mode == "dns-messages" {
		parser.AddDecodingLayer(&dns)
	}
	parser.IgnoreUnsupported = true
	decoded := make([]gopacket.LayerType, 0, 8)
	dnsRows := newDNSMeter(rows)
	flowRows := newFlowMeter(rows)
	streams := newStreamMeter(mode, rows)
	p := &packet{}
	for {
		data, info, err := reader.ZeroCopyReadPacketData()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		packets++
		if parser.DecodeLayers(data, &decoded) != nil {
			continue
		}
		p.at, p.number, p.length = info.Timestamp, packets, info.Length
		isDNS := false
		isTCP := false
		for _, layer := range decoded {
			switch layer {
			case layers.LayerTypeIPv4:
				p.src, p.dst, p.protocol = ip4.SrcIP, ip4.DstIP, uint8(ip4.Protocol)
			case layers.LayerTypeIPv6:
				p.src, p.dst, p.protocol = ip6.SrcIP, ip6.DstIP, uint8(ip6.NextHeader)
			case layers.LayerTypeUDP:
				p.srcPort, p.dstPort = uint16(udp.SrcPort), uint16(udp.DstPort)
			case layers.LayerTypeTCP:
				p.srcPort, p.dstPort = uint16(tcp.SrcPort), uint16(tcp.DstPort)
				isTCP = true
			case layers.LayerTypeDNS:
				isDNS = true
			}
		}
		switch {
		case mode == "dns" && isDNS:
			p.setConversation()
			dnsRows.message(p, &dns)
		case mode == "dns-messages" && isDNS:
			appendMessage(rows, p, &dns)
		case mode == "flow":
			p.setConversation()
			flowRows.packet(p, &tcp, isTCP)
		case (mode == "http" || mode == "tls") && isTCP:
			streams.segment(p, ip4.NetworkFlow(), &tcp)
		}
	}
	dnsRows.finish()
	flowRows.finish()
	return packets, streams.finish()
}
