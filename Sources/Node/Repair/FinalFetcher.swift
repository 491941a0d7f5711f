internal import Cryptography
internal import DequeModule
internal import Ledger
internal import Logging
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Fetches final blocks by height from peers for a log that was damaged, and checks each with genesis alone.
///
/// The caller's thread waits; answers come from the network's.
final class FinalFetcher: Sendable {
  private struct Answer: Sendable {
    var peer: PeerID
    var height: Height
    /// Empty if the peer does not have it.
    var bytes: [UInt8]
  }

  private let genesis: Genesis
  private let send: @Sendable ([UInt8], PeerID) -> Void
  private let blame: @Sendable (PeerID, String) -> Void
  private let logger: Logger
  private let answers = Mailbox<Answer>(limit: 64)
  private let connected = Mutex<Set<PeerID>>([])
  /// What was asked of whom, so that nothing else is taken.
  private let asked = Mutex<[Height: PeerID]>([:])
  private let isStopped = Atomic<Bool>(false)

  /// Microseconds until another peer is asked, and until it is said again that nobody answers.
  private static let patience: UInt64 = 1_000_000
  private static let report: UInt64 = 10_000_000
  /// Microseconds after which peers that do not answer are not waited for.
  private static let silence: UInt64 = 20_000_000

  init(
    genesis: Genesis, logger: Logger, send: @escaping @Sendable ([UInt8], PeerID) -> Void,
    blame: @escaping @Sendable (PeerID, String) -> Void
  ) {
    self.genesis = genesis
    self.logger = logger
    self.send = send
    self.blame = blame
  }

  func linked(_ peer: PeerID, _ isLinked: Bool) {
    connected.withLock { if isLinked { $0.insert(peer) } else { $0.remove(peer) } }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    answers.close()
  }

  /// A frame from a peer. False if it is none of this fetcher's business.
  func take(_ frame: [UInt8], from peer: PeerID) -> Bool {
    guard frame.first == PeerMessage.Kind.final.rawValue else { return false }
    do throws(CodecError) {
      guard case .final(let height, let bytes) = try PeerMessage(frame) else { return true }
      let isWanted = asked.withLock { asked in
        guard asked[height] == peer else { return false }
        asked[height] = nil
        return true
      }
      if isWanted { _ = answers.offer(Answer(peer: peer, height: height, bytes: bytes)) }
    } catch {
      blame(peer, error.explanation)
    }
    return true
  }

  /// Waits until each height was answered with a block that holds, or every peer says that it does not have it: then it
  /// is not final, or all have let it go. A peer that does not answer in a while is not waited for if f + 1 others have
  /// said so. Nil if the node stops.
  func fetch(_ heights: [Height]) -> [Height: FinalRecord]? {
    var found: [Height: FinalRecord] = [:]
    var denied: [Height: Set<PeerID>] = [:]
    var hash = HashFunction(genesis.suite)
    var missing = heights
    var turn = 0
    var lastReport = Clock.tick()
    let all = genesis.validators.count - 1
    let enough = Quorum(validators: genesis.validators.count).faults + 1
    var begun = Clock.tick()
    while let height = missing.first {
      let peers = connected.withLock { $0.sorted() }.filter { !(denied[height]?.contains($0) ?? false) }
      if !peers.isEmpty {
        let peer = peers[turn % peers.count]
        turn += 1
        asked.withLock { $0[height] = peer }
        send(PeerMessage.fetchFinal(height).encoded(), peer)
      }
      guard let answer = wait(for: height) else {
        if isStopped.load(ordering: .relaxed) { return nil }
        if denied[height, default: []].count >= enough, Clock.tick().microseconds(since: begun) > Self.silence {
          missing.removeFirst()
          begun = Clock.tick()
          continue
        }
        if Clock.tick().microseconds(since: lastReport) > Self.report {
          lastReport = Clock.tick()
          logger.warning(
            "repair is waiting: \(missing.count) blocks from height \(height) on are missing; \(peers.count) peers can be asked",
            metadata: ["next": "start the other validators, or check the links to them"])
        }
        continue
      }
      if answer.bytes.isEmpty {
        denied[height, default: []].insert(answer.peer)
        if denied[height, default: []].count == all {
          missing.removeFirst()
          begun = Clock.tick()
        }
        continue
      }
      do throws(ReceiptError) {
        let record = try FinalRecord(answer.bytes, chain: genesis.chain, hash: &hash)
        try record.proof.verify(genesis.chain, validators: genesis.validatorSet)
        guard record.height == height else { throw .resultOfOtherBlock }
        found[height] = record
        missing.removeFirst()
        begun = Clock.tick()
      } catch {
        blame(answer.peer, error.explanation)
      }
    }
    return found
  }

  private func wait(for height: Height) -> Answer? {
    let deadline = Clock.tick().advanced(byMicroseconds: Self.patience)
    var batch: Deque<Answer> = []
    while Clock.tick() < deadline,
      answers.take(
        into: &batch, waitingAtMost: deadline.microseconds(since: Clock.tick()))
    {
      if let answer = batch.first(where: { $0.height == height }) { return answer }
    }
    return nil
  }
}
