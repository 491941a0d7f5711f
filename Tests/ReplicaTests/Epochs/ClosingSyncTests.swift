import Cryptography
import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Fetching closings")
struct ClosingSyncTests {
  private let harness: MachineHarness
  private let closing: Closing
  private var sync = ClosingSync()
  private let book = ClosingBook()

  init() throws {
    harness = try MachineHarness()
    let maker = harness.maker
    let block = maker.block([try maker.change(of: maker.genesisPoint, timeout: 300)])
    var state = LedgerState(genesis: maker.population.genesis)
    let execution = try state.execute(block)
    let certificate = try maker.certificate(
      .finalize(maker.proposal(block, view: 1), result: execution.resultDigest), by: [1, 2, 3])
    closing = Closing(result: execution.result, certificate: certificate, configuration: state.configuration)
  }

  private mutating func ask(from peer: UInt16?) {
    sync.want(before: Epoch(1), from: peer.map { PeerID($0) }, harness.context)
    sync.fetch(book, [PeerID(1), PeerID(2), PeerID(3)], &harness.context)
  }

  @Test("The peer that offers something of a later epoch is asked alone, and given up if it does not answer")
  mutating func silent() throws {
    ask(from: 2)
    for _ in 0..<40 {
      harness.advance(microseconds: harness.configuration.retryInterval)
      sync.fetch(book, [PeerID(1), PeerID(2), PeerID(3)], &harness.context)
    }
    #expect(harness.sent.allSatisfy { $0.to == .peer(PeerID(2)) })
    #expect(harness.sent.count > 1 && harness.sent.count < 12)
    #expect(sync.deadline == nil)
    #expect(harness.blame.isEmpty)
  }

  @Test("While a peer that offers something is silent, another that does takes its turn after a retry interval")
  mutating func turns() throws {
    ask(from: 2)
    ask(from: 1)
    #expect(harness.sent.allSatisfy { $0.to == .peer(PeerID(2)) })
    harness.advance(microseconds: harness.configuration.retryInterval)
    ask(from: 1)
    #expect(harness.sent.last.map { $0.to == .peer(PeerID(1)) } ?? false)
    sync.receive(Closings([closing]), from: PeerID(1), book, &harness.context)
    #expect(harness.requests.count == 1)
  }

  @Test("For closings that were lost here, each peer is asked in turn")
  mutating func inTurn() throws {
    ask(from: nil)
    for _ in 0..<5 {
      harness.advance(microseconds: harness.configuration.retryInterval)
      sync.fetch(book, [PeerID(1), PeerID(2), PeerID(3)], &harness.context)
    }
    for peer in UInt16(1)...3 { #expect(harness.sent.contains { $0.to == .peer(PeerID(peer)) }) }
    #expect(try Set(harness.messages.map(\.kind)) == [.fetchClosings])
  }

  @Test(
    "V7: closings are verified with the validators of the epoch before; what is wrong with them is blamed on their sender"
  )
  mutating func verified() throws {
    func bent(_ change: (inout Closing) -> Void) -> Closings {
      var other = closing
      change(&other)
      return Closings([other])
    }
    let wrong: [(Closings, String)] = [
      (bent { $0.configuration.leaderTimeoutMilliseconds += 1 }, "closing.other-configuration"),
      (bent { $0.result.above?.epoch = Epoch(2) }, "closing.not-closing"),
      (bent { $0.certificate.signers.removeLast() }, "closing.signers"),
      (Closings([closing, closing]), "closing.not-closing"),
    ]
    for (closings, code) in wrong {
      ask(from: 1)
      sync.receive(closings, from: PeerID(1), book, &harness.context)
      #expect(harness.blame == [code])
      #expect(harness.requests.isEmpty)
      harness.forgetEffects()
      sync = ClosingSync()
    }
    ask(from: 1)
    // Not from another peer, and not of another epoch.
    sync.receive(Closings([closing]), from: PeerID(2), book, &harness.context)
    sync.receive(Closings([closing], first: Epoch(1)), from: PeerID(1), book, &harness.context)
    #expect(harness.requests.isEmpty && harness.blame.isEmpty)
    sync.receive(Closings([closing]), from: PeerID(1), book, &harness.context)
    #expect(harness.requests.map(\.items.count) == [3])
    let holds = sync.finish(true, from: PeerID(1), &harness.context)
    #expect(holds && harness.blame.isEmpty)
    let fails = sync.finish(false, from: PeerID(1), &harness.context)
    #expect(!fails && harness.blame == ["closing.invalid-signature"])
  }

  @Test("V7: closings that lead to another result than the operator's checkpoint names are not even verified")
  mutating func checkpoint() throws {
    for (result, blame) in [(Digest.zero, ["closing.other-than-checkpoint"]), (closingDigest(), [])] {
      let harness = try MachineHarness(checkpoint: Checkpoint(epoch: Epoch(1), result: result))
      var sync = ClosingSync()
      sync.want(before: Epoch(1), from: PeerID(1), harness.context)
      sync.fetch(book, [PeerID(1)], &harness.context)
      sync.receive(Closings([closing]), from: PeerID(1), book, &harness.context)
      #expect(harness.blame == blame)
      #expect(harness.requests.isEmpty == !blame.isEmpty)
    }
  }

  private func closingDigest() -> Digest {
    var hash = HashFunction(harness.configuration.chain.suite)
    return closing.result.digest(hash: &hash)
  }
}
