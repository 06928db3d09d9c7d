#!/usr/bin/env bash
# HTTP/1: nginx and Node's server, curl and hand-made requests; with losses too.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"
tools=$repository/test/captures/http
node_port=8080

fetch() { on_client curl --silent --no-progress-meter --max-time 20 --noproxy '*' "$@" >/dev/null 2>&1 || true; }
from_node() { local path=$1; shift; fetch "$@" "http://$server4:$node_port$path"; }
through_proxy() { on_client curl --silent --no-progress-meter --max-time 20 "$@" >/dev/null 2>&1 || true; }
pieces() { on_client node "$tools/send-pieces.mjs" "$server4" "$@"; }

transactions() {
  fetch "http://$server4/" "http://$server4/page?x=1&y=%20" "http://[$server6]/page"
  fetch --head "http://$server4/"
  fetch --data 'a=1&b=2' --referer "http://$server4/" --user-agent 'Wireloom capture' "http://$server4/"
  fetch --range 100-199 "http://$server4/twenty"
  fetch --header 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT' "http://$server4/page"
  fetch --http1.0 "http://$server4/page"
  fetch "http://$server4/nowhere" --request OPTIONS
  fetch --header 'X-Forwarded-For: 192.0.2.7' --header 'Accept-Language: sw' "http://$server4/page"
}

framings() {
  local path
  for path in /chunked /gzip /close /hints /processing /nothing /unchanged /elsewhere; do from_node "$path"; done
  head -c 3000 /dev/zero | tr '\0' 'u' >"$work/upload"
  from_node /upload --data-binary "@$work/upload" --header 'Expect: 100-continue'
  from_node /upload --data-binary "@$work/upload" --header 'Transfer-Encoding: chunked'
  from_node /chunked --http1.0
  from_node /chunked --head
  from_node /reset
}

credentials() {
  from_node /page --user 'alice:wonderland'
  from_node '/page?user=alice&password=wonderland&page=2'
  from_node /moved
  from_node /cookie --cookie 'session=secret'
  from_node /page --oauth2-bearer 'abc.def'
  through_proxy --proxy "http://bob:builder@$server4:$node_port" 'http://carol:carrots@server/page'
}

pipelined() {
  pieces 80 'GET /page HTTP/1.1\r\nHost: a\r\n\r\nGET /twenty HTTP/1.1\r\nHost: b\r\n\r\nHEAD /page HTTP/1.1\r\nHost: c\r\n\r\n'
  # In pieces that end anywhere.
  pieces 80 'GE' 'T /page HT' 'TP/1.1\r\nHost: in-pieces\r' '\n' '\r' '\nGET /none HTTP/1.1\nHost: line-feeds\n\n'
  pieces 80 'POST /page HTTP/1.1\r\nHost: d\r\nContent-Length: 5\r\n\r\nhel' 'loGET /page HTTP/1.1\r\nHost: e\r\n\r\n'
}

switched() {
  from_node /page --header 'Connection: Upgrade' --header 'Upgrade: echo'
  through_proxy --proxytunnel --proxy "http://$server4:$node_port" "http://127.0.0.1:$node_port/chunked"
}

# Frames taken out of what `losses` captured: the middle of a body, and the header of a response.
without_frames() {
  editcap "$CAPTURES_ROOT/http/captures/$1" "$work/fewer" "${@:2}"
  install -m 644 "$work/fewer" "$CAPTURES_ROOT/http/captures/$1"
}

losses() { fetch "http://$server4/twenty" "http://$server4/page" "http://$server4/page"; }

mkdir "$work/html"
printf '<!doctype html><title>Wireloom</title>\n' | tee "$work/html/index.html" >"$work/html/page"
head -c 20000 /dev/zero | tr '\0' 'x' >"$work/html/twenty"
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
  server {
    listen 80;
    listen [::]:80;
    root $work/html;
    error_page 405 =200 \$uri;
  }
}
CONF

make_namespaces
start "$server" nginx -c "$work/nginx.conf" -e stderr
start "$server" node "$tools/server.mjs" "$node_port"
wait_for on_client curl --silent --noproxy '*' "http://$server4/"
wait_for on_client curl --silent --noproxy '*' "http://$server4:$node_port/"

capture "$client" http/transactions.pcap transactions
capture "$client" http/framings.pcap framings
capture "$client" http/credentials.pcap credentials
capture "$client" http/pipelined.pcap pipelined
capture "$client" http/switched.pcap switched
capture "$client" http/losses.pcap losses
response=$(tshark -n -r "$CAPTURES_ROOT/http/captures/losses.pcap" -Y 'tcp.payload[0:5] == "HTTP/"' -T fields -e frame.number 2>/dev/null | sed -n 2p)
without_frames losses.pcap 10 "$response"
