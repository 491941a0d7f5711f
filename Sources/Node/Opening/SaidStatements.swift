internal import BlockLog
internal import Foundation
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Signers

/// Votes that a separate signer gave to a process of this node that ended before its log had them.
///
/// They are signed again and appended before the node takes part, so that log and signer agree on what was said. Otherwise the
/// consensus could decide on what the signer must refuse, and never say what it would sign (protocol rule R49).
enum SaidStatements {
  private final class Index: ChainIndexHolder {
    var index: ChainIndex
    init(_ index: ChainIndex) { self.index = index }
    func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
  }

  /// Appends what the log lacks, and closes the log. Returns false, having changed nothing, if it lacks nothing.
  static func append(
    from store: any VoteKeyStore, to opened: inout NodeLog.Opened, logger: Logger
  ) throws(NodeError) -> Bool {
    let votes = try votes(of: store, opened.restoration, logger)
    guard !votes.isEmpty else { return false }
    logger.notice(
      "the signer had signed \(votes.count) votes that the log lacks, because the node ended before; the log has them now"
    )
    let commands = [JournalCommand.append(votes.map { PendingRecord($0) })]
    let index = Index(opened.index)
    var events: [JournalEvent] = []
    do throws(LogError) {
      _ = try opened.journal.write(commands, index, &events)
      try opened.journal.settle(commands, index, &events)
      try opened.journal.close()
    } catch {
      throw .log(error)
    }
    return true
  }

  private static func votes(
    of store: any VoteKeyStore, _ restoration: borrowing Restoration, _ logger: Logger
  ) throws(NodeError) -> [Vote] {
    // A node that listens votes above a bar that is higher than anything it said.
    guard !restoration.mustListen, let key = restoration.ownKey, let own = restoration.validators.index(ofVoteKey: key)
    else { return [] }
    let known = Set(restoration.signedStatements)
    let epoch = restoration.validators.epoch
    let missing = store.said.filter {
      $0.epoch == epoch && $0.round > restoration.closedRound && !known.contains($0)
    }
    var votes: [Vote] = []
    for statement in missing {
      let signature = try signature(of: statement, by: key, store, logger)
      votes.append(Vote(statement: statement, signer: own, signature: signature))
    }
    return votes
  }

  private static let attempts = 120

  /// Waits for a signer that goes away meanwhile, for a minute.
  private static func signature(
    of statement: Statement, by key: PublicKey, _ store: any VoteKeyStore, _ logger: Logger
  ) throws(NodeError) -> Signature {
    var attempt = 1
    while true {
      do throws(SigningRefusal) {
        return try store.sign(statement, with: key)
      } catch {
        guard case .away = error, attempt < attempts else { throw .history(error) }
        if attempt == 1 { logger.warning("\(error.explanation)", metadata: ["code": "\(error.code)"]) }
      }
      attempt += 1
      Thread.sleep(forTimeInterval: 0.5)
      _ = store.tend()
    }
  }
}
