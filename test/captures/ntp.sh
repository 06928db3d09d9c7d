#!/usr/bin/env bash
# NTP: chrony at both ends, never touching the host's clock (`-x`).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"

# chrony NAMESPACE NAME DIRECTIVE... : a daemon with this configuration.
chrony() {
  local namespace=$1 name=$2
  shift 2
  printf '%s\n' "pidfile $work/$name.pid" 'cmdport 0' "$@" >"$work/$name.conf"
  start "$namespace" chronyd -x -d -u root -f "$work/$name.conf"
  chronies+=($!)
}

# Ends the daemons of the scenario before.
chronies=()
end_chronies() {
  ((${#chronies[@]})) || return 0
  kill "${chronies[@]}" 2>/dev/null || true
  wait "${chronies[@]}" 2>/dev/null || true
  chronies=()
}

# One client at a time: a burst of four, of version 4, of version 3, and over IPv6 in interleaved mode.
client_server() {
  local source
  for source in "$server4 iburst" "$server4 iburst version 3" "$server6 iburst xleave"; do
    chrony "$client" client "server $source minpoll 0 maxpoll 0"
    sleep 4
    end_chronies
  done
}

# A server that has no time itself says so: leap 3, stratum 0.
unsynchronized() {
  chrony "$client" client "server $server4 iburst minpoll 0 maxpoll 0"
  sleep 4
  end_chronies
}

symmetric() {
  chrony "$client" client "peer $server4 minpoll 0 maxpoll 0" 'local stratum 10' "allow $server4"
  chrony "$server" peer "peer $client4 minpoll 0 maxpoll 0" 'local stratum 5' "allow $client4"
  sleep 6
  end_chronies
}

# A peer that the other side does not know: answered in mode 2, symmetric passive.
passive() {
  chrony "$client" client "peer $server4 minpoll 0 maxpoll 0" 'local stratum 10'
  sleep 4
  end_chronies
}

broadcast() {
  chrony "$server" server 'local stratum 3' 'allow' 'broadcast 1 198.51.100.255' 'broadcast 1 ff02::101'
  sleep 5
  end_chronies
}

# A key makes the packet longer than the 48 bytes of the header.
authenticated() {
  echo '1 SHA1 HEX:0123456789abcdef0123456789abcdef01234567' >"$work/keys"
  chrony "$server" server 'local stratum 3' 'allow' "keyfile $work/keys"
  chrony "$client" client "server $server4 iburst key 1 minpoll 0 maxpoll 0" "keyfile $work/keys"
  sleep 4
  end_chronies
}

unanswered() {
  chrony "$client" client "server $nobody4 iburst minpoll 0 maxpoll 0" "server $nobody6 iburst minpoll 0 maxpoll 0"
  sleep 4
  end_chronies
}

make_namespaces
chrony "$server" server 'allow'
server_pid=${chronies[0]} chronies=()
sleep 0.5
capture "$client" ntp/unsynchronized.pcap unsynchronized
kill "$server_pid"
wait "$server_pid" || true

chrony "$server" server 'local stratum 3' 'allow'
server_pid=${chronies[0]} chronies=()
sleep 0.5
capture "$client" ntp/client-server.pcap client_server
capture_options=(-i any)
capture "$server" ntp/any-sll2.pcap unsynchronized
capture_options=(-i eth0 -s 80)
capture "$client" ntp/snap-length-80.pcap unsynchronized
capture_options=(-i eth0)
capture "$client" ntp/passive.pcap passive
kill "$server_pid"
wait "$server_pid" || true

capture "$client" ntp/symmetric.pcap symmetric
capture "$client" ntp/broadcast.pcap broadcast
capture "$client" ntp/authenticated.pcap authenticated
capture "$client" ntp/unanswered.pcap unanswered
