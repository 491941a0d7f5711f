import Cryptography
import Foundation
import Ledger
import LedgerJSON
import Logging
import PeerNetwork
import Primitives
import Replica
import Synchronization

/// A validator that wants to harm the others: real keys, real TLS, and frames as fast as the links take them. It runs in
/// a process of its own and plays what it is told on standard input, one play a line, until that ends.
final class HostilePeer: Sendable {
  private let configuration: HostileConfiguration
  private let peers: [PeerID]
  private let play = Mutex<HostilePlay?>(nil)
  private let figures = Mutex(HostileFigures())
  private let chain: ChainContext
  private let notes: Mutex<Notes>
  private let leader: FalseLeader
  private let network = Mutex<PeerNetwork?>(nil)
  private let makeForger: @Sendable (String) -> Forger

  private struct Notes: ~Copyable {
    var seen = Witnessed()
    var hash: HashFunction
  }

  init(_ configuration: HostileConfiguration) throws {
    self.configuration = configuration
    let genesis = try GenesisDocument.parse(
      [UInt8](Data(contentsOf: URL(fileURLWithPath: configuration.genesis))), document: configuration.genesis)
    let keys = "\(configuration.directory)/keys"
    let key = try KeyFile.read("\(keys)/vote.pem", suite: genesis.suite)
    guard let own = genesis.validators.firstIndex(where: { $0.voteKey == key.publicKey }) else {
      throw ChaosError.setUp("\(keys)/vote.pem is no validator's key")
    }
    chain = genesis.chain
    notes = Mutex(Notes(hash: HashFunction(genesis.suite)))
    peers = genesis.validators.indices.filter { $0 != own }.map { PeerID(UInt16($0)) }
    let seed = configuration.seed
    makeForger = { purpose in
      Forger(
        key: key, own: ValidatorIndex(UInt16(own)), genesis: genesis,
        random: SeededGenerator(seed: seed).fork(purpose))
    }
    leader = FalseLeader(makeForger("leader"))
    let transport = try TransportIdentity.read(certificate: "\(keys)/transport.crt", key: "\(keys)/transport.pem")
    let addresses = try configuration.addresses.map { try PeerAddress(text: $0) }
    let ownName = genesis.validators[own].name
    var links = PeerNetworkConfiguration(
      listen: addresses[own], certificatePEM: transport.certificatePEM,
      privateKeyPEM: try transport.privateKeyPEM(),
      peers: peers.map { peer in
        let place = Int(peer.rawValue)
        let validator = genesis.validators[place]
        return PeerDescription(
          id: peer, name: "\(validator.name)", addresses: [addresses[place]], pins: [validator.transportKey],
          isDialled: ownName < validator.name)
      }, chain: chain, instance: seed, jitterSeed: seed,
      logger: Logger(label: "hostile") { _ in SwiftLogNoOpLogHandler() },
      pin: { TransportIdentity.pin(ofSubjectPublicKeyInfoDER: $0) })
    // It dials again at once, whatever happened.
    links.limits.backoffMinimumMilliseconds = 1
    links.limits.backoffMaximumMilliseconds = 1
    links.limits.misbehaviourMinimumMilliseconds = 0
    links.limits.misbehaviourMaximumMilliseconds = 0
    // A short queue, so that a play ends soon after it was told to.
    links.limits.queueFrames = 256
    links.limits.queueBytes = Limits.frameBytes
    let made = try PeerNetwork(links, handler: self)
    network.withLock { $0 = made }
  }

  func run() async throws {
    guard let network = network.withLock({ $0 }) else { return }
    _ = try await network.start()
    for peer in peers {
      Task.detached { [self] in await attack(peer, network) }
    }
    Task.detached { [self] in await report(network) }
    let (lines, source) = AsyncStream.makeStream(of: String.self)
    // Reading blocks, so it has a thread of its own.
    Thread.detachNewThread {
      while let line = readLine() { source.yield(line) }
      source.finish()
    }
    for await line in lines {
      let next = HostilePlay(rawValue: line)
      play.withLock { $0 = next }
      network.resumeReading()
      // From then on, each link that opens is closed.
      if next == .churn { for peer in peers { network.disconnect(peer, because: "it plays churn") } }
    }
  }

  // MARK: Attacking

  private func attack(_ peer: PeerID, _ network: PeerNetwork) async {
    var forger = makeForger("peer \(peer)")
    // Frames that did not fit. They are sent first, so that forging takes no processor while the line is full or cut.
    var left: (frames: [[UInt8]], play: HostilePlay)?
    while true {
      guard let play = play.withLock(\.self) else {
        left = nil
        try? await Task.sleep(for: .milliseconds(10))
        continue
      }
      if let waiting = left, waiting.play == play {
        let sent = network.send(waiting.frames, to: peer)
        left = sent < waiting.frames.count ? (Array(waiting.frames.dropFirst(sent)), play) : nil
        if left != nil { try? await Task.sleep(for: .milliseconds(1)) }
        continue
      }
      let seen = notes.withLock { $0.seen }
      let chosen = play == .mixed ? HostilePlay.mixable.randomElement(using: &forger.random) ?? .garbage : play
      let frames = chosen == .starve ? leader.frames(for: peer, seen) : forger.frames(chosen, seen)
      let sent = frames.isEmpty ? 0 : network.send(frames, to: peer)
      // The queue is full, there is no link, or there is nothing to say.
      if play == .idle {
        try? await Task.sleep(for: .milliseconds(100))
      } else if frames.isEmpty || sent < frames.count {
        // What a leader sends is of no use later.
        left = frames.isEmpty || chosen == .starve ? nil : (Array(frames.dropFirst(sent)), play)
        try? await Task.sleep(for: .milliseconds(1))
      } else {
        await Task.yield()
      }
    }
  }

  private func report(_ network: PeerNetwork) async {
    while true {
      try? await Task.sleep(for: .milliseconds(200))
      var now = figures.withLock(\.self)
      for peer in network.statistics.peers {
        now.frames += peer.framesSent
        now.bytes += peer.bytesSent
        now.links += peer.connects
        now.openLinks += peer.isConnected ? 1 : 0
      }
      try? JSONEncoder().encode(now).write(to: URL(fileURLWithPath: configuration.figures), options: .atomic)
    }
  }
}

extension HostilePeer: PeerNetworkHandler {
  func received(_ frames: [PeerFrame]) {
    figures.withLock { $0.framesRead += UInt64(frames.count) }
    notes.withLock { notes in
      for frame in frames { notes.seen.see(frame.bytes, chain, &notes.hash) }
    }
  }

  func hasRoom(for peer: PeerID) -> Bool { play.withLock(\.self) != .deaf }

  func connected(_ peer: PeerID) {
    guard play.withLock(\.self) == .churn else { return }
    network.withLock { $0 }?.disconnect(peer, because: "it plays churn")
  }

  func disconnected(_ peer: PeerID, _ reason: LinkFault) {}
  func foundTwice(_ peer: PeerID) {}
  func wasFoundTwice(by peer: PeerID) {}
}
