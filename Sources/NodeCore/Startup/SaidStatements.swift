package import BlockLog
internal import Ledger
package import Primitives
package import Replica

/// Brings a node's log and its signer to agree on what was said, before the node takes part (protocol rule R49). Otherwise
/// the consensus could decide on what the signer must refuse, and never say what it would sign.
package enum SaidStatements {
  private final class Index: ChainIndexHolder {
    var index = ChainIndex()
    func update<Value: Sendable>(_ body: (inout ChainIndex) -> Value) -> Value { body(&index) }
  }

  /// Records what a signer signed for a process that ended before its log had it.
  /// - Parameter said: what the signer signed above the last final round that it knows.
  /// - Returns: how many statements the log lacked.
  package static func record<Storage: Disk>(
    _ said: [Statement], _ journal: inout Journal<Storage>, _ restoration: inout Restoration
  ) throws(LogError) -> Int {
    // Own statements end up in the log in the order in which they were decided, so those that it lacks follow what it has.
    let missing = restoration.unrecorded(said)
    if missing.isEmpty || Mutation.forgetSaid.isOn { return 0 }
    let commands = [JournalCommand.append(missing.map { PendingRecord($0) })]
    var events: [JournalEvent] = []
    // A statement is about no block that the index has to find.
    let index = Index()
    _ = try journal.write(commands, index, &events)
    try journal.settle(commands, index, &events)
    restoration.append(missing, through: journal.appended)
    return missing.count
  }

  /// Obtains the signatures that the log lacks. A statement without one binds the node all the same.
  /// - Parameter sign: signs, or returns nil if the signer declines: it did not sign this, or it has closed the view.
  package static func sign<Failure: Error>(
    _ restoration: inout Restoration, by sign: (Statement, PublicKey) throws(Failure) -> Signature?
  ) throws(Failure) {
    // A node that listens votes above a bar that is higher than anything it said.
    guard !restoration.mustListen, let key = restoration.ownKey,
      let own = restoration.validators.index(ofVoteKey: key)
    else { return }
    for statement in restoration.signable {
      guard let signature = try sign(statement, key) else { continue }
      restoration.take(Vote(statement: statement, signer: own, signature: signature))
    }
  }
}
