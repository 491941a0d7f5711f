import Ledger
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("What is said about a state that is being fetched")
struct JoiningTests {
  /// Why a state is not fetched any more.
  enum End: CaseIterable {
    case tooSlow, cannotBeLoaded, passed
  }

  private func joins(_ harness: ReplicaHarness) -> [String] {
    harness.notices.compactMap { notice in
      switch notice {
      case .joining(let height, _, _): "joining \(height)"
      case .joined(let height): "joined \(height)"
      case .joinEnded(let height): "ended \(height)"
      default: nil
      }
    }
  }

  @Test("When a state is not fetched any more, whatever the reason, that is said once", arguments: End.allCases)
  func ended(_ end: End) throws {
    let harness = try ReplicaHarness()
    let blocks = try harness.chain(4)
    var state = LedgerState(genesis: harness.population.genesis)
    let results = try blocks.map { try state.execute($0).result }
    func finalization(_ height: Int) throws -> Certificate {
      let proposal = harness.proposal(blocks[height - 1], view: UInt64(height), parent: UInt64(height - 1))
      return try harness.certificate(
        .finalize(proposal, result: results[height - 1].digest(hash: &harness.hash)), by: [1, 2, 3])
    }
    harness.receive(.certificate(try finalization(4)), from: 1)
    let proof = CertifiedBlock(
      header: blocks[1].header, result: results[1], descendants: [], certificate: try finalization(2))
    // With few entries there is one chunk, whose digest is the state root.
    let manifest = SnapshotManifest(entryCount: 1, chunks: [results[1].stateRoot], proof: proof)
    harness.step(.resumeSnapshot(manifest: manifest.encoded(harness.population.chain), chunks: []))
    #expect(joins(harness) == ["joining 2"])
    switch end {
    case .tooSlow: harness.run(milliseconds: 120_000)
    case .cannotBeLoaded: harness.step(.snapshotFailed(Height(2)))
    case .passed:
      let range = BlockRange(blocks: blocks.map(\.bytes), headers: [], finalization: try finalization(4))
      for peer in 1...3 { harness.receive(.range(range), from: peer) }
    }
    harness.step(.tick)
    #expect(joins(harness) == ["joining 2", "ended 2"])
  }
}
