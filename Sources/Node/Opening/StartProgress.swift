package import LedgerJSON
package import Primitives
internal import Synchronization

/// How far a node has come in reading its log. It answers nothing about the chain until then.
package final class StartProgress: Sendable {
  enum Step: Equatable, Sendable {
    case checkingLog
    /// The signer is away, without which the node does not know its keys or cannot repeat its votes.
    case waitingForSigner
    /// Blocks of a damaged log are fetched from peers.
    case repairing(blocks: Int)
    case loadingSnapshot(Height)
    case replaying(record: Int, of: Int, height: Height)
    /// The log is read, and the threads and links begin.
    case linking
  }

  private let step = Mutex(Step.checkingLog)
  private let begun = Clock.wall()

  package init() {}

  func enter(_ new: Step) { step.withLock { $0 = new } }

  /// Why the node does not answer yet.
  package var complaint: ErrorDetail {
    let doing =
      switch step.withLock({ $0 }) {
      case .checkingLog: "checking its log"
      case .waitingForSigner: "waiting for its signer"
      case .repairing(let blocks): "repairing its log with blocks from its peers, \(blocks) of which it needs"
      case .loadingSnapshot(let height): "loading the snapshot of height \(height)"
      case .replaying(let record, let total, let height):
        "reading its log: \(record) of \(total) records, now at height \(height)"
      case .linking: "opening its links"
      }
    return ErrorDetail(
      code: "node.starting", message: "this node is \(doing)",
      nextStep: "wait, or ask another node: it answers once it has read its log")
  }

  /// The same as a finding.
  package var finding: Finding {
    let complaint = complaint
    return Finding(
      code: complaint.code, severity: .critical, since: begun, subject: Finding.Subject(.node),
      explanation: complaint.message, nextStep: complaint.nextStep)
  }
}
