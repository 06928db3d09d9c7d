# Two namespaces, `client` and `server`, joined by a veth pair called eth0 at both ends; sourced by each scenario.
#
#   client eth0 198.51.100.10, 2001:db8:53::10  ───  eth0 198.51.100.53, 2001:db8:53::53 server
#
# 198.51.100.99 and 2001:db8:53::99 have a neighbour entry and nobody behind it: packets leave and nothing comes back.
# The same holds for 198.51.100.98, for which a script answers.

client=wireloom-$$-client
server=wireloom-$$-server
# What a scenario adds to this list is gone with the two when it ends.
namespaces=("$client" "$server")
client4=198.51.100.10 client6=2001:db8:53::10
server4=198.51.100.53 server6=2001:db8:53::53
nobody4=198.51.100.99 nobody6=2001:db8:53::99
stranger4=198.51.100.98
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
chmod 755 "$work"
daemons=()

clean_up() {
  local status=$?
  trap - EXIT
  if ((${#daemons[@]})); then
    kill "${daemons[@]}" 2>/dev/null || true
    wait "${daemons[@]}" 2>/dev/null || true
  fi
  for namespace in "${namespaces[@]}"; do
    if ip netns pids "$namespace" >/dev/null 2>&1; then
      ip netns pids "$namespace" | xargs -r kill -KILL 2>/dev/null || true
      ip netns delete "$namespace"
    fi
  done
  if ((status)); then
    tail -n 30 "$work"/*.log >&2 || true
  fi
  rm -rf "$work"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

make_namespaces() {
  ip netns add "$client"
  ip netns add "$server"
  ip -n "$client" link add eth0 address 02:00:00:00:00:10 type veth peer name eth0 address 02:00:00:00:00:53 netns "$server"
  for namespace in "$client" "$server"; do
    # Without offloads, frames have the sizes and checksums that a wire would show.
    ip netns exec "$namespace" ethtool -K eth0 tx off rx off tso off gso off gro off >/dev/null 2>&1
    ip -n "$namespace" link set lo up
    ip -n "$namespace" link set eth0 up
  done
  ip -n "$client" address add "$client4/24" dev eth0
  ip -n "$server" address add "$server4/24" dev eth0
  ip -n "$client" address add "$client6/64" dev eth0 nodad
  ip -n "$server" address add "$server6/64" dev eth0 nodad
  for namespace in "$client" "$server"; do
    ip -n "$namespace" neighbour add "$nobody4" lladdr 02:00:00:00:00:99 dev eth0
    ip -n "$namespace" neighbour add "$stranger4" lladdr 02:00:00:00:00:98 dev eth0
    ip -n "$namespace" neighbour add "$nobody6" lladdr 02:00:00:00:00:99 dev eth0
    ip -n "$namespace" route add 224.0.0.0/4 dev eth0
  done
  # Duplicate address detection of the link-local addresses takes a second; not part of any scenario.
  until [[ -z $(ip -n "$client" -6 address show tentative; ip -n "$server" -6 address show tentative) ]]; do sleep 0.1; done
}

on_client() { ip netns exec "$client" "$@"; }
on_server() { ip netns exec "$server" "$@"; }

# start NAMESPACE COMMAND... : a daemon that ends with the script; its process is $!.
start() {
  ip netns exec "$@" >>"$work/$(basename "$2").log" 2>&1 &
  daemons+=($!)
}

# wait_for COMMAND... : until it succeeds, five seconds at most.
wait_for() {
  for _ in {1..50}; do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "gave up waiting for: $*" >&2
  return 1
}

# capture NAMESPACE PLUGIN/FILE COMMAND... : runs tcpdump (or dumpcap, for pcapng) with `capture_options` around COMMAND
# and puts the file where it belongs once it is whole.
capture_options=(-i eth0)
capture() {
  local namespace=$1 plugin=${2%%/*} file=${2#*/}
  shift 2
  local log=$work/capture.log raw=$work/raw
  if [[ $file == *.pcapng ]]; then
    ip netns exec "$namespace" dumpcap -q "${capture_options[@]}" -w "$raw" 2>"$log" &
  else
    ip netns exec "$namespace" tcpdump -Z root -U --immediate-mode -n "${capture_options[@]}" -w "$raw" 2>"$log" &
  fi
  local pid=$!
  wait_for grep -Eq 'listening on|^File: ' "$log"
  sleep 0.2
  "$@"
  sleep 0.5
  kill -INT "$pid"
  wait "$pid" || true
  if ! grep -Eq '^0 packets dropped by kernel|/0 \(pcap' "$log"; then
    cat "$log" >&2
    return 1
  fi
  mkdir -p "$CAPTURES_ROOT/$plugin/captures"
  install -m 644 "$raw" "$CAPTURES_ROOT/$plugin/captures/$file"
  echo "$plugin/captures/$file: $(capinfos -Mrc "$raw" | awk '/packets/ {print $NF}') frames, $(stat -c %s "$raw") bytes"
  rm -f "$raw"
}

# send NAMESPACE SOURCE SOURCE_PORT DESTINATION DESTINATION_PORT HEX... : one UDP datagram from a port of our choice.
send() {
  local namespace=$1
  shift
  ip netns exec "$namespace" node "$repository/test/captures/send-datagram.mjs" "$@"
}
