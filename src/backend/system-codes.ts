/** The system calls of https://man7.org/linux/man-pages/man2/syscalls.2.html that matter here, and those that Node adds. */
export const systemCalls: ReadonlySet<string> = new Set("connect getaddrinfo read shutdown write".split(" "));

/**
 * The codes of failures on the way to a store, as named by systems, TLS libraries and runtimes. A general rule
 * ("capital letters") could let an id through.
 */
export const systemCodes: ReadonlySet<string> = new Set(
  [
    // https://nodejs.org/api/errors.html#common-system-errors, and getaddrinfo
    "EACCES EADDRINUSE EADDRNOTAVAIL EAI_AGAIN EAI_FAIL EAI_MEMORY EAI_NODATA EAI_NONAME EALREADY ECANCELED ECONNABORTED",
    "ECONNREFUSED ECONNRESET EHOSTDOWN EHOSTUNREACH EINPROGRESS EINVAL EIO EMFILE EMSGSIZE ENETDOWN ENETRESET ENETUNREACH",
    "ENFILE ENOBUFS ENODATA ENOENT ENOMEM ENOTCONN ENOTDIR ENOTFOUND ENOTSOCK EPERM EPIPE EPROTO ESHUTDOWN ETIMEDOUT ETIMEOUT",
    // https://nodejs.org/api/errors.html#nodejs-error-codes and https://nodejs.org/api/tls.html#x509-certificate-error-codes
    "ABORT_ERR ERR_INVALID_ARG_TYPE ERR_INVALID_ARG_VALUE ERR_INVALID_URL ERR_OUT_OF_RANGE ERR_SOCKET_BAD_PORT",
    "ERR_SOCKET_CLOSED ERR_SOCKET_CONNECTION_TIMEOUT ERR_STREAM_DESTROYED ERR_STREAM_PREMATURE_CLOSE",
    "ERR_STREAM_WRITE_AFTER_END ERR_TLS_CERT_ALTNAME_FORMAT ERR_TLS_CERT_ALTNAME_INVALID ERR_TLS_HANDSHAKE_TIMEOUT",
    "CERT_CHAIN_TOO_LONG CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_REJECTED CERT_REVOKED CERT_SIGNATURE_FAILURE CERT_UNTRUSTED",
    "CRL_HAS_EXPIRED CRL_NOT_YET_VALID DEPTH_ZERO_SELF_SIGNED_CERT HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE",
    "PATH_LENGTH_EXCEEDED SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_CRL UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ...prefixed("ERR_SSL_", [
      "CERTIFICATE_VERIFY_FAILED DH_KEY_TOO_SMALL EE_KEY_TOO_SMALL NO_SHARED_CIPHER PACKET_LENGTH_TOO_LONG",
      "SSLV3_ALERT_BAD_CERTIFICATE SSLV3_ALERT_CERTIFICATE_EXPIRED SSLV3_ALERT_CERTIFICATE_UNKNOWN",
      "SSLV3_ALERT_HANDSHAKE_FAILURE SSL/TLS_ALERT_BAD_CERTIFICATE SSL/TLS_ALERT_CERTIFICATE_UNKNOWN",
      "SSL/TLS_ALERT_HANDSHAKE_FAILURE TLSV13_ALERT_CERTIFICATE_REQUIRED TLSV1_ALERT_ACCESS_DENIED",
      "TLSV1_ALERT_DECRYPT_ERROR TLSV1_ALERT_INTERNAL_ERROR TLSV1_ALERT_PROTOCOL_VERSION TLSV1_ALERT_UNKNOWN_CA",
      "TLSV1_UNRECOGNIZED_NAME UNEXPECTED_EOF_WHILE_READING UNSUPPORTED_PROTOCOL VERSION_TOO_LOW",
      "WRONG_VERSION_NUMBER",
    ]),
    // https://undici.nodejs.org/#/docs/api/Errors.md
    ...prefixed("UND_ERR_", [
      "ABORTED BODY_TIMEOUT CLOSED CONNECT_TIMEOUT DESTROYED HEADERS_OVERFLOW HEADERS_TIMEOUT INVALID_ARG PRX_TLS",
      "RES_CONTENT_LENGTH_MISMATCH RESPONSE_STATUS_CODE SOCKET",
    ]),
    // https://bun.sh/docs/api/fetch
    "ConnectionClosed ConnectionRefused ConnectionReset FailedToOpenSocket Timeout UnknownIssuerCertificate",
  ].flatMap((line) => line.split(" ")),
);

/** Puts the beginning that many codes share before each word of some lines. */
function prefixed(prefix: string, lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/^| /g, `$&${prefix}`));
}
