#!/usr/bin/env bash
# DNS: BIND 9 with a signed zone of its own, asked by dig, delv and nsupdate; dnsmasq for answers in IP fragments.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"
templates=$repository/test/captures/dns

make_zones() {
  cp "$templates/wireloom.example.zone" "$work/"
  printf '%s\n' '$TTL 300' '@ SOA ns1.wireloom.example. host.wireloom.example. 1 7200 3600 1209600 300' \
    '@ NS ns1.wireloom.example.' >"$work/plain.zone"
  cp "$work/plain.zone" "$work/plain.zone.dynamic"
  cat "$work/plain.zone" - >"$work/hashed.example.zone" <<<'www A 192.0.2.80'
  cat "$work/plain.zone" - >"$work/reverse.zone" <<<'80 PTR www.wireloom.example.'
  cat "$work/plain.zone" - >"$work/rpz.zone" <<<'blocked.example CNAME .'
  mkdir "$work/keys"
  local zone
  for zone in wireloom.example hashed.example; do
    dnssec-keygen -q -K "$work/keys" -a ECDSAP256SHA256 "$zone" >/dev/null
    dnssec-keygen -q -K "$work/keys" -a ECDSAP256SHA256 -f KSK "$zone" >"$work/ksk.$zone"
  done
  dnssec-signzone -q -S -K "$work/keys" -d "$work" -o wireloom.example "$work/wireloom.example.zone" >/dev/null
  dnssec-signzone -q -S -3 AABBCCDD -H 5 -K "$work/keys" -d "$work" -o hashed.example "$work/hashed.example.zone" >/dev/null
  # delv's trust anchor: the key-signing key of the zone.
  awk '/IN DNSKEY/ {printf "trust-anchors { \"%s\" static-key %s %s %s \"", $1, $4, $5, $6; for (i = 7; i <= NF; i++) printf "%s", $i; print "\"; };"}' \
    "$work/keys/$(<"$work/ksk.wireloom.example").key" >"$work/anchors"
}

# Answers of every kind are wanted, no answer too; dig's exit code says nothing here.
ask() { on_client dig +tries=1 +time=2 +nocookie +noidnin "$@" >>"$work/dig.log" 2>&1 || true; }

server_knows() { on_client dig +tries=1 +time=1 +nocookie @"$server4" "$@" | grep -q 'status: NOERROR'; }

# Header of 12 bytes (id, flags, counts), question `www.wireloom.example A IN`, answer with a pointer to the name.
www_question=(03777777 08776972656c6f6f6d 076578616d706c65 00 0001 0001)
www_answer=(c00c 0001 0001 0000003c 0004 c0000250)

record_types() {
  local question name
  for question in "www A" "www AAAA" "mapped AAAA" "alias A" "chain A" "alias CNAME" "@ NS" "@ SOA" "@ MX" "@ TXT" "@ CAA" \
    "@ HTTPS" "ptr PTR" "a.b.wild A" "leaf.tree A" "tree DNAME" "strings TXT" "_sip._udp SRV" "_none._tcp SRV" "_svc SVCB" \
    "_alias SVCB" "ech HTTPS" "enum NAPTR" "mystery TYPE65280" "empty TYPE65290" "www ANY +notcp"; do
    set -- $question
    [[ $1 == @ ]] && name=wireloom.example || name=$1.wireloom.example
    ask @"$server4" +noedns "$name" "${@:2}"
  done
  ask @"$server6" -x 192.0.2.80
  ask @"$server6" www.wireloom.example A
  ask @"$server6" long.wireloom.example TXT
  ask @"$server4" many.wireloom.example A
}

