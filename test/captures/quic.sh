#!/usr/bin/env bash
# QUIC: a server and a client made with quic-go, and Chromium as a client.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"
peer=$work/peer

daemon=
serve() {
  stop
  start "$server" "$peer" -certificate "$work/certificate.pem" -key "$work/key.pem" "$@"
  daemon=$!
  sleep 0.2
}
stop() {
  [[ -z $daemon ]] && return
  kill "$daemon" 2>/dev/null || true
  wait "$daemon" 2>/dev/null || true
  daemon=
}
# ask OPTIONS... : a client; most failures are wanted.
ask() { on_client timeout 8 "$peer" "$@" >>"$work/client.log" 2>&1 || true; }

versions() {
  serve -listen ":443" -versions 1,29 -alpn loom,h3
  ask -connect "$server4:443" -name www.wireloom.example
  ask -connect "[$server6]:443" -name www.wireloom.example -alpn h3,loom -datagrams
  ask -connect "$server4:443" -versions 29 -id-length 6
  # A port that no plugin is bound to.
  serve -listen ":4434"
  ask -connect "$server4:4434" -name other.wireloom.example
  stop
}

resumption() {
  serve -listen ":443"
  ask -connect "$server4:443" -name www.wireloom.example -connections 3 -early
  stop
}

retries() {
  serve -listen ":443" -retry
  ask -connect "$server4:443" -name www.wireloom.example -connections 2
  serve -listen ":443" -other-group
  ask -connect "$server4:443" -name www.wireloom.example
  stop
}

failures() {
  serve -listen ":443"
  ask -connect "$server4:443" -name www.wireloom.example -alpn h3
  # None of the client's versions.
  ask -connect "$server4:443" -name www.wireloom.example -versions 29
  stop
  ask -connect "$server4:443" -name www.wireloom.example
  ask -connect "$nobody4:443" -name nobody.wireloom.example
}

# Its ClientHello takes two packets, in pieces out of order.
browser() {
  serve -listen ":443" -alpn h3
  local fingerprint
  fingerprint=$(openssl x509 -in "$work/certificate.pem" -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64)
  on_client timeout -k 1 6 chromium --headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run \
    --user-data-dir="$work/browser" --origin-to-force-quic-on=www.wireloom.example:443 \
    --host-resolver-rules="MAP www.wireloom.example $server4" \
    --ignore-certificate-errors-spki-list="$fingerprint" --dump-dom https://www.wireloom.example/ >>"$work/client.log" 2>&1 || true
  stop
}

one() {
  serve -listen ":443"
  ask -connect "$server4:443" -name www.wireloom.example
  stop
}

GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/cache" go build -o "$peer" "$repository/test/captures/quic/peer.go"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=www.wireloom.example -days 3650 \
  -addext subjectAltName=DNS:www.wireloom.example -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
make_namespaces
capture "$client" quic/versions.pcap versions
capture "$client" quic/resumption.pcap resumption
capture "$client" quic/retries.pcap retries
capture "$client" quic/failures.pcap failures
capture_options=(-i eth0 udp port 443)
capture "$client" quic/browser.pcap browser
capture_options=(-i eth0 src host "$client4")
capture "$client" quic/client-only.pcap one
capture_options=(-i eth0 src host "$server4")
capture "$client" quic/server-only.pcap one
