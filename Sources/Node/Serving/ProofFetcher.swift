internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Fetches shorter proofs of final blocks from peers.
///
/// A node keeps the finalizations that it saw. A node that was away has one later finalization for many blocks, so its
/// proof of each contains a header for every block in between; a peer that was online has the block's own finalization.
final class ProofFetcher: Sendable {
  /// A proof with this many headers is short enough to stop asking.
  static let shortEnough = 4
  /// The number of proofs fetched at the same time: as many requests as a peer serves for one node.
  private static let openLimit = 4
  /// How long to wait for one peer, and the number of peers to ask for one proof.
  private static let patience = Duration.milliseconds(500)
  private static let peersAsked = 3
  /// The number of results to keep, including heights for which no peer had a shorter proof.
  private static let keptLimit = 4096

  private struct Ask {
    let peer: PeerID
    let height: Height
    let answer: CheckedContinuation<[UInt8]?, Never>
  }

  private struct State {
    var connected: Set<PeerID> = []
    var asks: [UInt64: Ask] = [:]
    var last: UInt64 = 0
    var fetching: Set<Height> = []
    /// The proofs found; nil if no peer had a shorter one. Two generations, as for the newest outcomes.
    var young: [Height: CertifiedBlock?] = [:]
    var old: [Height: CertifiedBlock?] = [:]
    var isClosed = false
  }

  private let genesis: Genesis
  private let closings: @Sendable () -> ClosingBook
  private let links: any PeerTransport
  private let state = Mutex(State())

  /// - Parameter closings: the closings that the node has.
  init(genesis: Genesis, closings: @escaping @Sendable () -> ClosingBook, links: any PeerTransport) {
    self.genesis = genesis
    self.closings = closings
    self.links = links
  }

  func linked(_ peer: PeerID, _ isLinked: Bool) {
    state.withLock { if isLinked { $0.connected.insert(peer) } else { $0.connected.remove(peer) } }
  }

  /// The shortest proof that peers have for the block at `height`, verified with the validators of its epoch; nil if none arrived in
  /// time or none has fewer than `headers` headers.
  func proof(of height: Height, below headers: Int) async -> CertifiedBlock? {
    let begun: (known: CertifiedBlock??, peers: [PeerID]) = state.withLock { state in
      if let known = state.young[height] ?? state.old[height] { return (.some(known), []) }
      guard !state.isClosed, state.fetching.count < Self.openLimit, state.fetching.insert(height).inserted else {
        return (.some(nil), [])
      }
      // Begin with a different peer for each height, to spread the requests.
      let peers = state.connected.sorted()
      let turn = peers.isEmpty ? 0 : Int(height.rawValue % UInt64(peers.count))
      return (nil, Array((peers[turn...] + peers[..<turn]).prefix(Self.peersAsked)))
    }
    if let known = begun.known { return known.flatMap { $0.descendants.count < headers ? $0 : nil } }
    var best: CertifiedBlock?
    var answers = 0
    for peer in begun.peers {
      guard let bytes = await ask(peer, height) else { continue }
      answers += 1
      // Empty if the peer does not have the block.
      guard !bytes.isEmpty, let found = check(bytes, height, from: peer) else { continue }
      if found.descendants.count < best?.descendants.count ?? headers { best = found }
      if let best, best.descendants.count <= Self.shortEnough { break }
    }
    state.withLock { state in
      state.fetching.remove(height)
      // If a peer did not answer, it may answer the next time, so nothing is remembered.
      guard best != nil || answers == begun.peers.count, answers > 0 else { return }
      if state.young.count >= Self.keptLimit {
        state.old = state.young
        state.young = [:]
      }
      state.young[height] = .some(best)
    }
    return best
  }

  private func check(_ bytes: [UInt8], _ height: Height, from peer: PeerID) -> CertifiedBlock? {
    var hash = HashFunction(genesis.suite)
    do throws(ReceiptError) {
      let record = try FinalRecord(bytes, chain: genesis.chain, hash: &hash)
      try record.proof.verify(genesis, closings())
      guard record.height == height else { throw .resultOfOtherBlock }
      return record.proof
    } catch .unknownEpoch {
      return nil
    } catch {
      links.disconnect(peer, because: error.explanation)
      return nil
    }
  }

  /// The peer's answer, or nil if none arrives in time.
  private func ask(_ peer: PeerID, _ height: Height) async -> [UInt8]? {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    let timer = Task { [weak self] in
      try? await Task.sleep(for: Self.patience)
      self?.finish(number)
    }
    defer { timer.cancel() }
    return await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        guard !state.isClosed else { return false }
        state.asks[number] = Ask(peer: peer, height: height, answer: continuation)
        return true
      }
      if isOpen {
        links.send([PeerMessage.fetchFinal(height).encoded()], to: peer)
      } else {
        continuation.resume(returning: nil)
      }
    }
  }

  private func finish(_ number: UInt64) {
    state.withLock { $0.asks.removeValue(forKey: number) }?.answer.resume(returning: nil)
  }

  /// Drops answers that were not requested.
  /// - Parameter bytes: empty if the peer does not have the block.
  /// - Returns: whether the answer was requested.
  @discardableResult
  func receive(_ bytes: [UInt8], of height: Height, from peer: PeerID) -> Bool {
    let asks = state.withLock { state in
      let numbers = state.asks.filter { $0.value.peer == peer && $0.value.height == height }.keys
      return numbers.compactMap { state.asks.removeValue(forKey: $0) }
    }
    for ask in asks { ask.answer.resume(returning: bytes) }
    return !asks.isEmpty
  }

  /// Ends all waiting because the node stops.
  func close() {
    let asks = state.withLock { state in
      state.isClosed = true
      defer { state.asks = [:] }
      return Array(state.asks.values)
    }
    for ask in asks { ask.answer.resume(returning: nil) }
  }
}
