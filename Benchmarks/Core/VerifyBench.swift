import Cryptography
import Foundation
import Primitives

/// Verifies signatures on one core and on the node's pool with all cores, which shows the cost of handing them over.
enum VerifyBench {
  private static let suite = Suite.p256SHA256
  /// The ways to verify alternate, so that other work on the machine affects all of them alike.
  private static let rounds = 15
  private static let checks = 1024
  private static let keys = 16

  private struct Way {
    var name: String
    var samples: [Cost] = []

    init(_ name: String) { self.name = name }

    /// Measures `body`, which returns the number of valid signatures.
    mutating func measure(_ body: () -> Int) throws {
      var valid = 0
      samples.append(Cost.measure { valid = body() })
      guard valid == checks else { throw BenchError("\(name): \(valid) of \(checks) signatures hold") }
    }
  }

  static func run(_ report: Report) throws {
    let items = try items()
    let cores = ProcessInfo.processInfo.activeProcessorCount
    report.note("verify: P-256, messages of 73 bytes by \(keys) known keys; the pool has \(cores) threads")
    func cut(_ size: Int) -> [[VerificationItem]] {
      stride(from: 0, to: checks, by: size).map { Array(items[$0..<$0 + size]) }
    }
    var verifier = SignatureVerifier(suite)
    let pool = PoolRun(suite, threads: cores)
    defer { pool.stop() }
    // In each worker, the first verification with a key parses the key.
    for _ in 0..<4 { _ = pool.check(cut(32)) }
    guard verifier.verify(batch: items).allSatisfy({ $0 }) else { throw BenchError("a true signature was refused") }

    let batches = cut(64)
    let requests = [cut(1), batches, [items]]
    var single = Way("one check on one core")
    var batch = Way("batch of 64 on one core")
    var pooled = requests.map { Way("verify pool, requests of \($0[0].count)") }
    for _ in 0..<rounds {
      try single.measure { items.count { verifier.verify($0.signature, of: $0.message, by: $0.key) } }
      try batch.measure { batches.reduce(0) { $0 + verifier.verify(batch: $1).count { $0 } } }
      for index in pooled.indices { try pooled[index].measure { pool.check(requests[index]) } }
    }
    let base = Cost.typical(single.samples)
    for way in [single, batch] + pooled {
      report.line(way.name, rounds * checks, Cost.typical(way.samples), "check", clock: .wall)
    }
    for way in pooled {
      let cost = Cost.typical(way.samples)
      let extra = (cost.processor - base.processor).nanoseconds / Double(rounds * checks)
      report.note(
        String(
          format: "%@: %.2f times one core's rate, of %d; %.0f ns more processor time a check", way.name,
          base.wall.nanoseconds / cost.wall.nanoseconds, cores, extra))
    }
  }

  private static func items() throws -> [VerificationItem] {
    let keys = try (0..<keys).map { _ in try PrivateKey.generate(suite) }
    return try (0..<checks).map { index in
      let message = (0..<73).map { UInt8(truncatingIfNeeded: index >> ($0 % 8)) }
      let key = keys[index % keys.count]
      return VerificationItem(message: message, key: key.publicKey, signature: try key.sign(message))
    }
  }
}
