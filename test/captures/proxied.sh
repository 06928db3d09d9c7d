#!/usr/bin/env bash
# Clients of HAProxy, which says who they are in PROXY headers of both versions; nginx behind it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"

proxy4=192.0.2.1 proxy6=2001:db8:7::1
visitor4=192.0.2.7 visitor6=2001:db8:7::7

from_visitor() { on_client curl --silent --no-progress-meter --max-time 20 --noproxy '*' "$@" >/dev/null; }

proxied() {
  from_visitor --interface "$visitor4" --local-port 50001 "http://$proxy4:8001/one"
  from_visitor --interface "$visitor6" --local-port 50002 "http://[$proxy6]:8001/two"
  from_visitor --interface "$visitor4" --local-port 50003 "http://$proxy4:8002/three" "http://$proxy4:8002/four"
  from_visitor --interface "$visitor6" --local-port 50004 "http://[$proxy6]:8002/five"
}

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
    listen 80 proxy_protocol;
    listen 9000 proxy_protocol;
    return 200 "\$proxy_protocol_addr \$proxy_protocol_port\n";
  }
}
CONF
cat >"$work/haproxy.cfg" <<CONF
defaults
  mode tcp
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen version1
  bind $proxy4:8001
  bind $proxy6:8001
  server nginx $server4:80 send-proxy
listen version2
  bind $proxy4:8002
  bind $proxy6:8002
  server nginx $server4:9000 send-proxy-v2
CONF

make_namespaces
for address in "$proxy4/32" "$visitor4/32"; do ip -n "$client" address add "$address" dev lo; done
for address in "$proxy6/128" "$visitor6/128"; do ip -n "$client" address add "$address" dev lo nodad; done
start "$server" nginx -c "$work/nginx.conf" -e stderr
start "$client" haproxy -db -f "$work/haproxy.cfg"
wait_for on_client curl --silent --noproxy '*' "http://$proxy4:8002/"

capture "$client" http/proxied.pcap proxied
