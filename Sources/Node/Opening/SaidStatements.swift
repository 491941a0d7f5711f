internal import BlockLog
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
    let votes = try votes(of: store, opened.restoration)
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
    of store: any VoteKeyStore, _ restoration: borrowing Restoration
  ) throws(NodeError) -> [Vote] {
    // A node that listens votes above a bar that is higher than anything it said.
    guard !restoration.mustListen, let key = restoration.ownKey, let own = restoration.validators.index(ofVoteKey: key)
    else { return [] }
    let known = Set(restoration.signedStatements)
    let epoch = restoration.validators.epoch
    let missing = store.said.filter {
      $0.epoch == epoch && $0.round > restoration.closedRound && !known.contains($0)
    }
    do throws(SigningRefusal) {
      var votes: [Vote] = []
      for statement in missing {
        votes.append(Vote(statement: statement, signer: own, signature: try store.sign(statement, with: key)))
      }
      return votes
    } catch {
      throw .history(error)
    }
  }
}
