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

  /// Whether what was decided may be said. In an epoch that is over, nothing is said any more.
  private var mayVote: Bool { stopped == nil && !isEpochOver }

  /// Takes the answer of a signer that is elsewhere (protocol rule R49).
  mutating func take(_ answer: Result<Signature, SigningRefusal>, to request: SigningRequest) {
    if let reason = votes.own.take(answer, to: request, mayVote: mayVote, chain, &context) { stop(reason) }
    countOwnVotes()
  }

  /// Has what waited for the signer signed.
  mutating func signerIsBack() { votes.own.signerIsBack(mayVote: mayVote, &context) }

  /// Stops if two of the node's keys are validators: it would be two of them, and count as one that is faulty.
  mutating func requireOnePlace() {
    if context.configuration.isTwoValidators { stop(.twoOwnKeys(context.epoch)) }
  }
}
