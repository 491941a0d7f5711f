internal import Ledger
internal import Primitives

// The node's own vote keys (protocol rules R45 to R47).
extension Replica {
  /// Takes over a vote key that the node has just generated. A record says so before anybody learns of the key, so that the
  /// log has every vote that the key ever signs.
  mutating func take(newKey key: PublicKey) {
    guard stopped == nil else { return }
    let own = OwnKey(key, votes: .complete)
    context.hold(key)
    rejoin.take(own)
    unrecordedKeys.append((context.append(PendingRecord(own)), key))
  }

  /// Records again which keys are the node's own, because the records that said so may be among those that were damaged.
  mutating func recordKeysAgain(_ meaning: VoidMeaning) {
    guard stopped == nil else { return }
    for var key in rejoin.keys {
      // This process remembers the votes that the log lost; the next one will not.
      if meaning == .votesLost { key.votes = .lost }
      _ = context.append(PendingRecord(key))
    }
  }

  /// Notes that the log is durable up to `position`.
  mutating func reportRecordedKeys(upTo position: LogPosition) {
    while let first = unrecordedKeys.first, first.position <= position {
      context.notice(.recordedKey(first.key))
      unrecordedKeys.removeFirst()
    }
  }

  /// Signs what waited for the signer (protocol rule R49). What was decided in an epoch that is over is not said any more.
  mutating func signerIsBack() {
    let mayVote = stopped == nil && !isEpochOver
    if let reason = votes.signerIsBack(mayVote: mayVote, chain, &context) { stop(reason) }
  }

  /// Stops if two of the node's keys are validators: it would be two of them, and count as one that is faulty.
  mutating func requireOnePlace() {
    if context.configuration.isTwoValidators { stop(.twoOwnKeys(context.epoch)) }
  }
}
