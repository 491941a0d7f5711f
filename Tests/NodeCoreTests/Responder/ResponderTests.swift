import BlockLog
import Cryptography
import Ledger
import NodeCore
import Primitives
import Simulation
import TestHarness
import Testing

@testable import Replica

@Testing.Suite("Answers to peers")
struct ResponderTests {
  /// A chain of which only the state at `base` is left.
  private struct PrunedChain: ChainSource {
    let chain: ChainContext
    let base: Height
    var height: Height { base }
    var index: ChainIndex {
      var index = ChainIndex()
      index.begin(above: base)
      return index
    }
    func entry(at height: Height) -> ChainIndex.Entry? { index[height] }
    func finality(of height: Height) -> ChainIndex.Finality? { index.finality(of: height) }
    var closings: ClosingBook { index.closings }
    func payload(at address: RecordAddress) throws(LogError) -> [UInt8] { throw .noRecord(address) }
  }

  @Test("A peer that asks for pruned blocks is offered the snapshot, even if its next block is the snapshot's")
  func pruned() throws {
    let harness = try ReplicaHarness(validators: 4, own: 0)
    let finalizations = try harness.finalize(try harness.chain(2))
    let block = try #require(harness.commits.last)
    let chain = PrunedChain(chain: harness.population.chain, base: Height(2))
    let store = SnapshotStore(MemoryDisk(), chain: chain.chain)
    let writer = try SnapshotWriter(store, height: chain.base, bound: 1)
    // The snapshot holds no entries, so its root is that of an empty map. Nobody verifies signatures here.
    var result = block.execution.result
    result.stateRoot = .zero
    var certificate = try #require(finalizations.last)
    let proposal = try #require(certificate.statement.proposal)
    var hash = HashFunction(chain.chain.suite)
    certificate.statement = .finalize(proposal, result: result.digest(hash: &hash))
    let manifest = try writer.finish(
      proof: CertifiedBlock(
        header: block.block.header, result: result, descendants: [], certificate: certificate))
    var responder = Responder(store)
    for from in UInt64(1)...3 {
      let request = RangeRequest(peer: PeerID(1), from: Height(from))
      let answer = try responder.answer(.range(request), from: chain, isLastTry: true)
      switch answer {
      case .message(.snapshot(let bytes)): #expect(from <= 2 && bytes == manifest.encoded(chain.chain))
      case .message, .notYet: Issue.record("\(answer)")
      case .nothing: #expect(from == 3)
      }
    }
  }
}
