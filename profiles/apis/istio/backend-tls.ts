/**
 * Versions whose proxies refuse to call where a BackendTLSPolicy names a CA that cannot be found.
 * Source: the announcements of 1.30.4 and 1.31.1 (GHSA-qm8v-g4f9-qhjx)
 */
export const failsClosed = ">=1.30.4 <1.31.0 || >=1.31.1"
