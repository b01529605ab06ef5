/** Pings of one test, one a second. */
export const PING_COUNT = 10;

/**
 * What is tried as one packet, in bytes without the 28 of the headers: packets of 1500 as on Ethernet, of 1492 as with PPPoE,
 * and of what tunnels leave.
 */
export const PAYLOADS = [1_472, 1_464, 1_422, 1_372, 1_252] as const;