other_record_types() {
  local question
  for question in "hinfo HINFO" "rp RP" "loc LOC" "afsdb AFSDB" "sshfp SSHFP" "_443._tcp TLSA" "smime SMIMEA" "uri URI" "cert CERT" \
    "openpgp OPENPGPKEY" "kx KX" "apl APL" "eui48 EUI48" "eui64 EUI64" "csync CSYNC" "zonemd ZONEMD" "dhcid DHCID" \
    "ipseckey IPSECKEY" "nid NID" "l32 L32" "l64 L64" "lp LP" "hip HIP" "px PX" "x25 X25" "isdn ISDN" "rt RT" "gpos GPOS" \
    "minfo MINFO" "mb MB" "wks WKS" "spf SPF"; do
    set -- $question
    ask @"$server4" +noedns "$1.wireloom.example" "$2"
  done
}

dnssec() {
  ask @"$server4" +dnssec +nocookie www.wireloom.example A
  ask @"$server4" +dnssec wireloom.example DNSKEY
  ask @"$server4" +dnssec secure.wireloom.example DS
  ask @"$server4" +dnssec www.secure.wireloom.example A +norec
  ask @"$server4" +dnssec www.delegated.wireloom.example A +norec
  ask @"$server4" +dnssec nothing.wireloom.example A
  ask @"$server4" +dnssec www.wireloom.example MX
  ask @"$server4" +dnssec wireloom.example NSEC
  ask @"$server4" +dnssec nothing.hashed.example A
  ask @"$server4" +dnssec hashed.example NSEC3PARAM
  ask @"$server6" +dnssec +cdflag +adflag wireloom.example SOA
  on_client delv @"$server4" -a "$work/anchors" +root=wireloom.example www.wireloom.example A >>"$work/dig.log" 2>&1
}

edns() {
  ask @"$server4" +noedns www.wireloom.example A
  ask @"$server4" +edns=0 +bufsize=1400 www.wireloom.example A
  ask @"$server4" +edns=1 +noednsnegotiation www.wireloom.example A
  ask @"$server4" +subnet=192.0.2.17/24 www.wireloom.example A
  ask @"$server4" +subnet=2001:db8:1234::/47 www.wireloom.example A
  ask @"$server4" +subnet=0.0.0.0/0 www.wireloom.example A
  ask @"$server6" +nsid +expire www.wireloom.example SOA
  ask @"$server4" +ednsopt=65001:c0ffee +padding=128 www.wireloom.example A
  ask @"$server4" +ednsflags=0x4001 www.wireloom.example A
  # A client cookie alone is answered BADCOOKIE and a server cookie, with which dig asks again.
  ask @"$server4" +cookie www.wireloom.example A
  # Extended error 18, Prohibited.
  ask @"$server4" www.private.example A
  ask @"$server4" blocked.example A
  # With a text, which BIND 9.18 never sends: 15 (Blocked), "policy ü".
  send "$client" "$client4" 40010 "$stranger4" 53 5151 0100 0001 0000 0000 0001 "${www_question[@]}" 00 0029 04d0 00000000 0000
  send "$server" "$stranger4" 53 "$client4" 40010 5151 8183 0001 0000 0000 0001 "${www_question[@]}" 00 0029 04d0 00000000 \
    000f 000f 000b 000f 706f6c69637920c3bc
}

responses() {
  ask @"$server4" nothing.wireloom.example A
  ask @"$server6" nothing.wireloom.example AAAA
  ask @"$server4" www.wireloom.example MX
  ask @"$server4" +norec www.delegated.wireloom.example A
  ask @"$server4" www.private.example A
  ask @"$server4" +norec www.elsewhere.example A
  # A zone that the server could not load: SERVFAIL.
  ask @"$server4" www.broken.example A
  ask @"$server4" +opcode=IQUERY www.wireloom.example A
  ask @"$server4" +opcode=STATUS www.wireloom.example A
  ask @"$server4" +opcode=NOTIFY wireloom.example SOA
  ask @"$server4" +opcode=15 www.wireloom.example A
  ask @"$server4" version.bind CH TXT
  ask @"$server4" www.wireloom.example HS A
  ask @"$server4" +header-only
  local update
  for update in 'add new.dynamic.example. 60 A 192.0.2.200' $'prereq nxdomain new.dynamic.example.\nadd new.dynamic.example. 60 A 192.0.2.201' \
    $'prereq yxrrset other.dynamic.example. A\nadd new.dynamic.example. 60 A 192.0.2.202' \
    $'prereq nxrrset new.dynamic.example. A\nadd new.dynamic.example. 60 A 192.0.2.203' 'delete new.dynamic.example.'; do
    printf 'server %s\nzone dynamic.example.\n%s\nsend\n' "$server4" "$update" | on_client nsupdate >>"$work/dig.log" 2>&1 || true
  done
  printf 'server %s\nzone not-here.example.\nadd x.not-here.example. 60 A 192.0.2.1\nsend\n' "$server4" |
    on_client nsupdate >>"$work/dig.log" 2>&1 || true
}

