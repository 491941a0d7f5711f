import Ledger
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

@Testing.Suite("Forged and impossible messages")
struct ForgeryTests {
  /// Numbers at which arithmetic might overflow.
  static let edges: [UInt64] = [0, 1, 2, 3, 1 << 16, 1 << 32, 1 << 63, .max - 1, .max]

  private func statements(_ view: UInt64) -> [Statement] {
    let proposal = Proposal(epoch: .first, view: View(view), parent: View(view - 1), block: Digest(1, 2, 3, 4))
    return [
      .notarize(proposal), .nullify(epoch: .first, view: View(view)), .finalize(proposal, result: Digest(5, 6, 7, 8)),
    ]
  }

  @Test("C4: a certificate with any byte changed has no effect", arguments: Statement.Kind.allCases)
  func certificates(kind: Statement.Kind) throws {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    let statement = try #require(statements(harness.view(0)).first { $0.kind == kind })
    let sound = PeerMessage.certificate(harness.certificate(statement, by: [1, 2, 3])).encoded()
    let before = (harness.view(0), harness.height(0))
    for place in sound.indices {
      var frame = sound
      frame[place] ^= UInt8(1 << (place % 8))
      harness.send(frame, to: 0)
      harness.run(200)
      #expect((harness.view(0), harness.height(0)) == before, "byte \(place)")
    }
    #expect(harness.blamed("certificate.bad-signature") > 100)
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }

  @Test("C4: a vote with any byte changed does not count", arguments: Statement.Kind.allCases)
  func votes(kind: Statement.Kind) throws {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    let statement = try #require(statements(harness.view(0)).first { $0.kind == kind })
    let sound = PeerMessage.vote(harness.vote(statement, as: 3)).encoded()
    for place in sound.indices {
      var frame = sound
      frame[place] ^= UInt8(1 << (place % 8))
      harness.send(frame, to: 0)
      harness.run(200)
    }
    let states = try #require(harness.cluster.nodes[0].run).replica.consensus.views.states
    #expect(!states.contains { $0.voters.contains(ValidatorIndex(3)) })
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }

  @Test("C4, C12: a proposal with any byte changed gets no vote, and the view passes")
  func proposals() {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    #expect(harness.view(0) == 3, "the puppet's turn")
    let sound = harness.proposal(harness.nextBlock(), in: 3, on: 2).encoded()
    for place in sound.indices {
      var frame = sound
      frame[place] ^= UInt8(1 << (place % 8))
      harness.send(frame, to: 0)
      harness.run(200)
      #expect(!harness.hasNotarized(0, 3), "byte \(place)")
    }
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }

  @Test(
    "C4: a sound block on a parent that is not the newest one, or that was not given up, gets no vote",
    arguments: [0, 1] as [UInt64])
  func staleParents(parent: UInt64) {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    // Another block at height 2, as if view 2 had been given up.
    let old = harness.cluster.chain.blocks[1].header
    let block = harness.nextBlock {
      $0.height = old.height
      $0.parent = old.parent
      $0.parentResult = old.parentResult
    }
    harness.send(harness.proposal(block, in: 3, on: parent))
    harness.run(5000)
    for node in 0..<3 { #expect(!harness.hasNotarized(node, 3)) }
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }

  @Test("C13: extreme numbers in every field take no memory and stop no node")
  func edges() throws {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    for first in Self.edges {
      for second in Self.edges {
        for statement in statements(max(1, first)) {
          harness.send(PeerMessage.vote(harness.vote(statement, as: 3)))
          harness.send(PeerMessage.certificate(harness.certificate(statement, by: [3])))
        }
        harness.send(
          .status(PeerStatus(epoch: .first, view: View(first), finalizedView: View(second), height: Height(first))))
        harness.send(.fetchCertificates(of: .first, from: View(first), to: View(second)))
        harness.send(.fetchRange(from: Height(first)))
        harness.run(200)
      }
    }
    let run = try #require(harness.cluster.nodes[0].run)
    #expect(run.replica.consensus.views.states.count < 8)
    #expect(run.replica.load.blocks < 8)
    #expect(harness.grow(5))
    #expect(harness.violation == nil)
  }

  @Test("C16: with signers outside the set, none, too few or too many, certificates and votes are invalid")
  func signers() {
    let harness = SimulationHarness(validators: 4, puppets: 1)
    #expect(harness.grow(2))
    let view = harness.view(0)
    let statement = Statement.nullify(epoch: .first, view: View(view))
    let signature = harness.vote(statement, as: 3).signature
    for signers in [[1, 2, 4], [1, 2, 255], [250, 254, 255], [3], [1, 3], [0, 1, 2, 3], Array(0..<16)] {
      let certificate = Certificate(
        statement: statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
        signatures: signers.map { _ in signature })
      harness.send(.certificate(certificate))
      harness.run(200)
    }
    #expect(harness.blamed("certificate.no-quorum") == 3 * 7)
    for signer: UInt16 in [0, 1, 2, 4, 255, 256, .max] {
      let vote = Vote(statement: statement, signer: ValidatorIndex(signer), signature: signature)
      harness.send(.vote(vote))
      harness.run(200)
    }
    #expect((0..<3).allSatisfy { harness.view($0) == view })
    #expect(harness.grow(3))
    #expect(harness.violation == nil)
  }
}
