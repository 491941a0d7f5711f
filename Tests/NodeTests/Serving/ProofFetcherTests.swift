import Cryptography
import IndexHarness
import Ledger
import Primitives
import QueryIndex
import Replica
import Synchronization
import Testing

@testable import Node

@Testing.Suite("Fetching shorter proofs")
struct ProofFetcherTests {
  /// Records which peers the fetcher asked and which it blamed.
  private final class Peers: PeerTransport {
    private let state = Mutex((asked: [PeerID](), blamed: [PeerID]()))
    /// The answer of a peer; nil if it does not answer.
    private let answer: @Sendable (Height) -> [UInt8]?
    let fetcher = Mutex<ProofFetcher?>(nil)

    init(_ answer: @escaping @Sendable (Height) -> [UInt8]?) { self.answer = answer }

    var asked: [PeerID] { state.withLock(\.asked) }
    var blamed: [PeerID] { state.withLock(\.blamed) }

    func make() throws -> ProofFetcher {
      let fetcher = ProofFetcher(
        genesis: try ProofFetcherTests.genesis(), closings: { ClosingBook() }, links: self)
      self.fetcher.withLock { $0 = fetcher }
      for peer in 1...3 { fetcher.linked(PeerID(UInt16(peer)), true) }
      return fetcher
    }

    func send(_ frames: [[UInt8]], to peer: PeerID) {
      for frame in frames {
        guard case .fetchFinal(let height)? = try? PeerMessage(frame) else { continue }
        state.withLock { $0.asked.append(peer) }
        if let bytes = answer(height) { fetcher.withLock { $0 }?.receive(bytes, of: height, from: peer) }
      }
    }

    func disconnect(_ peer: PeerID, because reason: String) { state.withLock { $0.blamed.append(peer) } }
  }

  private static func genesis() throws -> Genesis {
    let keys = try (0..<5).map { try PrivateKey(secret: [UInt8](repeating: UInt8($0 + 1), count: 32), .ed25519SHA256) }
    let member = GenesisMember(
      name: IndexSamples.name("bank-a"), description: "",
      authority: MemberAuthority(roles: .administrator, keys: [keys[4].publicKey], threshold: 1))
    return Genesis(
      chainName: IndexSamples.name("test"), suite: .ed25519SHA256, timestamp: Timestamp(1_900_000_000_000),
      leaderTimeoutMilliseconds: 1000, administratorThreshold: 1, members: [member],
      validators: (0..<4).map { place in
        GenesisValidator(
          name: IndexSamples.name("node\(place + 1)"), member: member.name, voteKey: keys[place].publicKey,
          transportKey: Digest(UInt64(place), 0, 0, 9), address: "127.0.0.1:\(7001 + place)")
      })
  }

  @Test("At most three peers without the block are asked for it, once each")
  func nobodyHasIt() async throws {
    let peers = Peers { _ in [] }
    let fetcher = try peers.make()
    #expect(await fetcher.proof(of: Height(7), below: 200) == nil)
    #expect(Set(peers.asked).count == 3 && peers.asked.count == 3)
    #expect(await fetcher.proof(of: Height(7), below: 200) == nil)
    #expect(peers.asked.count == 3)
    #expect(peers.blamed.isEmpty)
  }

  @Test("An invalid proof is refused, and its sender is blamed")
  func garbage() async throws {
    let peers = Peers { _ in [1, 2, 3] }
    let fetcher = try peers.make()
    #expect(await fetcher.proof(of: Height(7), below: 200) == nil)
    #expect(Set(peers.blamed) == Set(peers.asked))
  }

  @Test("Silent peers are waited for only briefly, and a stopping node does not wait")
  func silence() async throws {
    let peers = Peers { _ in nil }
    let fetcher = try peers.make()
    // The call returns at all.
    #expect(await fetcher.proof(of: Height(7), below: 200) == nil)
    // No peer said that there is no shorter proof, so the fetcher may ask again.
    fetcher.close()
    #expect(await fetcher.proof(of: Height(7), below: 200) == nil)
    #expect(peers.asked.count == 3)
  }

  @Test("An unrequested answer is ignored")
  func unasked() async throws {
    let peers = Peers { _ in nil }
    let fetcher = try peers.make()
    fetcher.receive([1, 2, 3], of: Height(3), from: PeerID(1))
    #expect(peers.blamed.isEmpty)
  }
}
