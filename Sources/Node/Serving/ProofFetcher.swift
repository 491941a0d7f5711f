internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import Replica
internal import Synchronization

/// Fetches shorter proofs of final blocks from peers.
///
/// A node holds the finalizations that it saw. One that was away holds a later one for many blocks, so its proof of each
/// has a header for every block between; a peer that was there has the block's own.
final class ProofFetcher: Sendable {
  /// Headers with which a proof is short enough.
  static let shortEnough = 4
  /// Proofs that are fetched at once: as many requests as a peer serves one node.
  private static let openLimit = 4
  /// How long one peer is waited for, and peers that are asked for one proof.
  private static let patience = Duration.milliseconds(500)
  private static let peersAsked = 3
  /// Proofs that are kept, and heights of which is known that nobody had a shorter one.
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
    /// What was found: nil where nobody had a shorter proof. Two generations, as with the newest outcomes.
    var young: [Height: CertifiedBlock?] = [:]
    var old: [Height: CertifiedBlock?] = [:]
    var isClosed = false
  }

  private let genesis: Genesis
  private let links: any PeerTransport
  private let state = Mutex(State())

  init(genesis: Genesis, links: any PeerTransport) {
    self.genesis = genesis
    self.links = links
  }

  func linked(_ peer: PeerID, _ isLinked: Bool) {
    state.withLock { if isLinked { $0.connected.insert(peer) } else { $0.connected.remove(peer) } }
  }

  /// The shortest proof that peers have of the block of `height`, checked with genesis; nil if none came in a moment or none
  /// has fewer than `headers` headers.
  func proof(of height: Height, below headers: Int) async -> CertifiedBlock? {
    let begun: (known: CertifiedBlock??, peers: [PeerID]) = state.withLock { state in
      if let known = state.young[height] ?? state.old[height] { return (.some(known), []) }
      guard !state.isClosed, state.fetching.count < Self.openLimit, state.fetching.insert(height).inserted else {
        return (.some(nil), [])
      }
      // Another one first for each height, so that no peer serves all.
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
      // Empty: the peer has no such block.
      guard !bytes.isEmpty, let found = check(bytes, height, from: peer) else { continue }
      if found.descendants.count < best?.descendants.count ?? headers { best = found }
      if let best, best.descendants.count <= Self.shortEnough { break }
    }
    state.withLock { state in
      state.fetching.remove(height)
      // Whom nobody answered may be answered the next time.
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
      try record.proof.verify(genesis.chain, validators: genesis.validatorSet)
      guard record.height == height else { throw .resultOfOtherBlock }
      return record.proof
    } catch {
      links.disconnect(peer, because: error.explanation)
      return nil
    }
  }

  /// What the peer answers; nil if it does not in a while.
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

  /// An answer that was not asked for is dropped.
  /// - Parameter bytes: empty if the peer does not have the block.
  func receive(_ bytes: [UInt8], of height: Height, from peer: PeerID) {
    let asks = state.withLock { state in
      let numbers = state.asks.filter { $0.value.peer == peer && $0.value.height == height }.keys
      return numbers.compactMap { state.asks.removeValue(forKey: $0) }
    }
    for ask in asks { ask.answer.resume(returning: bytes) }
  }

  /// Nothing is waited for any more: the node stops.
  func close() {
    let asks = state.withLock { state in
      state.isClosed = true
      defer { state.asks = [:] }
      return Array(state.asks.values)
    }
    for ask in asks { ask.answer.resume(returning: nil) }
  }
}
