import Ledger
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

@Testing.Suite("Forged and impossible messages")
struct ForgeryTests {
  /// Numbers where arithmetic goes wrong.
  static let edges: [UInt64] = [0, 1, 2, 3, 1 << 16, 1 << 32, 1 << 63, .max - 1, .max]

  private func statements(_ view: UInt64) -> [Statement] {
    let proposal = Proposal(epoch: .first, view: View(view), parent: View(view - 1), block: Digest(1, 2, 3, 4))
    return [
      .notarize(proposal), .nullify(epoch: .first, view: View(view)), .finalize(proposal, result: Digest(5, 6, 7, 8)),
    ]
  }

  @Test("C4: a certificate with any byte changed moves nobody", arguments: Statement.Kind.allCases)
  func certificates(kind: Statement.Kind) throws {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    let statement = try #require(statements(stage.view(0)).first { $0.kind == kind })
    let sound = PeerMessage.certificate(stage.certificate(statement, by: [1, 2, 3])).encoded()
    let before = (stage.view(0), stage.height(0))
    for place in sound.indices {
      var frame = sound
      frame[place] ^= UInt8(1 << (place % 8))
      stage.say(frame, to: 0)
      stage.run(200)
      #expect((stage.view(0), stage.height(0)) == before, "byte \(place)")
    }
    #expect(stage.blamed("certificate.bad-signature") > 100)
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }

  @Test("C4: a vote with any byte changed counts for nobody", arguments: Statement.Kind.allCases)
  func votes(kind: Statement.Kind) throws {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    let statement = try #require(statements(stage.view(0)).first { $0.kind == kind })
    let sound = PeerMessage.vote(stage.vote(statement, as: 3)).encoded()
    for place in sound.indices {
      var frame = sound
      frame[place] ^= UInt8(1 << (place % 8))
      stage.say(frame, to: 0)
      stage.run(200)
    }
    let rounds = try #require(stage.world.nodes[0].life).replica.consensus.rounds.rounds
    #expect(!rounds.contains { $0.voters.contains(ValidatorIndex(3)) })
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }

  @Test("C4, C12: a proposal with any byte changed gets no vote, and the view passes")
  func proposals() {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    #expect(stage.view(0) == 3, "the puppet's turn")
    let sound = stage.proposal(stage.nextBlock(), in: 3, on: 2).encoded()
    for place in sound.indices {
      var frame = sound
      frame[place] ^= UInt8(1 << (place % 8))
      stage.say(frame, to: 0)
      stage.run(200)
      #expect(!stage.hasNotarized(0, 3), "byte \(place)")
    }
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }

  @Test(
    "C4: a sound block on a parent that is not the newest one, or that was not given up, gets no vote",
    arguments: [0, 1] as [UInt64])
  func staleParents(parent: UInt64) {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    // The block below block 2, again, as if view 2 had been given up.
    let old = stage.world.chain.blocks[1].header
    let block = stage.nextBlock {
      $0.height = old.height
      $0.parent = old.parent
      $0.parentResult = old.parentResult
    }
    stage.say(stage.proposal(block, in: 3, on: parent))
    stage.run(5000)
    for node in 0..<3 { #expect(!stage.hasNotarized(node, 3)) }
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }

  @Test("C13: numbers at every edge in every field take no memory and stop nobody")
  func edges() throws {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    for first in Self.edges {
      for second in Self.edges {
        for statement in statements(max(1, first)) {
          stage.say(PeerMessage.vote(stage.vote(statement, as: 3)))
          stage.say(PeerMessage.certificate(stage.certificate(statement, by: [3])))
        }
        stage.say(
          .status(PeerStatus(epoch: .first, view: View(first), finalizedView: View(second), height: Height(first))))
        stage.say(.fetchCertificates(from: View(first), to: View(second)))
        stage.say(.fetchRange(from: Height(first)))
        stage.run(200)
      }
    }
    let replica = try #require(stage.world.nodes[0].life)
    #expect(replica.replica.consensus.rounds.rounds.count < 8)
    #expect(replica.replica.load.blocks < 8)
    #expect(stage.grow(5))
    #expect(stage.broken == nil)
  }

  @Test("C16: signers outside the set, none, too few and too many are no certificate and no vote")
  func signers() {
    let stage = Stage(validators: 4, puppets: 1)
    #expect(stage.grow(2))
    let view = stage.view(0)
    let statement = Statement.nullify(epoch: .first, view: View(view))
    let some = stage.vote(statement, as: 3).signature
    for signers in [[1, 2, 4], [1, 2, 255], [250, 254, 255], [3], [1, 3], [0, 1, 2, 3], Array(0..<16)] {
      let certificate = Certificate(
        statement: statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
        signatures: signers.map { _ in some })
      stage.say(.certificate(certificate))
      stage.run(200)
    }
    #expect(stage.blamed("certificate.no-quorum") == 3 * 7)
    for signer: UInt16 in [0, 1, 2, 4, 255, 256, .max] {
      let vote = Vote(statement: statement, signer: ValidatorIndex(signer), signature: some)
      stage.say(.vote(vote))
      stage.run(200)
    }
    #expect((0..<3).allSatisfy { stage.view($0) == view })
    #expect(stage.grow(3))
    #expect(stage.broken == nil)
  }
}