names() {
  local name label63
  label63=$(printf 'x%.0s' {1..63})
  for name in 'a\.b' 'with\032space' '\000\255' 'quo\"te' 'back\\slash' 'bücher' 'semi\;colon\@\$\(\)' 'WwW' '_dns._udp' '*' 'tab\009' \
    'del\127' "$label63"; do
    ask @"$server4" "$name.wireloom.example" A
  done
  ask @"$server4" +norec . NS
  ask @"$server4" +norec example A
  # The longest name there is: 255 bytes, every one of them escaped as four characters.
  local longest='' length
  for length in 63 63 63 61; do
    longest+=$(printf '\\001%.0s' $(seq "$length")).
  done
  ask @"$server4" +norec "$longest" A
}

unanswered() {
  ask @"$nobody4" +tries=2 +time=1 silent.wireloom.example A
  ask @"$nobody6" +time=1 silent.wireloom.example AAAA
  # A response that nobody asked for.
  send "$server" "$server4" 53 "$client4" 40000 4242 8580 0001 0001 0000 0000 "${www_question[@]}" "${www_answer[@]}"
  send "$server" "$server6" 53 "$client6" 40000 4243 8580 0001 0001 0000 0000 "${www_question[@]}" "${www_answer[@]}"
  # One that comes twice, after a query that BIND answers too.
  send "$client" "$client4" 40001 "$server4" 53 4244 0100 0001 0000 0000 0000 "${www_question[@]}"
  sleep 0.2
  send "$server" "$server4" 5300 "$client4" 40001 4244 8580 0001 0001 0000 0000 "${www_question[@]}" "${www_answer[@]}"
  # A response whose id is another's.
  send "$client" "$client4" 40002 "$stranger4" 53 4245 0100 0001 0000 0000 0000 "${www_question[@]}"
  send "$server" "$stranger4" 53 "$client4" 40002 4f45 8580 0001 0001 0000 0000 "${www_question[@]}" "${www_answer[@]}"
  # The same query twice, as a stub that lost patience sends it, and one query again after its answer.
  send "$client" "$client4" 40003 "$nobody4" 53 4246 0100 0001 0000 0000 0000 "${www_question[@]}"
  send "$client" "$client4" 40003 "$nobody4" 53 4246 0100 0001 0000 0000 0000 "${www_question[@]}"
  send "$client" "$client4" 40001 "$server4" 53 4244 0100 0001 0000 0000 0000 "${www_question[@]}"
  # A port that nothing listens on: answered by ICMP, with the query inside.
  ask @"$client4" silent.wireloom.example A
}

# Forwarded to nobody: the server's own queries stay unanswered, and after ten seconds the client is told SERVFAIL.
late_failure() { ask @"$server4" +time=15 www.elsewhere.example A; }

truncated() {
  ask @"$server4" +noedns +ignore many.wireloom.example A
  ask @"$server4" +noedns many.wireloom.example A
  ask @"$server4" +bufsize=512 +dnssec wireloom.example DNSKEY
  ask @"$server6" +tcp www.wireloom.example A
}

