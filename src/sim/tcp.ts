import { type Micros, millis, SECOND, seconds } from './time.ts'

/** IP and TCP headers without options: a segment carries the MTU less these. */
export const HEADERS_IN_MTU = 40
/** What a segment costs on the wire beside its data: IP, TCP and the timestamp option. */
export const HEADER_BYTES = 52
export const MTU_DEFAULT = 1_500
/** Segments of the initial window (RFC 6928). */
export const INITIAL_WINDOW = 10
/** Buffers that the kernel tunes itself, where the program sets none (Linux tcp_rmem, tcp_wmem). */
const RECEIVE_BUFFER_MAX = 6 * 1_024 * 1_024
const SEND_BUFFER_MAX = 4 * 1_024 * 1_024
/** SO_RCVBUF and SO_SNDBUF are doubled, because the kernel's own bookkeeping counts as well. */
const BUFFER_FACTOR = 2
/** Linux's sk_buff; the headroom and skb_shared_info that share the packet's memory. */
const SKB_BYTES = 256
const SKB_OVERHEAD = 384
const PAGE_BYTES = 4_096

/** Longest queue before a link; a longer one makes its router drop, and senders yield. */
export const QUEUE_MAX: Micros = millis(250)

const RTO_MIN: Micros = millis(200)
const RTO_MAX: Micros = seconds(120)
/** Retransmissions of one segment before the connection is given up (tcp_retries2). */
export const RETRIES_MAX = 15
/** Wait after an unanswered SYN. */
const SYN_RETRY: Micros = SECOND
/** tcp_syn_linear_timeouts: so often the wait does not grow (Linux 6.5; none before). */
const SYN_RETRIES_LINEAR = 4
/** tcp_syn_retries, and the linear ones on top of it. */
export const SYN_RETRIES_MAX = 6 + SYN_RETRIES_LINEAR
/** Slack of a tail-loss probe where more than one segment is out. */
const PROBE_SLACK: Micros = millis(2)
/** Later segments that prove a loss by duplicate acknowledgements. */
const DUPLICATE_ACKS = 3

/** Retransmission time-out before any doubling. */
export function retransmissionTimeout(srtt: Micros, rttvar: Micros): Micros {
  return srtt + Math.max(RTO_MIN, 4 * rttvar)
}

/** The wait before retry number `retries` (0 is the first). */
export function backedOff(rto: Micros, retries: number): Micros {
  let wait = rto
  for (let i = 0; i < retries && wait < RTO_MAX; i++) wait *= 2
  return Math.min(wait, RTO_MAX)
}

/** The wait after SYN number `attempt`, 0 the first: retries after 1, 2, 3, 4, 5, 7, 11 … s. */
export function synWait(attempt: number): Micros {
  return backedOff(SYN_RETRY, Math.max(0, attempt - SYN_RETRIES_LINEAR))
}

/**
 * The wait for a tail-loss probe: two round trips, with 200 ms on top where only one segment is
 * out because its acknowledgement may be a delayed one; never later than the time-out.
 */
export function tailProbe(srtt: Micros, rto: Micros, segmentsOut: number): Micros {
  return Math.min(rto, 2 * srtt + (segmentsOut === 1 ? RTO_MIN : PROBE_SLACK))
}

/**
 * How long after it left a lost segment is sent again, where `later` segments behind it arrived:
 * three show the loss at once, fewer only after the reordering window of a quarter round trip.
 */
export function fastRecovery(srtt: Micros, later: number): Micros {
  return later >= DUPLICATE_ACKS ? srtt : srtt + Math.floor(srtt / 4)
}

/**
 * Memory that a received packet takes: a power of two while packet and bookkeeping fit into a page,
 * else whole pages beside a small head.
 */
function memoryOfPacket(packetBytes: number): number {
  if (packetBytes + SKB_OVERHEAD > PAGE_BYTES) {
    return SKB_BYTES + 2 * SKB_BYTES + Math.ceil(packetBytes / PAGE_BYTES) * PAGE_BYTES
  }
  let room = SKB_BYTES
  while (room < packetBytes + SKB_OVERHEAD) room *= 2
  return room + SKB_BYTES
}

/**
 * The window that a receive buffer amounts to: it holds memory, not data, so Linux offers the share
 * of data in a full packet's memory, in 1/256 (tcp_measure_rcv_mss). At an MTU of 1,500 bytes that
 * is 5/8: a buffer set to 64 KiB gives a window of 80 KiB.
 * @param buffer what the program set; undefined leaves it to the kernel
 */
export function receiveWindow(buffer: number | undefined, packetBytes: number): number {
  const memory = buffer === undefined ? RECEIVE_BUFFER_MAX : BUFFER_FACTOR * buffer
  const dataIn256 = ((packetBytes - HEADER_BYTES) * 256) / memoryOfPacket(packetBytes)
  return Math.floor((memory * Math.floor(dataIn256)) / 256)
}

/** Bytes that a send buffer lets out: what is to be sent is packed densely. */
export function sendWindow(buffer: number | undefined): number {
  return buffer === undefined ? SEND_BUFFER_MAX : BUFFER_FACTOR * buffer
}
