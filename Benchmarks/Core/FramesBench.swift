import NIOCore
import PeerNetwork
import Primitives

/// Frames between peers: encoding, decoding, and round trips over TLS.
enum FramesBench {
  /// The bytes that a link combines into one write, and the bytes that TLS delivers at a time.
  private static let writeBytes = 256 << 10
  private static let readBytes = 16 << 10

  static func run(_ report: Report) async throws {
    try pure(200, "200 bytes", rounds: 200_000, report)
    try pure(1 << 20, "1 MiB", rounds: 200, report)
    try await roundTrip(report)
  }

  private static func pure(_ byteCount: Int, _ size: String, rounds: Int, _ report: Report) throws {
    let frame = [UInt8](repeating: 1, count: byteCount)
    var batch = FrameBatch()
    var buffer = ByteBuffer()
    let encoding = Cost.measure {
      for _ in 0..<rounds {
        var left = 1
        repeat {
          buffer.clear()
          _ = batch.write(into: &buffer, room: writeBytes) { frames in
            guard left > 0 else { return false }
            left -= 1
            frames.append(frame)
            return true
          }
        } while buffer.readableBytes > 0
      }
    }
    report.line("frame of \(size): lay out for the socket", rounds, encoding, "frame")

    // As many whole frames as TLS delivers at a time, or one frame in pieces of that size.
    let together = max(1, readBytes / (byteCount + 4))
    let wire = Array(repeating: wireBytes(frame), count: together).flatMap { $0 }
    let pieces = stride(from: 0, to: wire.count, by: readBytes).map {
      Array(wire[$0..<min($0 + readBytes, wire.count)])
    }
    var decoder = FrameDecoder(limits: FrameLimits())
    var found = 0
    let decoding = try Cost.measure { () throws(LinkFault) in
      for _ in 0..<rounds / together {
        for piece in pieces {
          var offset = 0
          while let frame = try decoder.next(piece.span.bytes, at: &offset) {
            keep(frame)
            found += 1
          }
        }
      }
    }
    guard found == rounds / together * together else { throw BenchError("\(found) frames of \(rounds) came out") }
    report.line("frame of \(size): cut out of what arrived", found, decoding, "frame")
  }

  /// The bytes of a frame on the wire.
  private static func wireBytes(_ frame: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(frame.count).littleEndian) { Array($0) } + frame
  }

  private static func roundTrip(_ report: Report) async throws {
    report.note("round trip: two networks in this process, an event loop each, and a thread that waits for the echo")
    let pair = try await LoopbackPair.connected()
    let frame = [UInt8](repeating: 1, count: 200)
    _ = try pair.roundTrips(200, of: frame)
    let samples = try pair.roundTrips(2000, of: frame)
    await pair.stop()
    report.line(
      "frame of 200 bytes: there and back over TLS, median", samples.count, .typical(samples), "trip", clock: .wall)
  }
}
