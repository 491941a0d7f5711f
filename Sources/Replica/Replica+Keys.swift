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

  /// Notes that the log is durable up to `position`.
  mutating func reportRecordedKeys(upTo position: LogPosition) {
    while let first = unrecordedKeys.first, first.position <= position {
      context.notice(.recordedKey(first.key))
      unrecordedKeys.removeFirst()
    }
  }

  /// Stops if two of the node's keys are validators: it would be two of them, and count as one that is faulty.
  mutating func requireOnePlace() {
    if context.configuration.isTwoValidators { stop(.twoOwnKeys(context.epoch)) }
  }
}
