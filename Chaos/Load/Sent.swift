import Ledger
import LedgerJSON
import Primitives

/// A transaction that a client sent, and the best answer to it.
struct Sent: Sendable {
  enum Effect: Sendable {
    case issue(to: Name, UInt128)
    case retire(from: Name, UInt128)
    case transfer(from: Name, to: Name, UInt128)
    /// No balance changes.
    case none
  }

  enum Answer: Sendable {
    /// There was no answer, so the transaction may or may not be in the chain.
    case none
    /// A node accepted the transaction, which promises nothing.
    case accepted
    case refused(code: String)
    /// A node reported the transaction as final, which is a lasting promise.
    case final(Final)
  }

  struct Final: Hashable, Sendable, CustomStringConvertible {
    var height: Height
    var code: String
    var isApplied: Bool

    init?(_ result: SubmitResult) {
      guard result.status == .finalized, let height = result.height, let outcome = result.outcome else { return nil }
      self.height = height
      code = outcome.code
      isApplied = outcome.applied
    }

    init?(_ status: TransactionStatus) {
      guard status.status == .finalized, let height = status.height, let outcome = status.outcome else { return nil }
      self.height = height
      code = outcome.code
      isApplied = outcome.applied
    }

    var description: String { "\(code) in block \(height)" }
  }

  var transaction: SignedTransaction
  var effect: Effect
  var answer = Answer.none

  var final: Final? { if case .final(let final) = answer { final } else { nil } }
}
