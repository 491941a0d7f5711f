internal import BlockLog
internal import Foundation
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Signers

/// Brings the log of a node that starts and its signer to agree, and waits for a signer that goes away meanwhile.
enum SignerAgreement {
  private static let pause = 0.5

  static func reach(
    _ store: any VoteKeyStore, _ opened: inout NodeLog.Opened, _ progress: StartProgress, _ logger: Logger
  ) throws(NodeError) {
    // What is final, and the epoch, a signer may not know: it learns of it only from the node.
    store.finalized(opened.restoration.voteGuard().floor)
    let count: Int
    do throws(LogError) {
      count = try SaidStatements.record(store.said, &opened.journal, &opened.restoration)
    } catch {
      throw .log(error)
    }
    if count > 0 {
      logger.notice(
        "the signer had signed \(count) votes that the log lacked, because the node ended before; the log has them now")
    }
    try SaidStatements.sign(&opened.restoration) { (statement, key) throws(NodeError) in
      try signature(of: statement, by: key, store, progress, logger)
    }
  }

  /// Nil if the signer declined.
  private static func signature(
    of statement: Statement, by key: PublicKey, _ store: any VoteKeyStore, _ progress: StartProgress, _ logger: Logger
  ) throws(NodeError) -> Signature? {
    var isTold = false
    while true {
      do throws(SigningRefusal) {
        return try store.sign(statement, with: key)
      } catch {
        switch error {
        case .declined(let code, let reason):
          logger.warning("\(reason)", metadata: ["code": "\(code)", "next": "\(error.nextStep)"])
          return nil
        case .away: break
        case .conflict, .failed: throw .history(error)
        }
        progress.enter(.waitingForSigner)
        if !isTold { logger.warning("\(error.explanation)", metadata: ["code": "\(error.code)"]) }
        isTold = true
      }
      Thread.sleep(forTimeInterval: pause)
      _ = store.tend()
    }
  }
}
