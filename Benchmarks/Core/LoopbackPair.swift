import Cryptography
import Dispatch
import Logging
import PeerNetwork
import Primitives
import Synchronization

/// Two networks on loopback: the first sends frames and the second returns them.
struct LoopbackPair {
  private final class End: PeerNetworkHandler {
    private let echo = Mutex<PeerNetwork?>(nil)
    let arrived = DispatchSemaphore(value: 0)
    let linked = DispatchSemaphore(value: 0)

    /// From now on, frames that arrive are sent back through `network`; with nil, they are not sent back.
    func sendBack(through network: PeerNetwork?) { echo.withLock { $0 = network } }

    func received(_ frames: [PeerFrame]) {
      guard let network = echo.withLock({ $0 }) else {
        for _ in frames { arrived.signal() }
        return
      }
      for frame in frames { network.send(frame.bytes, to: frame.from) }
    }

    func hasRoom(for peer: PeerID) -> Bool { true }
    func connected(_ peer: PeerID) { linked.signal() }
    func disconnected(_ peer: PeerID, _ reason: LinkFault) {}
    func foundTwice(_ peer: PeerID) {}
    func wasFoundTwice(by peer: PeerID) {}
  }

  private let sender: (network: PeerNetwork, end: End)
  private let mirror: (network: PeerNetwork, end: End)

  /// The time limit for every step.
  private static let patience = DispatchTimeInterval.seconds(20)

  static func connected() async throws -> LoopbackPair {
    let identities = try [TransportIdentity.generate(name: "first"), TransportIdentity.generate(name: "second")]
    // The first network dials, so the other must listen first.
    let mirror = try make(1, identities, other: PeerAddress(host: "127.0.0.1", port: 1))
    let address = try await mirror.network.start()
    let sender = try make(0, identities, other: address)
    _ = try await sender.network.start()
    mirror.end.sendBack(through: mirror.network)
    let pair = LoopbackPair(sender: sender, mirror: mirror)
    guard pair.isLinked() else { throw BenchError("the two networks did not find each other") }
    return pair
  }

  private static func make(
    _ index: Int, _ identities: [TransportIdentity], other: PeerAddress
  ) throws -> (network: PeerNetwork, end: End) {
    let own = identities[index]
    let place = 1 - index
    let peer = PeerDescription(
      id: PeerID(UInt16(place)), name: "node\(place)", addresses: [other], pins: [identities[place].pin],
      isDialled: index < place)
    let end = End()
    let configuration = PeerNetworkConfiguration(
      listen: PeerAddress(host: "127.0.0.1", port: 0), certificatePEM: own.certificatePEM,
      privateKeyPEM: try own.privateKeyPEM(), peers: [peer],
      chain: ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4)), instance: UInt64(index),
      jitterSeed: UInt64(index),
      logger: Logger(label: "core-bench", factory: { _ in SwiftLogNoOpLogHandler() }),
      pin: TransportIdentity.pin(ofSubjectPublicKeyInfoDER:))
    return (try PeerNetwork(configuration, handler: end), end)
  }

  private func isLinked() -> Bool {
    [sender.end, mirror.end].allSatisfy { $0.linked.wait(timeout: .now() + Self.patience) == .success }
  }

  /// Sends `frame` and waits for its return, `count` times in sequence.
  func roundTrips(_ count: Int, of frame: [UInt8]) throws -> [Cost] {
    var samples: [Cost] = []
    samples.reserveCapacity(count)
    var isBack = true
    for _ in 0..<count where isBack {
      samples.append(
        Cost.measure {
          sender.network.send(frame, to: PeerID(1))
          isBack = sender.end.arrived.wait(timeout: .now() + Self.patience) == .success
        })
    }
    guard isBack else { throw BenchError("a frame did not come back") }
    return samples
  }

  func stop() async {
    mirror.end.sendBack(through: nil)
    await sender.network.stop()
    await mirror.network.stop()
  }
}