fragments() {
  ask @"$server4" +bufsize=4096 +ignore big.wireloom.example TXT
  ask @"$server6" +bufsize=4096 +ignore big.wireloom.example TXT
}

few() {
  ask @"$server4" www.wireloom.example A
  ask @"$server6" www.wireloom.example AAAA
  ask @"$server4" many.wireloom.example A
  ask @"$server4" nothing.wireloom.example A
  ask @"$server4" strings.wireloom.example TXT
}

# VLAN 100, and VLAN 7 inside service VLAN 200 (802.1ad), with addresses of their own.
add_vlans() {
  local namespace host
  for namespace in "$client" "$server"; do
    host=$([[ $namespace == "$client" ]] && echo 10 || echo 53)
    start "$namespace" python3 "$repository/test/captures/vlan-tap.py" vlan100 8100:100
    start "$namespace" python3 "$repository/test/captures/vlan-tap.py" vlan7 88a8:200 8100:7
    for device in vlan100 vlan7; do
      wait_for ip -n "$namespace" link set "$device" up
      ip netns exec "$namespace" ethtool -K "$device" tx off >/dev/null 2>&1
    done
    ip -n "$namespace" address add "10.100.0.$host/24" dev vlan100
    ip -n "$namespace" address add "2001:db8:100::$host/64" dev vlan100 nodad
    ip -n "$namespace" address add "10.107.0.$host/24" dev vlan7
  done
}

tagged() {
  ask @10.100.0.53 www.wireloom.example A
  ask @2001:db8:100::53 www.wireloom.example AAAA
  ask @10.107.0.53 www.wireloom.example A
  ask @"$server4" www.wireloom.example A
}

local_queries() {
  on_server dig +tries=1 +time=2 +nocookie @127.0.0.1 www.wireloom.example A >>"$work/dig.log"
  on_server dig +tries=1 +time=2 +nocookie @::1 www.wireloom.example AAAA >>"$work/dig.log"
}

local_and_remote() { local_queries; few; }

make_namespaces
add_vlans
ip -n "$server" address add "$stranger4/32" dev lo
make_zones
sed "s|@WORK@|$work|" "$templates/named.conf" >"$work/named.conf"
start "$server" named -g -n 1 -c "$work/named.conf"
named=$!
wait_for server_knows wireloom.example SOA

capture "$client" dns/record-types.pcap record_types
capture "$client" dns/other-record-types.pcap other_record_types
capture "$client" dns/dnssec.pcap dnssec
capture "$client" dns/edns.pcap edns
capture "$server" dns/responses.pcap responses
capture "$client" dns/names.pcap names
capture "$client" dns/unanswered.pcap unanswered
capture "$client" dns/truncated.pcap truncated
capture "$client" dns/vlan.pcap tagged
capture "$server" dns/late-failure.pcap late_failure
capture_options=(-i eth0 -s 80)
capture "$client" dns/snap-length-80.pcap few
capture_options=(-i eth0 --time-stamp-precision=nano)
capture "$client" dns/nanoseconds.pcap few
capture_options=(-i lo)
capture "$server" dns/loopback.pcap local_queries
capture_options=(-i any)
capture "$server" dns/any-sll2.pcap local_and_remote
capture_options=(-i any -y LINUX_SLL)
capture "$server" dns/any-sll.pcap local_and_remote
capture_options=(-i eth0 -i lo)
capture "$server" dns/two-interfaces.pcapng local_and_remote

# BIND never lets an answer be fragmented; dnsmasq does.
kill "$named"
wait "$named" || true
mapfile -t strings < <(printf -- '%s\n' {a..j}"$(printf 'y%.0s' {1..240})")
start "$server" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --no-resolv --no-hosts --pid-file= \
  --edns-packet-max=4096 --txt-record="big.wireloom.example$(printf ',%s' "${strings[@]}")"
wait_for server_knows big.wireloom.example TXT
capture_options=(-i eth0)
capture "$client" dns/fragments.pcap fragments
