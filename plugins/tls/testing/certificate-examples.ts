/** A certificate that OpenSSL made, and what `openssl x509 -subject -nameopt RFC2253,-esc_msb` reports about its subject. */
export interface CertificateExample {
  readonly what: string;
  readonly pem: string;
  readonly subject: string;
}

/** Certificates with what is rare in those of servers. */
export const certificateExamples: readonly CertificateExample[] = [
  {
    what: "RSA with 1024 bits, every kind of alternative name, an attribute of an unknown type",
    subject: String.raw`CN=\  two \ ,OU=\#x,O=Wireloom\, \"Example\",1.3.6.1.4.1.55555.1=#0C03616263,C=DE`,
    pem: `-----BEGIN CERTIFICATE-----
MIIDBTCCAm6gAwIBAgIUTpwVB0uRXwXfWZDnACNB6a6wRMYwDQYJKoZIhvcNAQELBQAwXjELMAkGA1UEBhMCREUxEjAQBgkrBgEEAYOyAwEMA2
FiYzEcMBoGA1UECgwTV2lyZWxvb20sICJFeGFtcGxlIjELMAkGA1UECwwCI3gxEDAOBgNVBAMMByAgdHdvICAwHhcNMjYxMTI0MjIxODQwWhcN
MjYxMjI0MjIxODQwWjBeMQswCQYDVQQGEwJERTESMBAGCSsGAQQBg7IDAQwDYWJjMRwwGgYDVQQKDBNXaXJlbG9vbSwgIkV4YW1wbGUiMQswCQ
YDVQQLDAIjeDEQMA4GA1UEAwwHICB0d28gIDCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA7CNtLr/Xo7O5A+U9rWUkSUyFvbDDXcVO0DpK
W3Dj3Ru6lQ0ry785i025se+OKJES0b4+T+mnSqTKSMk+htY9ux8rE/DQZJnjRm/SNQHqgsD/B1tmD4XWY1123IcV+gRrnFvsacOA2lFldEFdND
uGom37skAw2HD+Ij4QqbO8VV0CAwEAAaOBvzCBvDCBhgYDVR0RBH8wfYIUd3d3LndpcmVsb29tLmV4YW1wbGWCEioud2lyZWxvb20uZXhhbXBs
ZYcEwAACUIcQIAENuAAAAAAAAAAAAAAAgIEVaG9zdEB3aXJlbG9vbS5leGFtcGxlhh5odHRwczovL3d3dy53aXJlbG9vbS5leGFtcGxlL2GIAi
oDMBIGA1UdEwEB/wQIMAYBAf8CAQEwHQYDVR0OBBYEFKokbGT3D/5e0q2ES4oZpOqPukWGMA0GCSqGSIb3DQEBCwUAA4GBAEI3A9fS6tYFHB6e
PsnCJIwUcFz5rewFtbGn77OilF764rpEo6uAaMTijOtu31rV+1kbJQhsJTbXB/diB6q60sJoKl8KGm8rnE6ePI3hyl0x/22/SM1I3EovMt9HMY
QEk3xSJKIjxuXIo0gI5inoLUTRSc3o//sbodqXLUqv/FoU
-----END CERTIFICATE-----`,
  },
  {
    what: "EC on P-384, names in BMPString",
    subject: String.raw`O=a\+b,CN=Größe`,
    pem: `-----BEGIN CERTIFICATE-----
MIIBhDCCAQoCFDgFzXWthF8cVpFo2onlOpmWAKJfMAoGCCqGSM49BAMDMCYxEzARBgNVBAMeCgBHAHIA9gDfAGUxDzANBgNVBAoeBgBhACsAYj
AeFw0yNjExMjQyMjE4NDBaFw0yNjEyMjQyMjE4NDBaMCYxEzARBgNVBAMeCgBHAHIA9gDfAGUxDzANBgNVBAoeBgBhACsAYjB2MBAGByqGSM49
AgEGBSuBBAAiA2IABID1GGhv6dbgxPnvDGenS+oXvcDK8Us2GdvYJVRYOwtpciBncH/ULvEiKjvQxWgzpU4CcJCk3X7/80WJal5pyN9n926DBI
QXHlp0SzA61m5MiuJe1I7gXaS66JnxePc+IzAKBggqhkjOPQQDAwNoADBlAjEAuSI8K09NbZk1uO5VqftYJF6jh4n9bZtmFRXct9DUbCsF7OjT
2HdFT5qfBnyJ2Vo0AjABcHKBL6ZiM2n8yc8hz3H+eZr71XmD0tGHOlk7hxe2ZAF76IdR2wJeY9sfkf1zgPs=
-----END CERTIFICATE-----`,
  },
  {
    what: "Ed25519, names in TeletexString",
    subject: String.raw`O=a\+b,CN=Größe`,
    pem: `-----BEGIN CERTIFICATE-----
MIH2MIGpAhR91XhBncqzVOtKN8Ey6I1Y6pXXSDAFBgMrZXAwHjEOMAwGA1UEAxQFR3L232UxDDAKBgNVBAoUA2ErYjAeFw0yNjExMjQyMjE4ND
BaFw0yNjEyMjQyMjE4NDBaMB4xDjAMBgNVBAMUBUdy9t9lMQwwCgYDVQQKFANhK2IwKjAFBgMrZXADIQAQAk4wXLG1QErYHnfgzj91MzJeEzbZ
wefZ7sWV4RoYlzAFBgMrZXADQQCfGTKsyl6jpMt1hSDQELRsoB2b9txn3l8wCS3jkGce8ZAGvARZeRcXtYjEnK4j9t2yqZMLaAnStGEgwvuNo7
MH
-----END CERTIFICATE-----`,
  },
  {
    what: "Ed25519, names in UniversalString",
    subject: String.raw`O=a\+b,CN=Größe`,
    pem: `-----BEGIN CERTIFICATE-----
MIH2MIGpAhRv4JdetMfvuOfQQJrMn+8+acgyejAFBgMrZXAwHjEOMAwGA1UEAxQFR3L232UxDDAKBgNVBAoTA2ErYjAeFw0yNjExMjQyMjE4ND
BaFw0yNjEyMjQyMjE4NDBaMB4xDjAMBgNVBAMUBUdy9t9lMQwwCgYDVQQKEwNhK2IwKjAFBgMrZXADIQB9KVUmSnQtuVbbGNNP1Hy6+a8Oj9Ih
dQt+S5ifCMiW+jAFBgMrZXADQQAV0J9lw59MGwwaP22nWRqikYzFIBcg1LraQGyMGlagJssZnrnBtDGGhxvVcKGqZmnmWoGM49HQA+wUE/7ASF
sM
-----END CERTIFICATE-----`,
  },
  {
    what: "a part with two attributes, no end, times in GeneralizedTime",
    subject: "emailAddress=a@b.example,UID=1+CN=multi",
    pem: `-----BEGIN CERTIFICATE-----
MIIBKTCB3AIFAMD/7gAwBQYDK2VwMD0xHzAMBgNVBAMMBW11bHRpMA8GCgmSJomT8ixkAQEMATExGjAYBgkqhkiG9w0BCQEWC2FAYi5leGFtcG
xlMCIYDzIwNTAwMTAxMDAwMDAwWhgPOTk5OTEyMzEyMzU5NTlaMD0xHzAMBgNVBAMMBW11bHRpMA8GCgmSJomT8ixkAQEMATExGjAYBgkqhkiG
9w0BCQEWC2FAYi5leGFtcGxlMCowBQYDK2VwAyEAAquAxO1Gg15w4oDzg8GEExq4gefh4D7NO4TrwjG1fUswBQYDK2VwA0EAM6R6Gu5GtGif6h
s2MikYild1adc1UwA/AhWbPDKK+K+ENLDYVYRgC77QBCKIUhSyVYwShmk045pLmMzXvK/YBg==
-----END CERTIFICATE-----`,
  },
  {
    what: "version 1, an empty name, serial number 0",
    subject: "",
    pem: `-----BEGIN CERTIFICATE-----
MIGmMFoCAQAwBQYDK2VwMAAwHhcNMjYxMTI0MjIxODQwWhcNMjYxMTI3MjIxODQwWjAAMCowBQYDK2VwAyEAAquAxO1Gg15w4oDzg8GEExq4ge
fh4D7NO4TrwjG1fUswBQYDK2VwA0EAe+ZlnIWbjII+/16dAu4x2DsuTKDe/Udz/cn9vZa3f1OTtLKB+S93QkJJKuQMzjqFifBZjCTm/XexztXn
CkQ2AQ==
-----END CERTIFICATE-----`,
  },
];
