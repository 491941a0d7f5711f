internal import Primitives

/// The greatest number of bytes in a frame of each kind, including its kind byte. 0 means that the kind is refused.
package struct FrameLimits: Sendable {
  private var table: [Int]

  /// Sets `defaultLimit` for every kind of the replica except those in `special`.
  package init(defaultLimit: Int = Limits.frameBytes, special: [UInt8: Int] = [:]) {
    table = (0...UInt8.max).map { kind in
      kind < FrameKind.firstReserved ? min(special[kind] ?? defaultLimit, Limits.frameBytes) : 0
    }
  }

  /// Allows only the hello: what a link accepts before it knows that both sides belong together.
  package static let greeting: FrameLimits = {
    var limits = FrameLimits(defaultLimit: 0)
    limits.table[Int(FrameKind.hello)] = Hello.largestByteCount
    return limits
  }()

  /// These limits plus those of the link's own frames on an open link.
  package var open: FrameLimits {
    var limits = self
    limits.table[Int(FrameKind.keepAlive)] = 1
    return limits
  }

  package subscript(kind: UInt8) -> Int { table[Int(kind)] }
  /// The largest limit of all kinds.
  var largest: Int { table.max() ?? 0 }
}
