#!/usr/bin/env bash
# Conversations of many kinds: nginx and curl over both IP versions, ping, ICMP errors.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"

fetch() { on_client curl --silent --no-progress-meter --max-time 20 --noproxy '*' "$@" >/dev/null 2>&1 || true; }

web() {
  fetch "http://$server4/" "http://$server4/page?x=1"
  fetch "http://[$server6]/"
  fetch --head "http://$server4/"
  fetch --data 'a=1&b=2' "http://$server4/"
  fetch "http://$server4/twenty"
  # Two at once: distinct ports.
  fetch --parallel "http://$server4/page" "http://[$server6]/page"
}

endings() {
  # Nobody listens: SYN and RST.
  fetch "http://$server4:81/"
  fetch "http://[$server6]:81/"
  # Accepted, then reset by the server.
  fetch "http://$server4/reset"
  # Nobody there: SYN and its repetitions.
  fetch --connect-timeout 2 "http://$nobody4/"
  # The client leaves in the middle of an answer.
  fetch --max-time 0.5 "http://$server4/slow"
  # Opened and closed with no data.
  on_client bash -c "exec 3<>/dev/tcp/$server4/80"
}

# About ten seconds of one connection at 4 KB a second, with a pause of three in the middle of the capture's other traffic.
long_lived() {
  fetch "http://$server4/slow" &
  local download=$!
  on_client ping -q -c 3 -i 0.2 "$server4" >/dev/null
  sleep 4
  on_client ping -q -c 3 -i 0.2 "$server4" >/dev/null
  wait "$download"
}

icmp() {
  on_client ping -q -c 3 -i 0.2 "$server4" >/dev/null
  on_client ping -q -c 3 -i 0.2 "$server6" >/dev/null
  # Fragments: more than the 1500 bytes of a frame.
  on_client ping -q -c 2 -i 0.2 -s 4000 "$server4" >/dev/null
  on_client ping -q -c 2 -i 0.2 -s 4000 "$server6" >/dev/null
  # Port unreachable, with the datagram inside the ICMP message.
  send "$client" "$client4" 40000 "$server4" 9999 68656c6c6f
  send "$client" "$client6" 40000 "$server6" 9999 68656c6c6f
  on_client ping -q -c 2 -i 0.2 -W 1 "$nobody4" >/dev/null || true
  # A UDP datagram in fragments, and the port unreachable that it gets.
  send "$client" "$client4" 40001 "$server4" 9999 "$(printf '61%.0s' {1..3000})"
  send "$client" "$client6" 40001 "$server6" 9999 "$(printf '61%.0s' {1..3000})"
}

few() {
  fetch "http://$server4/page"
  fetch "http://[$server6]/page"
  on_client ping -q -c 2 -i 0.2 "$server4" >/dev/null
  on_client dig +tries=1 +time=2 @"$server4" www.wireloom.example A >>"$work/dig.log" || true
}

on_loopback() {
  on_server curl --silent --noproxy '*' http://127.0.0.1/ 'http://[::1]/' >/dev/null
  few
}

mkdir "$work/html"
printf '<!doctype html><title>Wireloom</title>\n' | tee "$work/html/index.html" >"$work/html/page"
head -c 20000 /dev/zero | tr '\0' 'x' >"$work/html/twenty"
head -c 32768 /dev/zero | tr '\0' 's' >"$work/html/slow"
cat >"$work/nginx.conf" <<CONF
user root;
daemon off;
worker_processes 1;
pid $work/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path $work;
  proxy_temp_path $work;
  fastcgi_temp_path $work;
  scgi_temp_path $work;
  uwsgi_temp_path $work;
  reset_timedout_connection on;
  server {
    listen 80;
    listen [::]:80;
    root $work/html;
    error_page 405 =200 \$uri;
    location /reset { return 444; }
    location /slow { limit_rate 4k; }
  }
}
CONF

make_namespaces
start "$server" nginx -c "$work/nginx.conf" -e stderr
start "$server" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --no-resolv --no-hosts --pid-file= \
  --address=/www.wireloom.example/192.0.2.80
wait_for on_client curl --silent --noproxy '*' "http://$server4/"

capture "$client" flow/web.pcap web
capture "$client" flow/endings.pcap endings
capture "$client" flow/long-lived.pcap long_lived
capture "$client" flow/icmp.pcap icmp
capture_options=(-i eth0 -s 80)
capture "$client" flow/snap-length-80.pcap few
capture_options=(-i any)
capture "$server" flow/any-sll2.pcap on_loopback
capture_options=(-i eth0 -i lo)
capture "$server" flow/two-interfaces.pcapng on_loopback
