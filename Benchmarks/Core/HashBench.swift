import Cryptography
import Primitives

/// The hash functions on which everything else depends.
enum HashBench {
  static func run(_ report: Report) {
    for suite in [Suite.p256SHA256, .sm2SM3] {
      var function = HashFunction(suite)
      let input = [UInt8](repeating: 7, count: 73)
      let rounds = 1_000_000
      var last = Digest.zero
      let cost = Cost.measure {
        for _ in 0..<rounds { last = function.hash(input) }
      }
      precondition(last != .zero, "a hash of zero")
      report.line("hash of 73 bytes, \(suite.name)", rounds, cost, "hash")
    }
  }
}
