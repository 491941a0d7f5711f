internal import Primitives

/// The secret of the hashes that the tables use, drawn once per process by the standard library. Outsiders choose
/// names and ids, and must not be able to make them collide.
struct HashSeed: Sendable {
  let first: UInt64
  let second: UInt64

  static let process = HashSeed()

  private init() {
    var hasher = Hasher()
    hasher.combine(1)
    first = UInt64(truncatingIfNeeded: hasher.finalize())
    hasher = Hasher()
    hasher.combine(2)
    second = UInt64(truncatingIfNeeded: hasher.finalize())
  }

  /// Mixes two words into a hash by folding the two halves of a product.
  @inline(__always)
  func mix(_ hash: UInt64, _ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ hash ^ first).multipliedFullWidth(by: right ^ second)
    return product.high ^ product.low
  }

  /// Spreads the hash over all bits.
  @inline(__always)
  func finish(_ hash: UInt64) -> UInt64 {
    let product = (hash ^ second).multipliedFullWidth(by: first | 1)
    return product.high ^ product.low
  }
}
