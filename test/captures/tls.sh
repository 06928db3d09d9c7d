#!/usr/bin/env bash
# TLS and DTLS: OpenSSL, GnuTLS, nginx and curl, with certificates of every kind.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/namespaces.sh"
configuration=$repository/test/captures/tls/certificates.cnf
keys=$work/keys

# certify NAME ISSUER EXTENSIONS SUBJECT_SECTION GENPKEY_OPTIONS... : a key and a certificate; the issuer `self` signs itself.
certify() {
  local name=$1 issuer=$2 extensions=$3 section=$4
  shift 4
  openssl genpkey -quiet "$@" -out "$keys/$name.key"
  local subject=()
  [[ $section == /* ]] && subject=(-subj "$section")
  sed "s/^distinguished_name = .*/distinguished_name = ${section/#\/*/plain}/" "$configuration" >"$work/request.cnf"
  if [[ $issuer == self ]]; then
    openssl req -x509 -new -config "$work/request.cnf" -extensions "$extensions" "${subject[@]}" -key "$keys/$name.key" -days 3650 \
      -out "$keys/$name.pem"
    return
  fi
  openssl req -new -config "$work/request.cnf" "${subject[@]}" -key "$keys/$name.key" -out "$work/request.pem"
  openssl x509 -req -in "$work/request.pem" -CA "$keys/$issuer.pem" -CAkey "$keys/$issuer.key" -days 800 \
    -extfile "$configuration" -extensions "$extensions" -out "$keys/$name.pem" 2>/dev/null
}

make_certificates() {
  mkdir "$keys"
  local rsa=(-algorithm RSA -pkeyopt rsa_keygen_bits:2048) ec=(-algorithm EC -pkeyopt ec_paramgen_curve:P-256)
  certify root self ca "/O=Wireloom/CN=Wireloom test root" "${ec[@]}"
  certify issuing root ca "/O=Wireloom/CN=Wireloom issuing 1" "${rsa[@]}"
  certify rsa issuing server plain "${rsa[@]}"
  certify p256 issuing server many "${ec[@]}"
  certify p384 root server plain -algorithm EC -pkeyopt ec_paramgen_curve:P-384
  certify p521 root server plain -algorithm EC -pkeyopt ec_paramgen_curve:P-521
  certify brainpool root server plain -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1
  certify ed25519 root server plain -algorithm ED25519
  certify pss self server "/CN=pss.wireloom.example" -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:3072
  certify small self server "/CN=small.wireloom.example" -algorithm RSA -pkeyopt rsa_keygen_bits:1024
  certify stranger self client "/O=Nobody/CN=stranger" "${ec[@]}"
  certify user issuing client "/O=Wireloom/OU=People/CN=user" "${ec[@]}"
  cat "$keys/issuing.pem" "$keys/root.pem" >"$keys/chain.pem"
  local link previous=root
  for link in one two three four five six; do
    certify "$link" "$previous" ca "/O=Wireloom/CN=Link $link of a long chain" -algorithm RSA -pkeyopt rsa_keygen_bits:4096
    previous=$link
  done
  certify last "$previous" server plain -algorithm RSA -pkeyopt rsa_keygen_bits:4096
  (cd "$keys" && cat six.pem five.pem four.pem three.pem two.pem one.pem root.pem) >"$keys/long-chain.pem"
  # A status for stapling.
  local serial
  serial=$(openssl x509 -in "$keys/rsa.pem" -noout -serial | cut -d= -f2)
  printf 'V\t351231235959Z\t\t%s\tunknown\t/CN=www.wireloom.example\n' "$serial" >"$work/index.txt"
  openssl ocsp -index "$work/index.txt" -CA "$keys/issuing.pem" -rsigner "$keys/issuing.pem" -rkey "$keys/issuing.key" \
    -issuer "$keys/issuing.pem" -cert "$keys/rsa.pem" -respout "$work/status.der" -ndays 365 >/dev/null 2>&1
}

any_level=(-cipher 'ALL:eNULL:@SECLEVEL=0')

# serve COMMAND OPTIONS... : OpenSSL's or GnuTLS's server until the next one; each scenario has its own.
daemon=
serve() {
  stop
  start "$server" "$@"
  daemon=$!
  sleep 0.3
}
serve_openssl() { serve openssl s_server -quiet -accept 443 "$@"; }
serve_certificate() {
  local name=$1
  shift
  serve_openssl -cert "$keys/$name.pem" -key "$keys/$name.key" "$@"
}
stop() {
  [[ -z $daemon ]] && return
  kill "$daemon" 2>/dev/null || true
  wait "$daemon" 2>/dev/null || true
  daemon=
}

# connect OPTIONS... : a client that speaks for a moment; most failures are wanted.
connect() {
  (sleep 0.4) | on_client timeout 3 openssl s_client -quiet -no_ign_eof -connect "$server4:443" "$@" >>"$work/client.log" 2>&1 || true
}
connect6() {
  (sleep 0.4) | on_client timeout 3 openssl s_client -quiet -no_ign_eof -connect "[$server6]:443" "$@" >>"$work/client.log" 2>&1 || true
}

versions() {
  serve_certificate rsa -cert_chain "$keys/chain.pem" "${any_level[@]}"
  connect -servername www.wireloom.example
  connect6 -servername www.wireloom.example -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
  connect -tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256 -groups X448
  connect -servername www.wireloom.example -tls1_2
  connect6 -tls1_1 "${any_level[@]}"
  connect -tls1 "${any_level[@]}" -noservername
  connect -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256 -groups P-521
  connect -tls1_2 -cipher DHE-RSA-AES256-GCM-SHA384
  connect -tls1_2 -cipher AES256-SHA
  connect -tls1_2 -cipher 'ADH-AES128-SHA256:@SECLEVEL=0'
  connect -tls1_2 -cipher 'AECDH-AES128-SHA:@SECLEVEL=0'
  connect -tls1_2 -cipher 'NULL-SHA256:@SECLEVEL=0'
}

certificates() {
  local name
  serve_certificate rsa -cert_chain "$keys/chain.pem" -status_file "$work/status.der"
  connect -tls1_2 -status -servername www.wireloom.example
  serve_certificate p256 -cert_chain "$keys/chain.pem"
  connect -tls1_2 -servername www.wireloom.example
  for name in p384 p521 brainpool ed25519 pss small; do
    serve_certificate "$name" "${any_level[@]}"
    connect -tls1_2 "${any_level[@]}" -servername "$name.wireloom.example" \
      -curves P-256:P-384:P-521:brainpoolP256r1:X25519
  done
}

client_certificates() {
  serve_certificate rsa -cert_chain "$keys/chain.pem" -verify 3 -CAfile "$keys/root.pem"
  connect -tls1_2 -cert "$keys/user.pem" -key "$keys/user.key" -cert_chain "$keys/chain.pem"
  connect -tls1_2
  connect -tls1_3 -cert "$keys/user.pem" -key "$keys/user.key"
  serve_certificate rsa -Verify 3 -verify_return_error -CAfile "$keys/root.pem"
  connect -tls1_2
  connect -tls1_2 -cert "$keys/stranger.pem" -key "$keys/stranger.key"
  connect -tls1_3 -cert "$keys/stranger.pem" -key "$keys/stranger.key"
}

resumption() {
  local version
  for version in -tls1_2 -tls1_3; do
    serve_certificate p384 -early_data -max_early_data 1000
    connect "$version" -sess_out "$work/session"
    connect "$version" -sess_in "$work/session"
  done
  printf 'early data of the client' >"$work/early"
  connect -tls1_3 -sess_out "$work/session"
  connect -tls1_3 -sess_in "$work/session" -early_data "$work/early"
  # Of a server that has forgotten the session.
  serve_certificate p384
  connect -tls1_3 -sess_in "$work/session"
  serve_certificate p384 -no_ticket
  connect -tls1_2 -no_ticket -sess_out "$work/session"
  connect -tls1_2 -no_ticket -sess_in "$work/session"
  serve_openssl -nocert -psk 00112233445566778899aabbccddeeff -psk_hint loom
  connect -tls1_3 -psk 00112233445566778899aabbccddeeff
  connect -tls1_2 -psk 00112233445566778899aabbccddeeff -cipher PSK
}

retries() {
  serve_certificate p384 -groups P-384
  connect -groups X25519:P-384
  connect6 -groups X25519:P-256:P-384 -tls1_3 -alpn h2
}

failures() {
  serve_certificate rsa -tls1_3
  connect -tls1_2
  serve_certificate rsa -tls1_2 -cipher AES256-GCM-SHA384
  connect -tls1_2 -cipher AES128-GCM-SHA256
  connect -tls1_3
  serve_certificate rsa -cert_chain "$keys/chain.pem" -groups P-256
  # The client does not know who signed: in the clear, and encrypted.
  connect -tls1_2 -CAfile "$keys/p384.pem" -verify_return_error
  connect -tls1_3 -CAfile "$keys/p384.pem" -verify_return_error
  connect -tls1_3 -groups P-521
  serve_certificate rsa -servername other.wireloom.example -servername_fatal -cert2 "$keys/p384.pem" -key2 "$keys/p384.key"
  connect -servername www.wireloom.example
  connect -servername other.wireloom.example -tls1_2
  serve_certificate rsa -alpn h2
  connect -alpn http/1.1,spdy/3
  # Neither side speaks TLS with the other.
  on_client curl --silent --max-time 2 --noproxy '*' "http://$server4:443/" >/dev/null 2>&1 || true
  serve python3 -m http.server 443 --bind 0.0.0.0 --directory "$work/html"
  connect -servername www.wireloom.example
  # Taken, and then nothing.
  serve python3 -c 'import socket, time; s = socket.create_server(("", 443)); c = [s.accept() for _ in range(2)]; time.sleep(9)'
  connect -servername silent.wireloom.example
  stop
  connect
  on_client timeout 2 openssl s_client -connect "$nobody4:443" </dev/null >/dev/null 2>&1 || true
}

web() {
  start "$server" nginx -c "$work/nginx.conf" -e stderr
  daemon=$!
  wait_for on_client curl --silent --insecure --noproxy '*' "https://$server4:8443/"
  local fetch=(on_client curl --silent --insecure --noproxy '*' --max-time 5 --resolve "www.wireloom.example:8443:$server4" -o /dev/null)
  "${fetch[@]}" https://www.wireloom.example:8443/
  "${fetch[@]}" --http1.1 --tls-max 1.2 https://www.wireloom.example:8443/
  "${fetch[@]}" --http1.1 "https://[$server6]:8443/"
  # A port that no plugin is bound to.
  "${fetch[@]}" --connect-to "www.wireloom.example:8443:$server4:8444" https://www.wireloom.example:8443/
  stop
}

# A chain of 13 KB in segments of 200 bytes, and in records of 512.
long_chain() {
  local namespace
  for namespace in "$client" "$server"; do ip -n "$namespace" link set eth0 mtu 1280; done
  on_server ip route replace "198.51.100.0/24" dev eth0 advmss 200
  serve_certificate last -cert_chain "$keys/long-chain.pem"
  connect -tls1_2 -servername www.wireloom.example
  on_server ip route replace "198.51.100.0/24" dev eth0
  serve_certificate last -cert_chain "$keys/long-chain.pem" -max_send_frag 512
  connect -tls1_2 -servername www.wireloom.example
  for namespace in "$client" "$server"; do ip -n "$namespace" link set eth0 mtu 1500; done
}

gnutls() {
  local priority
  serve gnutls-serv --quiet --port 443 --echo --x509certfile "$keys/p256.pem" --x509keyfile "$keys/p256.key" --alpn h2 \
    --priority NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0:+ANON-ECDH
  for priority in NORMAL NORMAL:-VERS-ALL:+VERS-TLS1.2 NORMAL:-VERS-ALL:+VERS-TLS1.1 NORMAL:-VERS-ALL:+VERS-TLS1.0 \
    NORMAL:-GROUP-ALL:+GROUP-SECP521R1:+GROUP-X25519 NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ANON-ECDH; do
    (sleep 0.3) | on_client timeout 3 gnutls-cli --insecure --port 443 --alpn h2 --priority "$priority" "$server4" \
      >>"$work/client.log" 2>&1 || true
  done
  stop
}

one() {
  serve_certificate rsa -cert_chain "$keys/chain.pem"
  connect -tls1_2 -servername www.wireloom.example
  connect -tls1_3 -servername www.wireloom.example
  stop
}

dtls() {
  local options=(-accept 5684 -cert "$keys/p384.pem" -key "$keys/p384.key" -quiet)
  serve openssl s_server -dtls "${options[@]}" "${any_level[@]}"
  connect_dtls -dtls1_2 -servername www.wireloom.example -alpn coap
  connect_dtls -dtls1 "${any_level[@]}"
  connect_dtls -dtls1_2 -use_srtp SRTP_AES128_CM_SHA1_80
  serve openssl s_server -dtls1_2 "${options[@]}" -listen
  connect_dtls -dtls1_2
  # Fragments of handshake messages over several datagrams.
  serve openssl s_server -dtls1_2 -accept 5684 -quiet -mtu 400 -cert "$keys/last.pem" -key "$keys/last.key" \
    -cert_chain "$keys/long-chain.pem" -Verify 3 -CAfile "$keys/root.pem" -use_srtp SRTP_AEAD_AES_256_GCM
  connect_dtls -dtls1_2 -mtu 400 -cert "$keys/user.pem" -key "$keys/user.key" -cert_chain "$keys/chain.pem" \
    -use_srtp SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM
  serve openssl s_server -dtls1_2 "${options[@]}" -cipher ECDHE-ECDSA-AES256-GCM-SHA384
  connect_dtls -dtls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256
  serve openssl s_server -dtls1_2 "${options[@]}"
  connect_dtls -dtls1_2 -sess_out "$work/session"
  connect_dtls -dtls1_2 -sess_in "$work/session"
  connect_dtls -dtls1_2 -CAfile "$keys/rsa.pem" -verify_return_error
  serve gnutls-serv --quiet --udp --port 5684 --echo --x509certfile "$keys/p384.pem" --x509keyfile "$keys/p384.key"
  (sleep 0.5) | on_client timeout 3 gnutls-cli --udp --insecure --port 5684 "$server4" >>"$work/client.log" 2>&1 || true
  stop
  # A port that no plugin is bound to, and an address without a host.
  serve openssl s_server -dtls1_2 -accept 5685 -cert "$keys/p384.pem" -key "$keys/p384.key" -quiet
  (sleep 0.4) | on_client timeout 3 openssl s_client -quiet -no_ign_eof -dtls -connect "[$server6]:5685" >>"$work/client.log" 2>&1 || true
  stop
  (sleep 2.5) | on_client timeout 3 openssl s_client -dtls1_2 -connect "$nobody4:5684" >/dev/null 2>&1 || true
}
connect_dtls() {
  (sleep 0.4) | on_client timeout 3 openssl s_client -quiet -no_ign_eof -connect "$server4:5684" "$@" >>"$work/client.log" 2>&1 || true
}

mkdir "$work/html"
printf '<!doctype html><title>Wireloom</title>\n' >"$work/html/index.html"
make_certificates
cat "$keys/rsa.pem" "$keys/chain.pem" >"$keys/nginx.pem"
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
    listen 8443 ssl http2;
    listen [::]:8443 ssl http2;
    listen 8444 ssl;
    ssl_certificate $keys/nginx.pem;
    ssl_certificate_key $keys/rsa.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    root $work/html;
  }
}
CONF

make_namespaces
capture "$client" tls/versions.pcap versions
capture "$client" tls/certificates.pcap certificates
capture "$client" tls/client-certificates.pcap client_certificates
capture "$client" tls/resumption.pcap resumption
capture "$client" tls/retries.pcap retries
capture "$client" tls/failures.pcap failures
capture "$client" tls/web.pcap web
capture "$client" tls/long-chain.pcap long_chain
capture "$client" tls/gnutls.pcap gnutls
capture "$client" tls/dtls.pcap dtls
capture_options=(-i eth0 src host "$client4")
capture "$client" tls/client-only.pcap one
capture_options=(-i eth0 src host "$server4")
capture "$client" tls/server-only.pcap one
capture_options=(-i eth0 -s 400)
capture "$client" tls/snap-length-400.pcap one
