import Cryptography
import Ledger
import Primitives
import Replica
import TestHarness

@testable import Signers

/// Fixed values that the tests of signers share.
enum SignerSamples {
  static let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4))

  static func proposal(_ view: UInt64, _ block: UInt64 = 1) -> Proposal {
    Proposal(epoch: .first, view: View(view), parent: View(view - 1), block: Digest(block, 0, 0, 0))
  }

  static func notarize(_ view: UInt64, _ block: UInt64 = 1) -> Statement { .notarize(proposal(view, block)) }
  static func nullify(_ view: UInt64) -> Statement { .nullify(epoch: .first, view: View(view)) }
  static func finalize(_ view: UInt64) -> Statement { .finalize(proposal(view), result: Digest(9, 0, 0, 0)) }
  static func round(_ view: UInt64) -> Round { Round(epoch: .first, view: View(view)) }

  static func hello(_ role: SignerRole = .node, _ description: String = "node a") -> SignerHello {
    SignerHello(role, chain, description: description)
  }
}

/// What a desk told its operator.
final class Notes: @unchecked Sendable {
  private(set) var all: [SignerNote] = []
  func add(_ note: SignerNote) { all.append(note) }
}
