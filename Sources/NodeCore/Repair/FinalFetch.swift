internal import Cryptography
package import Ledger
package import Primitives
internal import Replica

/// Fetches final blocks by height from peers, for a log that was damaged, and verifies each of them.
///
/// One height is requested at a time, from one peer after the other. A height is given up when every other validator's
/// node has said that it does not have the block: then the block is not final, or all have pruned it. Peers that stay
/// silent for long are not waited for if f + 1 others have said so, because one of those is honest.
package struct FinalFetch: ~Copyable {
  /// What the caller must do next.
  package enum Step: Sendable {
    case ask(PeerID, Height)
    /// There is nothing to do until an answer arrives or until this tick.
    case wait(Tick)
    /// The repair is waiting, which a person should know.
    case report(missing: Int, from: Height, peers: Int)
    /// The blocks that were found, by height.
    case done([Height: FinalRecord])
  }

  /// Microseconds before another peer is asked, and between reports that nobody answers.
  private static let patience: UInt64 = 1_000_000
  private static let reportInterval: UInt64 = 10_000_000
  /// Microseconds after which peers that do not answer are no longer waited for.
  private static let silence: UInt64 = 20_000_000

  private let chain: ChainContext
  /// The number of other validators, and how many of them must include an honest one.
  private let others: Int
  private let enough: Int
  private var hash: HashFunction
  private var missing: [Height]
  private var found: [Height: FinalRecord] = [:]
  private var denied: [Height: Set<PeerID>] = [:]
  private var asked: (peer: PeerID, height: Height)?
  /// When the wait for an answer ends; nil if there is no reason to wait.
  private var deadline: Tick?
  private var turn = 0
  private var begun: Tick
  private var reported: Tick

  package init(_ heights: [Height], chain: ChainContext, validators: ValidatorSet, now: Tick) {
    self.chain = chain
    others = validators.count - 1
    enough = validators.quorum.faults + 1
    hash = HashFunction(chain.suite)
    missing = heights
    begun = now
    reported = now
  }

  /// The next step. May be called at any time.
  /// - Parameter peers: the peers that can be asked now.
  package mutating func next(_ peers: Set<PeerID>, now: Tick) -> Step {
    while let height = missing.first {
      if let deadline {
        guard deadline <= now else { return .wait(deadline) }
        self.deadline = nil
        if isGivenUp(height, now) {
          settle(now)
          continue
        }
        if now.microseconds(since: reported) > Self.reportInterval {
          reported = now
          return .report(missing: missing.count, from: height, peers: open(height, peers).count)
        }
      }
      let deadline = now.advanced(byMicroseconds: Self.patience)
      self.deadline = deadline
      let candidates = open(height, peers)
      guard !candidates.isEmpty else {
        asked = nil
        return .wait(deadline)
      }
      let peer = candidates[turn % candidates.count]
      turn += 1
      asked = (peer, height)
      return .ask(peer, height)
    }
    return .done(found)
  }

  private func open(_ height: Height, _ peers: Set<PeerID>) -> [PeerID] {
    peers.sorted().filter { !(denied[height]?.contains($0) ?? false) }
  }

  private func isGivenUp(_ height: Height, _ now: Tick) -> Bool {
    let denials = denied[height, default: []].count
    if Mutation.giveUpUnanswered.isOn { return true }
    return denials >= enough && now.microseconds(since: begun) > Self.silence
  }

  /// Removes the first height, which was found or given up.
  private mutating func settle(_ now: Tick) {
    missing.removeFirst()
    begun = now
    deadline = nil
    asked = nil
  }

  /// Handles an answer. Returns the fault for which the peer must be blamed, if any. Unrequested answers are ignored.
  /// - Parameter bytes: a `FinalRecord`, or empty if the peer does not have the block.
  /// - Parameter verify: verifies the signatures of a proof.
  package mutating func receive(
    _ bytes: [UInt8], of height: Height, from peer: PeerID, now: Tick,
    verify: (CertifiedBlock) throws(ReceiptError) -> Void
  ) -> ReceiptError? {
    guard let asked, asked == (peer, height), missing.first == height else { return nil }
    self.asked = nil
    deadline = nil
    guard !bytes.isEmpty else {
      deny(height, by: peer, now)
      return nil
    }
    do throws(ReceiptError) {
      let record = try FinalRecord(bytes, chain: chain, hash: &hash)
      try verify(record.proof)
      guard record.height == height else { throw .resultOfOtherBlock }
      found[height] = record
      settle(now)
      return nil
    } catch .unknownEpoch {
      // This node lacks the closing by which it could judge, for which the peer is not to blame.
      deny(height, by: peer, now)
      return nil
    } catch {
      return error
    }
  }

  private mutating func deny(_ height: Height, by peer: PeerID, _ now: Tick) {
    denied[height, default: []].insert(peer)
    if denied[height, default: []].count == others { settle(now) }
  }
}
